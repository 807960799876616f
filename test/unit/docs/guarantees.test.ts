import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { PROOFS } from '../../../proof/options.ts';
import { INVARIANTS } from '../../../src/infra/db/invariants/sql-invariants.ts';
import { TO_DOS } from '../../../src/infra/db/invariants/to-dos.ts';

const file = (path: string): string => fileURLToPath(new URL(`../../../${path}`, import.meta.url));
const page = readFileSync(file('docs/guarantees.md'), 'utf8');
const promises = page
  .split('\n')
  .filter((line) => line.startsWith('| ') && / \|.*(?:test|proof|query)/.test(line));

describe('the page of guarantees', () => {
  it('names tests that exist', () => {
    const named = [...page.matchAll(/(test\/[\w/-]+\.test\.ts)(?:: "([^"]+)")?/g)];
    expect(named.length).toBeGreaterThan(20);
    const missing = named.filter(([, path = '', name]) => {
      if (!existsSync(file(path))) return true;
      const tests = readFileSync(file(path), 'utf8');
      return name !== undefined && !tests.includes(`'${name}'`) && !tests.includes(`"${name}"`);
    });
    expect(missing.map(([text]) => text)).toEqual([]);
  });

  it('lists every query of doctor --data with its promise, and names no other', () => {
    for (const { name, promise } of [...INVARIANTS, ...TO_DOS])
      expect(page).toContain(`| \`${name}\` | ${promise} |`);
    const known = new Set([...[...INVARIANTS, ...TO_DOS].map(({ name }) => name), ...PROOFS]);
    const named = promises.flatMap((line) =>
      [...line.matchAll(/`([a-z]+(?:-[a-z]+)+)`/g)].map(([, n = '']) => n),
    );
    expect(named.filter((name) => !known.has(name))).toEqual([]);
  });

  it('names every proof', () => {
    for (const proof of PROOFS) expect(page).toContain(`proof \`${proof}\``);
  });
});

import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';

interface Instruction {
  readonly name: string;
  readonly rest: string;
}

const instructions: readonly Instruction[] = readFileSync('Dockerfile', 'utf8')
  .replace(/\\\n/g, ' ')
  .split('\n')
  .filter((line) => line.trim() !== '' && !line.startsWith('#'))
  .map((line) => ({ name: line.split(' ')[0] ?? '', rest: line.slice(line.indexOf(' ') + 1).trim() }));

const stages = instructions.flatMap(({ name }, index) => (name === 'FROM' ? [index] : []));
const final = instructions.slice(stages.at(-1));
const lastOf = (name: string): string | undefined => final.filter((i) => i.name === name).at(-1)?.rest;

describe('the image', () => {
  it('is built in one stage and runs in another, without what builds it', () => {
    expect(stages.length).toBeGreaterThan(1);
    expect(final.filter(({ rest }) => /npm (?:ci|install)/.test(rest))).toEqual([]);
    expect(instructions.some(({ rest }) => rest.includes('npm ci --ignore-scripts'))).toBe(true);
    expect(instructions.some(({ rest }) => rest.includes('npm prune --omit=dev'))).toBe(true);
  });

  it('runs as a user without rights, who cannot change the program', () => {
    expect(lastOf('USER')).toBe('node');
    const user = final.findIndex(({ name }) => name === 'USER');
    expect(final.slice(user).some(({ name }) => name === 'COPY' || name === 'RUN')).toBe(false);
    expect(final.some(({ rest }) => rest.includes('--chown'))).toBe(false);
  });

  it('checks its health, and starts a role without a shell in between', () => {
    expect(lastOf('HEALTHCHECK')).toContain('/healthz/');
    expect(JSON.parse(lastOf('ENTRYPOINT') ?? '')).toEqual(['node', 'bin/run.js']);
    expect(JSON.parse(lastOf('CMD') ?? '')).toEqual(['serve']);
  });

  it('copies what exists, and what .dockerignore lets through', () => {
    const allowed = readFileSync('.dockerignore', 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('!'))
      .map((line) => line.slice(1));
    const copied = instructions.filter(({ name, rest }) => name === 'COPY' && !rest.startsWith('--from'));
    for (const source of copied.flatMap(({ rest }) => rest.split(' ').slice(0, -1))) {
      expect([source, existsSync(source)]).toEqual([source, true]);
      expect(allowed).toContain(source);
    }
    expect(readFileSync('.dockerignore', 'utf8')).toMatch(/^\*$/m);
  });

  it('uses a Node that the program supports', () => {
    expect(instructions[0]).toEqual({ name: 'ARG', rest: 'NODE_VERSION=24' });
  });
});

import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { REASONS } from '../../../src/domain/landed-cost/consignment.ts';
import { MARKETS } from '../../../src/domain/landed-cost/market.ts';
import { RULES } from '../../../src/domain/landed-cost/rules/rule-book.ts';
import { TARIFF_COLUMNS } from '../../../src/domain/landed-cost/tariff-file.ts';

const page = readFileSync(new URL('../../../docs/landed-cost.md', import.meta.url), 'utf8');

describe('the page of landed costs', () => {
  it('has one row per rule, with its days and its confidence, and no other', () => {
    const rows = [...page.matchAll(/^\| `([a-z]{2}-[\w-]+)` \| (\S+) – (\S*) \| .+ \| (\w+) \|$/gm)];
    const said = rows.map(([, id, from, to, confidence]) => [id, from, to, confidence]);
    expect(said).toEqual(RULES.map((r) => [r.id, r.validFrom, r.validTo ?? '', r.confidence]));
    expect(new Set(RULES.map(({ id }) => id)).size).toBe(RULES.length);
  });

  it('names every reason, market and column', () => {
    for (const reason of REASONS) expect(page).toContain(`\`${reason}\``);
    expect(page).toContain(MARKETS.join('|'));
    expect(page).toContain(`\n${TARIFF_COLUMNS.join(',')}\n`);
  });
});

import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { currenciesOf } from '../../../src/domain/landed-cost/rule.ts';
import { RULES } from '../../../src/domain/landed-cost/rules/rule-book.ts';
import { findTariff } from '../../../src/domain/landed-cost/tariff-rate.ts';
import { rateFinder } from '../../../src/domain/pricing/exchange-rate.ts';
import { sampleExchangeRates, sampleTariffs } from '../../../src/sample/sample-trade.ts';
import { sampleSource as source } from '../../support/sample-source.ts';

const folder = new URL('../../../data/sample/', import.meta.url);
const files = readdirSync(folder).filter((name) => name.startsWith('tariff-'));
const tariffs = sampleTariffs(
  Object.fromEntries(files.map((name) => [name.slice(7, -4), readFileSync(new URL(name, folder), 'utf8')])),
);

describe('the sample tariffs and exchange rates', () => {
  it.each(['EU', 'GB', 'US', 'AU', 'CA', 'JP', 'KR'] as const)(
    'have a rate of %s for every product',
    (market) => {
      const of = tariffs.filter((rate) => rate.market === market);
      const without = source.products.filter(
        ({ hs, origin }) => findTariff(of, { hsCode: hs, origin }) === undefined,
      );
      expect(without.map((product) => product.hs)).toEqual([]);
    },
  );

  it('say of themselves that they are samples', () => {
    expect(tariffs.every((rate) => rate.source.includes('sample'))).toBe(true);
    expect(sampleExchangeRates(source, new Date()).every((rate) => rate.source.includes('sample'))).toBe(
      true,
    );
  });

  it('lead from every price list to every currency that a rule is in', () => {
    const at = new Date('2026-11-01T00:00:00Z');
    const find = rateFinder(sampleExchangeRates(source, at), at, 30);
    const lists = source.shop.priceLists.map((list) => list.currency);
    const needed = [...new Set(RULES.flatMap(currenciesOf))];
    const missing = lists.flatMap((from) => needed.filter((to) => find(from, to) === undefined));
    expect(missing).toEqual([]);
  });
});

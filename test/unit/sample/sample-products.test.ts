import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { LOCALES } from '../../../src/domain/shared/locale.ts';
import { type SampleProduct, sampleCount, sampleProducts } from '../../../src/sample/sample-products.ts';
import { sampleCategories } from '../../../src/sample/sample-shop.ts';
import { sampleSource as source } from '../../support/sample-source.ts';

const small = [...sampleProducts(source, sampleCount(source, 'small'), 1)];
const medium = [...sampleProducts(source, sampleCount(source, 'medium'), 1)];

describe('the sample catalogue', () => {
  it('has at least 12 categories and 60 products in small, and 1,000 in medium', () => {
    expect(source.categories.length).toBeGreaterThanOrEqual(12);
    expect(small.length).toBeGreaterThanOrEqual(60);
    expect(medium).toHaveLength(1_000);
  });

  it('starts every larger size with the products of the smaller one', () => {
    expect(medium.slice(0, small.length)).toEqual(small);
  });

  it('names nothing but subheadings of the nomenclature', () => {
    const csv = readFileSync(new URL('../../../data/hs-nomenclature-2022.csv', import.meta.url), 'utf8');
    const known = new Set(csv.split('\n').map((line) => line.split(',')[1]));
    expect(source.products.filter((p) => !known.has(p.hs)).map((p) => p.slug)).toEqual([]);
  });

  it('puts every product into a leaf of the category tree', () => {
    const parents = new Set(source.categories.map((c) => c.parent));
    const leaves = new Set(
      sampleCategories(source)
        .filter((c) => !parents.has(c.slug))
        .map((c) => c.id),
    );
    expect(medium.filter(({ product }) => !leaves.has(product.categoryId))).toEqual([]);
  });

  it('speaks every language, each with its own words', () => {
    for (const { product } of medium) {
      const names = LOCALES.map((locale) => product.texts[locale]?.name);
      const descriptions = LOCALES.map((locale) => product.texts[locale]?.description);
      expect(names.every((name) => name !== undefined && name.length <= 200 && !name.includes('{'))).toBe(
        true,
      );
      expect(new Set(descriptions).size).toBe(LOCALES.length);
    }
  });

  it('gives each product 1 to 6 variants with distinct options', () => {
    for (const { product } of medium) {
      const options = new Set(product.variants.map((v) => JSON.stringify(v.options)));
      expect(options.size).toBe(product.variants.length);
      expect(options.size).toBeGreaterThanOrEqual(1);
      expect(options.size).toBeLessThanOrEqual(6);
    }
  });

  it('keeps what is written by hand in stock', () => {
    expect(small.flatMap((s) => s.stock).filter((level) => level.onHand === 0)).toEqual([]);
  });
});

describe('prices of the sample', () => {
  it('are in euro what is written', () => {
    const first = (product: SampleProduct['product']) =>
      product.variants[0]?.prices.find((p) => p.currency === 'EUR')?.amount;
    expect(small.map((s) => first(s.product)?.toString())).toEqual(source.products.map((p) => p.price));
  });

  it('are in every currency, above zero, and of its order of magnitude', () => {
    for (const { product } of medium) {
      for (const { prices } of product.variants) {
        const amount = Object.fromEntries(prices.map((p) => [p.currency, Number(p.amount)]));
        expect(Object.keys(amount)).toEqual(['EUR', 'USD', 'CNY', 'JPY', 'KWD']);
        expect(Math.min(...Object.values(amount))).toBeGreaterThan(0);
        // One euro is about 165 yen (no decimals) and a third of a dinar (three decimals).
        expect((amount.JPY ?? 0) / (amount.EUR ?? 1)).toBeCloseTo(1.65, 0);
        expect((amount.KWD ?? 0) / (amount.EUR ?? 1)).toBeCloseTo(3.3, -1);
      }
    }
  });
});

describe('the seed', () => {
  it('makes the same rows again', () => {
    expect([...sampleProducts(source, 300, 7)]).toEqual([...sampleProducts(source, 300, 7)]);
  });

  it("changes prices and stock of the series, and nobody's identity", () => {
    const other = [...sampleProducts(source, 1_000, 2)];
    const identity = (all: SampleProduct[]) =>
      all.map((s) => [s.product.id, s.product.slug, s.product.variants.map((v) => [v.id, v.sku])]);
    expect(identity(other)).toEqual(identity(medium));
    expect(other.map((s) => s.stock)).not.toEqual(medium.map((s) => s.stock));
    expect(other.map((s) => s.product.variants.map((v) => v.prices))).not.toEqual(
      medium.map((s) => s.product.variants.map((v) => v.prices)),
    );
  });
});

describe('the large size', () => {
  const slugs = new Set<string>();
  const skus = new Set<string>();
  const ids = new Set<string>();
  const texts = new Set<string>();
  let rows = 0;

  beforeAll(() => {
    for (const { product, stock } of sampleProducts(source, sampleCount(source, 'large'), 1)) {
      slugs.add(product.slug);
      texts.add(product.texts.zh?.name ?? '');
      for (const id of [product.id, ...product.images.map((i) => i.id), ...stock.map((l) => l.id)])
        ids.add(id);
      for (const variant of product.variants) {
        skus.add(variant.sku);
        ids.add(variant.id);
      }
      rows += 2 + product.variants.length + stock.length;
    }
  });

  it('has 50,000 products with slugs, names, SKUs and ids of their own', () => {
    expect([slugs.size, texts.size, ids.size]).toEqual([50_000, 50_000, rows]);
    expect([...slugs].filter((slug) => slug.length > 120)).toEqual([]);
    expect([...skus].filter((sku) => sku.length > 40)).toEqual([]);
    expect(skus.size).toBeGreaterThan(100_000);
  });

  it('refuses more than the series can tell apart', () => {
    expect(() => sampleProducts(source, 60_000, 1).next()).toThrow('at most');
  });
});

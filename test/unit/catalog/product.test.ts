import { describe, expect, it } from '@jest/globals';
import {
  checkTransition,
  PRODUCT_STATUSES,
  PRODUCT_TRANSITIONS,
  priceRanges,
} from '../../../src/domain/catalog/product.ts';
import {
  checkHsCode,
  checkProduct,
  newProduct,
  type ProductInput,
  type VariantInput,
} from '../../../src/domain/catalog/product-input.ts';

const variant: VariantInput = {
  sku: 'A-1',
  options: {},
  weightGrams: 1,
  lengthMm: 1,
  widthMm: 1,
  heightMm: 1,
  prices: [{ amount: 100n, currency: 'EUR' }],
};
const input: ProductInput = {
  slug: 'a-thing',
  categoryId: 'c',
  brand: 'b',
  hsCode: '851830',
  originCountry: 'DE',
  isHot: false,
  isNew: false,
  status: 'active',
  texts: { en: { name: 'n', description: '' } },
  images: [],
  variants: [variant],
};
const check = (change: Partial<ProductInput>): void =>
  checkProduct(newProduct({ ...input, ...change }, new Date(0)));

describe('a product', () => {
  it('is accepted when every field keeps its rule', () => {
    expect(() => check({})).not.toThrow();
  });

  it.each([
    ['slug', { slug: 'Not A Slug' }],
    ['slug', { slug: '0190b3a0-0000-7000-8000-000000000000' }],
    ['brand', { brand: 'This, That' }],
    ['hsCode', { hsCode: '85183' }],
    ['hsCode', { hsCode: '85183012345' }],
    ['originCountry', { originCountry: 'UK' }],
    ['sku', { variants: [{ ...variant, sku: 'lower' }] }],
    ['prices', { variants: [{ ...variant, prices: [{ amount: 0n, currency: 'EUR' }] }] }],
    ['prices', { variants: [{ ...variant, prices: [...variant.prices, ...variant.prices] }] }],
    ['options', { variants: [variant, { ...variant, sku: 'A-2' }] }],
  ])('is refused for its %s', (path, change) => {
    expect(() => check(change)).toThrow(
      expect.objectContaining({ issues: [expect.objectContaining({ path })] }),
    );
  });

  it('is refused for a currency that does not exist', () => {
    const prices = [{ amount: 1n, currency: 'XYZ' }];
    expect(() => check({ variants: [{ ...variant, prices }] })).toThrow(
      expect.objectContaining({ code: 'unknown_currency' }),
    );
  });

  it('has a price range per currency over the variants on sale', () => {
    const price = (amount: bigint) => [{ amount, currency: 'EUR' }];
    const variants = [variant, { ...variant, prices: price(300n) }, { ...variant, prices: price(50n) }];
    const product = newProduct({ ...input, variants }, new Date(0));
    const withdrawn = product.variants.map((v, i) => (i === 2 ? { ...v, status: 'withdrawn' as const } : v));
    expect(priceRanges({ variants: withdrawn })).toEqual([{ currency: 'EUR', min: 100n, max: 300n }]);
  });

  it('goes only along the table of transitions', () => {
    for (const from of PRODUCT_STATUSES) {
      for (const to of PRODUCT_STATUSES) {
        const allowed = from === to || PRODUCT_TRANSITIONS[from].includes(to);
        if (allowed) expect(() => checkTransition(from, to)).not.toThrow();
        else expect(() => checkTransition(from, to)).toThrow('cannot go from');
      }
    }
    expect(PRODUCT_STATUSES.filter((s) => PRODUCT_TRANSITIONS[s].includes('draft'))).toEqual([]);
  });

  it('has an HS code whose subheading exists', async () => {
    const nomenclature = { hasSubheading: async (code: string) => Promise.resolve(code === '851830') };
    await expect(checkHsCode(nomenclature, '8518300090')).resolves.toBeUndefined();
    await expect(checkHsCode(nomenclature, '851839')).rejects.toThrow('no subheading 851839');
  });
});

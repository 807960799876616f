import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ProductFilter } from '../../../src/domain/catalog/catalog.read-model.ts';
import { newProduct } from '../../../src/domain/catalog/product-input.ts';
import { insertProducts } from '../../../src/infra/db/catalog/catalog-inserts.ts';
import { productListQuery } from '../../../src/infra/db/catalog/product-list-query.ts';
import { CatalogMaker } from '../../support/catalog.ts';
import { setupApp, type TestApp } from '../../support/setup-app.ts';

/** What one table of a statement is read by: `scan` reads all of it. */
interface Step {
  readonly table: string;
  readonly by: string;
  readonly key: string;
}

const PRODUCTS = 600;

describe('the plan of the product list', () => {
  let t: TestApp;
  let categoryIds: string[];

  beforeAll(async () => {
    t = await setupApp();
    const make = new CatalogMaker(t);
    const home = await make.category('home', undefined, { en: 'Home' });
    const kitchen = await make.category('kitchen', home, { en: 'Kitchen' });
    categoryIds = [home.id, kitchen.id];
    const products = Array.from({ length: PRODUCTS }, (_, i) =>
      newProduct(
        {
          slug: `p-${i}`,
          categoryId: kitchen.id,
          brand: `Brand ${i % 50}`,
          hsCode: '851830',
          originCountry: 'DE',
          isHot: false,
          isNew: false,
          status: 'active',
          texts: { en: { name: `Pan ${i}`, description: '' } },
          images: [],
          variants: [1, 2].map((v) => ({
            sku: `P-${i}-${v}`,
            options: { v: String(v) },
            weightGrams: 1,
            lengthMm: 1,
            widthMm: 1,
            heightMm: 1,
            prices: [{ amount: BigInt(1 + i), currency: 'EUR' }],
          })),
        },
        new Date(1_750_000_000_000 + i),
      ),
    );
    await t.app.connections.write((sql) =>
      insertProducts(sql, products, new Map([[kitchen.id, kitchen.names]])),
    );
    const { id } = await make.warehouse();
    await t.app.connections.write((sql) =>
      sql.run(
        `INSERT INTO stock_levels (id, variant_id, warehouse_id, on_hand, reserved, low_stock_threshold, event_sequence, updated_at)
         SELECT id, id, ?, 5, 0, 0, 0, ? FROM variants`,
        [id, new Date(0)],
      ),
    );
    if (t.app.connections.kind !== 'sqlite') {
      await t.app.connections.read.query(
        'ANALYZE TABLE products, product_prices, product_search, variants, stock_levels',
      );
    }
  });
  afterAll(() => t.close());

  const plan = async (change: Partial<ProductFilter>): Promise<Step[]> => {
    const { kind, read } = t.app.connections;
    const filter: ProductFilter = { locale: 'en', currency: 'EUR', brands: [], sort: 'newest', ...change };
    const ids = filter.category === undefined ? undefined : categoryIds;
    const { text, params } = productListQuery(filter, { limit: 20 }, ids, kind);
    if (kind === 'sqlite') {
      const rows = await read.query<{ detail: string }>(`EXPLAIN QUERY PLAN ${text}`, params);
      return rows.flatMap(({ detail }) => {
        const match = /^(SCAN|SEARCH) (\w+)(?: VIRTUAL TABLE)?(?: USING (?:COVERING )?INDEX (\w+))?/.exec(
          detail,
        );
        // A scan along an index that gives the order stops when the page is full.
        const by = match?.[1] === 'SCAN' && match[3] === undefined ? 'scan' : 'index';
        return match ? [{ table: match[2] ?? '', by, key: match[3] ?? '' }] : [];
      });
    }
    const rows = await read.query<{ table: string | null; type: string | null; key: string | null }>(
      `EXPLAIN ${text}`,
      params,
    );
    return rows.map(({ table, type, key }) => ({
      table: table ?? '',
      by: type === 'ALL' ? 'scan' : 'index',
      key: key ?? '',
    }));
  };

  /** The tables that grow with the catalogue, under the names that the statement gives them. */
  const GROWING = ['p', 'o', 'pp', 'ps', 'price', 'v', 'sl'];

  it.each<[string, Partial<ProductFilter>]>([
    ['newest', {}],
    ['newest of a category and its descendants', { category: 'home' }],
    ['by price', { sort: 'price' }],
    ['by falling price', { sort: '-price' }],
    ['by name', { sort: 'name' }],
    ['by name in another language', { sort: 'name', locale: 'zh' }],
    ['a brand', { brands: ['Brand 7'] }],
    ['a brand by price', { brands: ['Brand 7'], sort: 'price' }],
    ['in stock', { inStock: true }],
    ['a search', { q: 'pan', sort: 'relevance' }],
    ['a search in a category by price', { q: 'pan 7', sort: 'price', category: 'home', inStock: true }],
  ])('reads no table that grows from end to end: %s', async (_name, filter) => {
    const steps = await plan(filter);
    expect(steps.length).toBeGreaterThan(4);
    expect(steps.filter((s) => GROWING.includes(s.table) && s.by === 'scan')).toEqual([]);
  });

  it('takes the order from an index, so that a page costs a page', async () => {
    const keys = async (filter: Partial<ProductFilter>, table: string): Promise<string[]> =>
      (await plan(filter)).filter((s) => s.table === table).map((s) => s.key);
    expect(await keys({}, 'p')).toContain('idx_products_newest');
    expect(await keys({ sort: 'price' }, 'pp')).toEqual(['idx_product_prices_lowest']);
    expect(await keys({ sort: 'name' }, 'o')).toEqual(['idx_product_search_name']);
    expect(await keys({ brands: ['Brand 7'] }, 'p')).toContain('idx_products_brand');
  });
});

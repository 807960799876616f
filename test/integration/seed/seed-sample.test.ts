import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { seedSample } from '../../../src/app/seeding.ts';
import { createApp } from '../../../src/app.ts';
import { CatalogSeeder } from '../../../src/infra/db/seed/catalog-seeder.ts';
import { SqlUsersReadModel } from '../../../src/infra/db/users/sql-users.read-model.ts';
import { Argon2PasswordHasher } from '../../../src/infra/security/argon2-password-hasher.ts';
import { sampleProducts } from '../../../src/sample/sample-products.ts';
import { sampleShipping } from '../../../src/sample/sample-shipping.ts';
import { sampleCategories, sampleWarehouses } from '../../../src/sample/sample-shop.ts';
import { sampleSource as source } from '../../support/sample-source.ts';
import { setupApp, type TestApp } from '../../support/setup-app.ts';

/** In an order of their own, so that two dumps compare. */
const TABLES: Readonly<Record<string, string>> = {
  categories: 'id',
  category_translations: 'category_id, locale',
  products: 'id',
  product_translations: 'product_id, locale',
  product_images: 'id',
  variants: 'id',
  price_lists: 'currency',
  prices: 'variant_id, currency',
  product_prices: 'product_id, currency',
  warehouses: 'id',
  stock_levels: 'id',
  shipping_zones: 'id',
  shipping_zone_countries: 'country',
  shipping_methods: 'id',
  exchange_rates: 'id',
  tariff_rates: 'id',
  users: 'id',
  addresses: 'id',
};

const SEARCH =
  'SELECT product_id, locale, name, sort_name, body FROM product_search ORDER BY product_id, locale';

async function dump({ app }: TestApp): Promise<Record<string, unknown[]>> {
  const { read } = app.connections;
  const tables: Record<string, unknown[]> = { product_search: await read.query(SEARCH) };
  for (const [table, order] of Object.entries(TABLES)) {
    tables[table] = await read.query(`SELECT * FROM ${table} ORDER BY ${order}`);
  }
  return tables;
}

const shop = {
  categories: sampleCategories(source),
  warehouses: sampleWarehouses(source),
  priceLists: source.shop.priceLists,
  shipping: sampleShipping(source),
  exchangeRates: [],
  tariffs: [],
};

describe('seeding the sample', () => {
  let t: TestApp;

  beforeAll(async () => {
    t = await setupApp();
  });
  afterAll(() => t.close());

  it('fills the shop, and changes nothing the second time', async () => {
    const first = await seedSample(t.app, { size: 'small', seed: 1 });
    expect(first).toMatchObject({
      products: source.products.length,
      categories: 25,
      warehouses: 2,
      customers: 2,
      kept: 0,
    });
    const before = await dump(t);
    const second = await seedSample(t.app, { size: 'small', seed: 1 });
    expect(second).toMatchObject({
      products: 0,
      categories: 0,
      variants: 0,
      customers: 0,
      kept: source.products.length,
    });
    expect(await dump(t)).toEqual(before);
  });

  it('grows to a larger size, reporting how far it is', async () => {
    const seen: number[][] = [];
    const report = await seedSample(t.app, {
      size: 'medium',
      seed: 1,
      onProgress: (done, total) => seen.push([done, total]),
    });
    expect(report).toMatchObject({ products: 1_000 - source.products.length, kept: source.products.length });
    expect(seen.at(-1)).toEqual([1_000, 1_000]);
  });

  it('shows in lists, filters and searches', async () => {
    const list = await t.api.get('/products?category=kitchen&sort=newest&limit=5&lang=de').expect(200);
    expect(list.body).toMatchObject({ items: expect.any(Array) as unknown });
    const found = await t.api.get('/products?q=Gusseisen&lang=de&limit=100').expect(200);
    expect(JSON.stringify(found.body)).toContain('enamelled-cast-iron-casserole');
    const chinese = await t.api
      .get(`/products?q=${encodeURIComponent('煎茶')}&lang=zh&limit=100`)
      .expect(200);
    expect(JSON.stringify(chinese.body)).toContain('sencha-green-tea');
  });

  it('makes customers who can sign in', async () => {
    const users = new SqlUsersReadModel(t.app.connections.read);
    for (const { email, password } of source.shop.customers) {
      const credentials = await users.findCredentialsByLogin({ email });
      expect(credentials?.user).toMatchObject({ role: 'customer', status: 'active' });
      expect(await new Argon2PasswordHasher().verify(credentials?.passwordHash, password)).toBe(true);
    }
  });
});

describe('seeding a shop that has something already', () => {
  let t: TestApp;

  beforeAll(async () => {
    t = await setupApp();
  });
  afterAll(() => t.close());

  it('continues where it was interrupted, and keeps what staff have changed', async () => {
    const seeder = new CatalogSeeder(t.app.connections);
    await seeder.run(shop, sampleProducts(source, 30, 1));
    await t.app.connections.write((sql) =>
      sql.run("UPDATE products SET brand = 'Ours' WHERE slug = ?", [source.products[0]?.slug]),
    );
    const report = await seeder.run(shop, sampleProducts(source, source.products.length, 1));
    expect(report).toMatchObject({ products: source.products.length - 30, kept: 30 });
    const ours = await t.app.connections.read.query<{ slug: string }>(
      "SELECT slug FROM products WHERE brand = 'Ours'",
    );
    expect(ours).toEqual([{ slug: source.products[0]?.slug }]);
  });

  it('puts products into a category of the same slug, wherever it stands', async () => {
    const other = await setupApp();
    try {
      await other.app.connections.write((sql) =>
        sql.run(
          "INSERT INTO categories (id, parent_id, slug, path, position, version) VALUES ('own', NULL, 'kitchen', 'kitchen/', 0, 1)",
        ),
      );
      await new CatalogSeeder(other.app.connections).run(shop, sampleProducts(source, 72, 1));
      const rows = await other.app.connections.read.query<{ n: number | string }>(
        "SELECT COUNT(*) AS n FROM products WHERE category_id = 'own'",
      );
      expect(Number(rows[0]?.n)).toBe(source.products.filter((p) => p.category === 'kitchen').length);
    } finally {
      await other.close();
    }
  });

  it('makes no customers with published passwords in production', async () => {
    const app = await createApp(t.app.config);
    try {
      const report = await seedSample(
        { ...app, config: { ...app.config, env: 'production' } },
        { size: 'small', seed: 1 },
      );
      expect(report.customers).toBe(0);
    } finally {
      await app.close();
    }
  });
});

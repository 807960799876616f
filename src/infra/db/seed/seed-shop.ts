import type { Category } from '../../../domain/catalog/category.ts';
import type { Warehouse } from '../../../domain/inventory/stock.ts';
import { insertCategories } from '../catalog/catalog-inserts.ts';
import { insertRows } from '../insert-rows.ts';
import { SqlTariffStore } from '../landed-cost/sql-tariff.store.ts';
import { SqlExchangeRateStore } from '../pricing/sql-exchange-rate.store.ts';
import { SqlShippingStore } from '../shipping/sql-shipping.store.ts';
import type { Sql } from '../sql.ts';
import type { SeedShop } from './seed-data.ts';

/** What the products refer to, under the ids that it has in this database. */
export interface SeededShop {
  /** By the id in the sample. */
  readonly categories: ReadonlyMap<string, Category>;
  /** The id here, by the id in the sample. */
  readonly warehouseIds: ReadonlyMap<string, string>;
  readonly added: { readonly categories: number; readonly warehouses: number };
}

/** Adds what is missing; what has the same slug, code or currency stays as somebody made it. */
export async function seedShop(sql: Sql, shop: SeedShop): Promise<SeededShop> {
  const categories = await seedCategories(sql, shop.categories);
  const warehouses = await seedWarehouses(sql, shop.warehouses);
  await seedPriceLists(sql, shop.priceLists);
  await seedShipping(sql, shop.shipping);
  await seedTrade(sql, shop);
  return {
    categories: categories.known,
    warehouseIds: warehouses.known,
    added: { categories: categories.added, warehouses: warehouses.added },
  };
}

async function seedCategories(sql: Sql, wanted: readonly Category[]) {
  const rows = await sql.query<{ id: string; slug: string; path: string }>(
    'SELECT id, slug, path FROM categories',
  );
  const existing = new Map(rows.map((row) => [row.slug, row]));
  const known = new Map<string, Category>();
  const missing: Category[] = [];
  for (const category of wanted) {
    const row = existing.get(category.slug);
    const parent = category.parentId === null ? undefined : known.get(category.parentId);
    const here = row
      ? { ...category, ...row }
      : { ...category, parentId: parent?.id ?? null, path: `${parent?.path ?? ''}${category.slug}/` };
    known.set(category.id, here);
    if (row === undefined) missing.push(here);
  }
  await insertCategories(sql, missing);
  return { known, added: missing.length };
}

async function seedWarehouses(sql: Sql, wanted: readonly Warehouse[]) {
  const rows = await sql.query<{ id: string; code: string }>('SELECT id, code FROM warehouses');
  const existing = new Map(rows.map((row) => [row.code, row.id]));
  const missing = wanted.filter((w) => !existing.has(w.code));
  await insertRows(
    sql,
    'warehouses',
    ['id', 'code', 'name', 'country'],
    missing.map((w) => [w.id, w.code, w.name, w.country]),
  );
  return { known: new Map(wanted.map((w) => [w.id, existing.get(w.code) ?? w.id])), added: missing.length };
}

async function seedPriceLists(sql: Sql, wanted: SeedShop['priceLists']): Promise<void> {
  const rows = await sql.query<{ currency: string }>('SELECT currency FROM price_lists');
  const existing = new Set(rows.map((row) => row.currency));
  await insertRows(
    sql,
    'price_lists',
    ['currency', 'tax_inclusive'],
    wanted.filter((l) => !existing.has(l.currency)).map((l) => [l.currency, l.taxInclusive]),
  );
}

/** All or nothing: beside zones that somebody made, those of the sample would claim their countries. */
async function seedShipping(sql: Sql, wanted: SeedShop['shipping']): Promise<void> {
  const store = new SqlShippingStore(sql);
  if ((await store.zones()).length > 0) return;
  for (const { zone, methods, at } of wanted) {
    await store.insertZone(zone);
    for (const method of methods) await store.insertMethod(method, at);
  }
}

/** All or nothing of each: a sample among rates that somebody keeps would be taken for one of them. */
async function seedTrade(
  sql: Sql,
  { exchangeRates, tariffs }: Pick<SeedShop, 'exchangeRates' | 'tariffs'>,
): Promise<void> {
  const isEmpty = async (table: string) =>
    (await sql.query(`SELECT 1 AS there FROM ${table} LIMIT 1`)).length === 0;
  if (await isEmpty('exchange_rates')) {
    const store = new SqlExchangeRateStore(sql);
    for (const rate of exchangeRates) await store.put(rate);
  }
  if (await isEmpty('tariff_rates')) await new SqlTariffStore(sql).put(tariffs);
}

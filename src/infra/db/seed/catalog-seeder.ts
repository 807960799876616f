import type { Names } from '../../../domain/catalog/category.ts';
import { insertProducts } from '../catalog/catalog-inserts.ts';
import { insertRows } from '../insert-rows.ts';
import { type Connections, list, type Sql } from '../sql.ts';
import type { SeedCounts, SeedProduct, SeedShop } from './seed-data.ts';
import { type SeededShop, seedShop } from './seed-shop.ts';

/** Products per transaction: large enough to be fast, small enough that others may write in between. */
const BATCH = 500;

const FILLED = [
  'products',
  'product_translations',
  'product_search',
  'product_prices',
  'variants',
  'prices',
  'stock_levels',
];

/**
 * Fills the catalogue and the inventory in bulk, each batch in one transaction. Running it again adds what is
 * missing and leaves the rest: an interrupted run is continued, never doubled.
 */
export class CatalogSeeder {
  readonly #connections: Connections;

  constructor(connections: Connections) {
    this.#connections = connections;
  }

  /** @param onProgress gets the number of products that are done */
  async run(
    shop: SeedShop,
    products: Iterable<SeedProduct>,
    onProgress: (done: number) => void = () => undefined,
  ): Promise<SeedCounts> {
    const seeded = await this.#connections.write((sql) => seedShop(sql, shop));
    const total = { ...seeded.added, products: 0, variants: 0, stockLevels: 0, kept: 0 };
    let done = 0;
    for (const batch of batches(products, BATCH)) {
      const added = await this.#connections.write((sql) => seedBatch(sql, seeded, batch));
      total.products += added.products;
      total.variants += added.variants;
      total.stockLevels += added.stockLevels;
      total.kept += batch.length - added.products;
      done += batch.length;
      onProgress(done);
    }
    if (total.products > 0) await this.#refreshStatistics();
    return total;
  }

  /** The servers count a table's rows some seconds after it was filled, and plan badly until then. */
  async #refreshStatistics(): Promise<void> {
    if (this.#connections.kind === 'sqlite') return;
    await this.#connections.write((sql) => sql.query(`ANALYZE TABLE ${FILLED.join(', ')}`));
  }
}

function* batches<T>(items: Iterable<T>, size: number): Generator<T[]> {
  let batch: T[] = [];
  for (const item of items) {
    if (batch.push(item) < size) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

async function seedBatch(sql: Sql, shop: SeededShop, batch: readonly SeedProduct[]) {
  const existing = await sql.query<{ slug: string }>(
    `SELECT slug FROM products WHERE slug IN (${list(batch.length)})`,
    batch.map((b) => b.product.slug),
  );
  const taken = new Set(existing.map((row) => row.slug));
  const missing = batch.filter((b) => !taken.has(b.product.slug));
  const products = missing.map(({ product }) => ({
    ...product,
    categoryId: categoryOf(shop, product.categoryId).id,
  }));
  const names = new Map<string, Names>([...shop.categories.values()].map((c) => [c.id, c.names]));
  const stock = missing.flatMap((m) => m.stock);
  if (products.length > 0) await insertProducts(sql, products, names);
  await insertRows(
    sql,
    'stock_levels',
    STOCK_COLUMNS,
    stock.map((level) => stockRow(shop, level)),
  );
  return {
    products: products.length,
    variants: products.reduce((sum, p) => sum + p.variants.length, 0),
    stockLevels: stock.length,
  };
}

function categoryOf(shop: SeededShop, id: string) {
  const category = shop.categories.get(id);
  if (category === undefined)
    throw new Error(`a product names the category ${id}, which the shop does not have`);
  return category;
}

const STOCK_COLUMNS = [
  'id',
  'variant_id',
  'warehouse_id',
  'on_hand',
  'reserved',
  'low_stock_threshold',
  'event_sequence',
  'updated_at',
] as const;

const stockRow = (shop: SeededShop, level: SeedProduct['stock'][number]) => [
  level.id,
  level.variantId,
  shop.warehouseIds.get(level.warehouseId) ?? level.warehouseId,
  level.onHand,
  level.reserved,
  level.lowStockThreshold,
  level.eventSequence,
  level.updatedAt,
];

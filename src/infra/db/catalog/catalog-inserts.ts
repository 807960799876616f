import type { Category, Names } from '../../../domain/catalog/category.ts';
import type { Product } from '../../../domain/catalog/product.ts';
import { LOCALES } from '../../../domain/shared/locale.ts';
import { insertOrIgnore } from '../insert-or-ignore.ts';
import { insertRows } from '../insert-rows.ts';
import { list, type Sql } from '../sql.ts';
import * as rows from './product-rows.ts';

/** Price lists are made on the first price in their currency, without tax. */
export async function ensurePriceLists(sql: Sql, products: readonly Product[]): Promise<void> {
  const wanted = new Set(
    products.flatMap((p) => p.variants.flatMap((v) => v.prices.map((price) => price.currency))),
  );
  if (wanted.size === 0) return;
  const known = await sql.query<{ currency: string }>(
    `SELECT currency FROM price_lists WHERE currency IN (${list(wanted.size)})`,
    [...wanted],
  );
  for (const { currency } of known) wanted.delete(currency);
  for (const currency of wanted) {
    await sql.run(`${insertOrIgnore(sql)} INTO price_lists (currency, tax_inclusive) VALUES (?, ?)`, [
      currency,
      false,
    ]);
  }
}

/** Parents before their children. */
export async function insertCategories(sql: Sql, categories: readonly Category[]): Promise<void> {
  await insertRows(
    sql,
    'categories',
    ['id', 'parent_id', 'slug', 'path', 'position', 'version'],
    categories.map((c) => [c.id, c.parentId, c.slug, c.path, c.position, c.version]),
  );
  await insertRows(
    sql,
    'category_translations',
    ['category_id', 'locale', 'name'],
    categories.flatMap((c) =>
      LOCALES.flatMap((l) => (c.names[l] === undefined ? [] : [[c.id, l, c.names[l]]])),
    ),
  );
}

/**
 * Writes whole new products with everything that is derived from them (price ranges, search terms): the one way in,
 * for one product of the API as for the thousands of the seed.
 * @param categoryNames by category id, for the search terms
 */
export async function insertProducts(
  sql: Sql,
  products: readonly Product[],
  categoryNames: ReadonlyMap<string, Names>,
): Promise<void> {
  await ensurePriceLists(sql, products);
  await insertRows(sql, 'products', rows.PRODUCT_COLUMNS, products.map(rows.productRow));
  await insertRows(
    sql,
    'product_translations',
    rows.TRANSLATION_COLUMNS,
    products.flatMap(rows.translationRows),
  );
  await insertRows(sql, 'product_images', rows.IMAGE_COLUMNS, products.flatMap(rows.imageRows));
  await insertRows(sql, 'variants', rows.VARIANT_COLUMNS, products.flatMap(rows.variantRows));
  await insertRows(sql, 'prices', rows.PRICE_COLUMNS, products.flatMap(rows.priceRows));
  await insertDerived(sql, products, categoryNames);
}

export async function insertDerived(
  sql: Sql,
  products: readonly Product[],
  categoryNames: ReadonlyMap<string, Names>,
): Promise<void> {
  const namesOf = (p: Product): Names => {
    const names = categoryNames.get(p.categoryId);
    if (names === undefined) throw new Error(`product ${p.slug} names a category that was not given`);
    return names;
  };
  await insertRows(sql, 'product_prices', rows.PRICE_RANGE_COLUMNS, products.flatMap(rows.priceRangeRows));
  await insertRows(
    sql,
    'product_search',
    rows.SEARCH_COLUMNS,
    products.flatMap((p) => rows.searchRows(p, namesOf(p))),
  );
}

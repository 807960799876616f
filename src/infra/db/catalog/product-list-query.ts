import type { ProductFilter } from '../../../domain/catalog/catalog.read-model.ts';
import { queryTerms } from '../../../domain/catalog/search-terms.ts';
import { decodeCursor, type PageRequest } from '../../../domain/shared/page.ts';
import { type DatabaseKind, list } from '../sql.ts';
import { after, cursorSort, orderOf } from './product-order.ts';
import { type Fragment, fragment, thenJoin } from './sql-fragment.ts';

/** From the few variants of a product to their stock: with young statistics, servers begin at the larger table. */
const stockedVariant = (product: string, kind: DatabaseKind): string =>
  `SELECT 1 FROM variants v ${thenJoin(kind)} stock_levels sl ON sl.variant_id = v.id WHERE v.product_id = ${product} AND v.status = 'active' AND sl.on_hand > sl.reserved LIMIT 1`;

/**
 * The tables that decide, in the order they are read. Where no filter is selective that begins with the index of the
 * sort, which is walked until the page is full; brands and single categories are few rows, which are sorted.
 */
function source(filter: ProductFilter, categories: number, kind: DatabaseKind): string {
  const then = thenJoin(kind);
  const byPrice = filter.sort === 'price' || filter.sort === '-price';
  const priced = byPrice || filter.minPrice !== undefined || filter.maxPrice !== undefined;
  const withPrice = ' product_prices pp ON pp.product_id = p.id';
  if (filter.q !== undefined) {
    const matches =
      kind === 'sqlite'
        ? `product_search_index ${then} product_search o ON o.id = product_search_index.rowid`
        : 'product_search o';
    return `${matches} ${then} products p ON p.id = o.product_id${priced ? ` ${then}${withPrice}` : ''}`;
  }
  const selective = filter.brands.length > 0 || categories === 1;
  if (byPrice && !selective) return `product_prices pp ${then} products p ON p.id = pp.product_id`;
  const withName = filter.sort === 'name' ? ` ${then} product_search o ON o.product_id = p.id` : '';
  const first =
    filter.sort === 'name' && !selective
      ? `product_search o ${then} products p ON p.id = o.product_id`
      : `products p${withName}`;
  // By newest, a narrow range of prices is better read from the prices: the planner sees which.
  return `${first}${priced ? ` ${filter.sort === 'newest' && !selective ? 'JOIN' : then}${withPrice}` : ''}`;
}

function search(filter: ProductFilter, kind: DatabaseKind): Fragment[] {
  if (filter.q === undefined) return filter.sort === 'name' ? [fragment('o.locale = ?', filter.locale)] : [];
  const terms = queryTerms(filter.q, filter.locale);
  if (terms.length === 0) return [fragment('1 = 0')];
  const star = (prefix: boolean): string => (prefix ? '*' : '');
  return kind === 'sqlite'
    ? [fragment('product_search_index MATCH ?', terms.map((t) => `"${t.term}"${star(t.prefix)}`).join(' '))]
    : [
        fragment(
          'MATCH (o.body) AGAINST (? IN BOOLEAN MODE)',
          terms.map((t) => `+${t.term}${star(t.prefix)}`).join(' '),
        ),
        fragment('o.locale = ?', filter.locale),
      ];
}

/** Not EXISTS, which MariaDB turns into a join that begins with all variants. */
const stocked = (wanted: boolean | undefined, kind: DatabaseKind): Fragment[] =>
  wanted === undefined ? [] : [fragment(`(${stockedVariant('p.id', kind)}) IS ${wanted ? 'NOT ' : ''}NULL`)];

function conditions(
  filter: ProductFilter,
  categoryIds: readonly string[] | undefined,
  kind: DatabaseKind,
): Fragment[] {
  const { minPrice, maxPrice, brands } = filter;
  const priced = minPrice !== undefined || maxPrice !== undefined || filter.sort.endsWith('price');
  const flag = (column: string, value: boolean | undefined): Fragment[] =>
    value === undefined ? [] : [fragment(`${column} = ?`, value)];
  return [
    ...search(filter, kind),
    fragment("p.status = 'active'"),
    ...(categoryIds ? [fragment(`p.category_id IN (${list(categoryIds.length)})`, ...categoryIds)] : []),
    ...(brands.length > 0 ? [fragment(`p.brand IN (${list(brands.length)})`, ...brands)] : []),
    ...(priced ? [fragment('pp.currency = ?', filter.currency)] : []),
    ...(minPrice === undefined ? [] : [fragment('pp.min_amount >= ?', minPrice)]),
    ...(maxPrice === undefined ? [] : [fragment('pp.min_amount <= ?', maxPrice)]),
    ...flag('p.is_hot', filter.hot),
    ...flag('p.is_new', filter.new),
    ...stocked(filter.inStock, kind),
  ];
}

/**
 * One statement for one page: an inner query finds the ids in their order, and only these rows are dressed with
 * names, prices and stock. It reads one row beyond the limit. The order of the joins is written, not left to planners:
 * without fresh statistics each of them begins at a large table.
 */
export function productListQuery(
  filter: ProductFilter,
  page: PageRequest,
  categoryIds: readonly string[] | undefined,
  kind: DatabaseKind,
): Fragment {
  const order = orderOf(filter);
  const where = conditions(filter, categoryIds, kind);
  if (page.cursor !== undefined) {
    where.push(after(order, decodeCursor(page.cursor, cursorSort(filter), order.keys.length)));
  }
  const from = source(filter, categoryIds?.length ?? 0, kind);
  const then = thenJoin(kind);
  const keys = order.keys.map((k, i) => `${k.column.text} AS k${i}`).join(', ');
  const sorted = (prefix: string): string =>
    order.keys.map((_, i) => `${prefix}k${i} ${order.direction}`).join(', ');
  const found = fragment(
    `SELECT p.id AS product_id, ${keys} FROM ${from} WHERE ${where.map((w) => w.text).join(' AND ')} ORDER BY ${sorted('')} LIMIT ${page.limit + 1}`,
    ...order.keys.flatMap((k) => k.column.params),
    ...where.flatMap((w) => w.params),
  );
  const joinEnglish =
    filter.locale === 'en'
      ? ''
      : " LEFT JOIN category_translations ce ON ce.category_id = c.id AND ce.locale = 'en'";
  const categoryName = filter.locale === 'en' ? 'ct.name' : 'COALESCE(ct.name, ce.name)';
  return fragment(
    `SELECT p.id, p.slug, p.brand, p.is_hot, p.is_new, p.image_url, p.created_at, ps.name, ps.sort_name, c.slug AS category_slug, ${categoryName} AS category_name, price.min_amount, price.max_amount, EXISTS (${stockedVariant('p.id', kind)}) AS in_stock, page.k0 ` +
      `FROM (${found.text}) page ${then} products p ON p.id = page.product_id ${then} product_search ps ON ps.product_id = page.product_id AND ps.locale = ? ` +
      `${then} categories c ON c.id = p.category_id LEFT JOIN category_translations ct ON ct.category_id = c.id AND ct.locale = ?${joinEnglish} ` +
      `LEFT JOIN product_prices price ON price.product_id = page.product_id AND price.currency = ? ORDER BY ${sorted('page.')}`,
    ...found.params,
    filter.locale,
    filter.locale,
    filter.currency,
  );
}

import type { ProductFilter } from '../../../domain/catalog/catalog.read-model.ts';
import { searchTerms } from '../../../domain/catalog/search-terms.ts';
import { decodeCursor, type PageRequest } from '../../../domain/shared/page.ts';
import { type DatabaseKind, list } from '../sql.ts';
import { after, cursorSort, orderOf } from './product-order.ts';
import { type Fragment, fragment } from './sql-fragment.ts';

/** From the few variants of a product to their stock: with young statistics, servers begin at the larger table. */
const inStock = (product: string, kind: DatabaseKind): string =>
  `EXISTS (SELECT 1 FROM variants v ${kind === 'sqlite' ? 'CROSS JOIN' : 'STRAIGHT_JOIN'} stock_levels sl ON sl.variant_id = v.id WHERE v.product_id = ${product} AND v.status = 'active' AND sl.on_hand > sl.reserved)`;

/** The tables that decide, first the one whose index gives the order. */
function source(filter: ProductFilter, kind: DatabaseKind): Fragment {
  const byPrice = filter.sort === 'price' || filter.sort === '-price';
  // Where no filter is selective, the order's own index is walked until the page is full; planners do not see that.
  const selective = filter.brands.length > 0 || filter.category !== undefined;
  const ordered = selective ? 'JOIN' : kind === 'sqlite' ? 'CROSS JOIN' : 'STRAIGHT_JOIN';
  const price = filter.minPrice !== undefined || filter.maxPrice !== undefined;
  const andPrice = price || byPrice ? ' JOIN product_prices pp ON pp.product_id = p.id' : '';
  if (filter.q !== undefined) {
    const matches =
      kind === 'sqlite'
        ? 'product_search_index CROSS JOIN product_search o ON o.id = product_search_index.rowid CROSS JOIN products p ON p.id = o.product_id'
        : 'product_search o STRAIGHT_JOIN products p ON p.id = o.product_id';
    return fragment(matches + andPrice);
  }
  if (byPrice) return fragment(`product_prices pp ${ordered} products p ON p.id = pp.product_id`);
  if (filter.sort === 'name')
    return fragment(`product_search o ${ordered} products p ON p.id = o.product_id${andPrice}`);
  return fragment(`products p${andPrice}`);
}

function search(filter: ProductFilter, kind: DatabaseKind): Fragment[] {
  if (filter.q === undefined) return filter.sort === 'name' ? [fragment('o.locale = ?', filter.locale)] : [];
  const terms = searchTerms(filter.q, filter.locale, 'query');
  if (terms.length === 0) return [fragment('1 = 0')];
  return kind === 'sqlite'
    ? [fragment('product_search_index MATCH ?', terms.map((t) => `"${t}"*`).join(' '))]
    : [
        fragment('MATCH (o.body) AGAINST (? IN BOOLEAN MODE)', terms.map((t) => `+${t}*`).join(' ')),
        fragment('o.locale = ?', filter.locale),
      ];
}

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
    ...(filter.inStock === undefined
      ? []
      : [fragment(`${filter.inStock ? '' : 'NOT '}${inStock('p.id', kind)}`)]),
  ];
}

/**
 * One statement for one page: an inner query finds the ids in their order, and only these rows are dressed with
 * names, prices and stock. It reads one row beyond the limit.
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
  const from = source(filter, kind);
  const keys = order.keys.map((k, i) => `${k.column.text} AS k${i}`).join(', ');
  const sorted = (prefix: string): string =>
    order.keys.map((_, i) => `${prefix}k${i} ${order.direction}`).join(', ');
  const found = fragment(
    `SELECT p.id AS product_id, ${keys} FROM ${from.text} WHERE ${where.map((w) => w.text).join(' AND ')} ORDER BY ${sorted('')} LIMIT ${page.limit + 1}`,
    ...order.keys.flatMap((k) => k.column.params),
    ...where.flatMap((w) => w.params),
  );
  const joinEnglish =
    filter.locale === 'en'
      ? ''
      : " LEFT JOIN category_translations ce ON ce.category_id = c.id AND ce.locale = 'en'";
  const categoryName = filter.locale === 'en' ? 'ct.name' : 'COALESCE(ct.name, ce.name)';
  return fragment(
    `SELECT p.id, p.slug, p.brand, p.is_hot, p.is_new, p.image_url, p.created_at, ps.name, ps.sort_name, c.slug AS category_slug, ${categoryName} AS category_name, price.min_amount, price.max_amount, ${inStock('p.id', kind)} AS in_stock, page.k0 ` +
      `FROM (${found.text}) page JOIN products p ON p.id = page.product_id JOIN product_search ps ON ps.product_id = page.product_id AND ps.locale = ? ` +
      `JOIN categories c ON c.id = p.category_id LEFT JOIN category_translations ct ON ct.category_id = c.id AND ct.locale = ?${joinEnglish} ` +
      `LEFT JOIN product_prices price ON price.product_id = page.product_id AND price.currency = ? ORDER BY ${sorted('page.')}`,
    ...found.params,
    filter.locale,
    filter.locale,
    filter.currency,
  );
}

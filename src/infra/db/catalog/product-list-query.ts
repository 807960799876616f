import type { ProductFilter } from '../../../domain/catalog/catalog.read-model.ts';
import { queryWords, searchTerms } from '../../../domain/catalog/search-terms.ts';
import { type DomainError, invalidField } from '../../../domain/shared/errors.ts';
import { type CursorKey, decodeCursor, type PageRequest } from '../../../domain/shared/page.ts';
import { type DatabaseKind, list } from '../sql.ts';
import type { SqlParam } from '../values.ts';

/** A piece of a statement with the values of its placeholders, so that the two never part. */
interface Fragment {
  readonly text: string;
  readonly params: readonly SqlParam[];
}

const fragment = (text: string, ...params: SqlParam[]): Fragment => ({ text, params });

interface SortKey {
  readonly column: Fragment;
  readonly of: (part: string | number) => SqlParam;
}

interface Order {
  readonly keys: readonly SortKey[];
  readonly direction: 'ASC' | 'DESC';
}

const asIs = (part: string | number): SqlParam => part;
const instant = (part: string | number): SqlParam => {
  const date = new Date(part);
  if (typeof part === 'string' || Number.isNaN(date.getTime())) throw foreignCursor();
  return date;
};
const amount = (part: string | number): SqlParam => {
  if (typeof part === 'number' || !/^\d{1,18}$/.test(part)) throw foreignCursor();
  return BigInt(part);
};
const foreignCursor = (): DomainError =>
  invalidField('cursor', 'the cursor does not belong to this list', 'invalid_cursor');
const key = (text: string, of: SortKey['of'] = asIs): SortKey => ({ column: fragment(text), of });

/** The name of the order inside cursors: whatever decides which rows come in which order, apart from filters. */
export const cursorSort = ({ sort, currency, locale }: ProductFilter): string =>
  sort === 'price' || sort === '-price'
    ? `${sort}:${currency}`
    : sort === 'newest'
      ? sort
      : `${sort}:${locale}`;

export const inStock = (product: string): string =>
  `EXISTS (SELECT 1 FROM variants v JOIN stock_levels sl ON sl.variant_id = v.id WHERE v.product_id = ${product} AND v.status = 'active' AND sl.on_hand > sl.reserved)`;

/** 1 when the name has every word, at the beginning of one of its words (anywhere in languages without blanks). */
function nameRank(q: string): Fragment {
  const words = queryWords(q);
  const params = words.map((word) =>
    /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u.test(word) ? `%${word}%` : `% ${word}%`,
  );
  const tests = words.map(() => "CONCAT(' ', o.sort_name) LIKE ?").join(' AND ');
  return fragment(`(CASE WHEN ${tests || '1 = 0'} THEN 1 ELSE 0 END)`, ...params);
}

function orderOf(filter: ProductFilter): Order {
  const newest = [key('p.created_at', instant), key('p.id')];
  switch (filter.sort) {
    case 'newest':
      return { keys: newest, direction: 'DESC' };
    case 'price':
    case '-price':
      return {
        keys: [key('pp.min_amount', amount), key('pp.product_id')],
        direction: filter.sort === 'price' ? 'ASC' : 'DESC',
      };
    case 'name':
      return { keys: [key('o.sort_name'), key('o.product_id')], direction: 'ASC' };
    case 'relevance':
      return { keys: [{ column: nameRank(filter.q ?? ''), of: asIs }, ...newest], direction: 'DESC' };
  }
}

/** Rows after the cursor's: `k1 <= v1 AND (k1 < v1 OR (k1 = v1 AND ...))`, whose first half an index can serve. */
function after(order: Order, cursor: CursorKey): Fragment {
  const beyond = order.direction === 'ASC' ? '>' : '<';
  const values = order.keys.map((k, i) => k.of(cursor[i] ?? ''));
  const [first] = order.keys;
  const build = (i: number): Fragment => {
    const { text, params } = order.keys[i]?.column ?? fragment('1');
    const value = values[i];
    if (i === order.keys.length - 1) return fragment(`${text} ${beyond} ?`, ...params, value);
    const rest = build(i + 1);
    return fragment(
      `(${text} ${beyond} ? OR (${text} = ? AND ${rest.text}))`,
      ...params,
      value,
      ...params,
      value,
      ...rest.params,
    );
  };
  const rest = build(0);
  const { text, params } = first?.column ?? fragment('1');
  return fragment(`${text} ${beyond}= ? AND ${rest.text}`, ...params, values[0], ...rest.params);
}

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
    ...(filter.inStock === undefined ? [] : [fragment(`${filter.inStock ? '' : 'NOT '}${inStock('p.id')}`)]),
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
    `SELECT p.id, p.slug, p.brand, p.is_hot, p.is_new, p.image_url, p.created_at, ps.name, ps.sort_name, c.slug AS category_slug, ${categoryName} AS category_name, price.min_amount, price.max_amount, ${inStock('p.id')} AS in_stock, page.k0 ` +
      `FROM (${found.text}) page JOIN products p ON p.id = page.product_id JOIN product_search ps ON ps.product_id = page.product_id AND ps.locale = ? ` +
      `JOIN categories c ON c.id = p.category_id LEFT JOIN category_translations ct ON ct.category_id = c.id AND ct.locale = ?${joinEnglish} ` +
      `LEFT JOIN product_prices price ON price.product_id = page.product_id AND price.currency = ? ORDER BY ${sorted('page.')}`,
    ...found.params,
    filter.locale,
    filter.locale,
    filter.currency,
  );
}

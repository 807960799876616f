import type { ProductFilter } from '../../../domain/catalog/catalog.read-model.ts';
import { hasNoBlanks, queryWords } from '../../../domain/catalog/search-terms.ts';
import type { CursorKey } from '../../../domain/shared/page.ts';
import type { SqlParam } from '../values.ts';
import { amount, instant, integer, text } from './cursor-parts.ts';
import { type Fragment, fragment } from './sql-fragment.ts';

interface SortKey {
  readonly column: Fragment;
  readonly of: (part: string | number) => SqlParam;
}

export interface Order {
  readonly keys: readonly SortKey[];
  readonly direction: 'ASC' | 'DESC';
}

const key = (column: string, of: SortKey['of'] = text): SortKey => ({ column: fragment(column), of });

/** The name of the order inside cursors: whatever decides which rows come in which order, apart from filters. */
export const cursorSort = ({ sort, currency, locale }: ProductFilter): string =>
  sort === 'price' || sort === '-price'
    ? `${sort}:${currency}`
    : sort === 'newest'
      ? sort
      : `${sort}:${locale}`;

/** 1 when the name has every word, at the beginning of one of its words (anywhere in languages without blanks). */
function nameRank(q: string): Fragment {
  const words = queryWords(q);
  const params = words.map((word) => (hasNoBlanks(word) ? `%${word}%` : `% ${word}%`));
  const tests = words.map(() => "CONCAT(' ', o.sort_name) LIKE ?").join(' AND ');
  return fragment(`(CASE WHEN ${tests || '1 = 0'} THEN 1 ELSE 0 END)`, ...params);
}

export function orderOf(filter: ProductFilter): Order {
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
      return { keys: [{ column: nameRank(filter.q ?? ''), of: integer }, ...newest], direction: 'DESC' };
  }
}

/** Rows after the cursor's: `k1 <= v1 AND (k1 < v1 OR (k1 = v1 AND ...))`, whose first half an index can serve. */
export function after(order: Order, cursor: CursorKey): Fragment {
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

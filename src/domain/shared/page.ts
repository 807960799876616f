import { DomainError } from './errors.ts';

/** One page of a list. `nextCursor` is opaque, and absent on the last page. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly nextCursor?: string;
}

export interface PageRequest {
  readonly limit: number;
  readonly cursor?: string;
}

/** The sort key of the last row of a page: what the next page starts after. */
export type CursorKey = readonly (string | number)[];

/** `sort` is bound into the cursor, so that one made under another order is refused instead of skipping rows. */
export const encodeCursor = (sort: string, key: CursorKey): string =>
  Buffer.from(JSON.stringify([sort, ...key])).toString('base64url');

export const invalidCursor = (): DomainError =>
  new DomainError(
    'invalid_cursor',
    'the cursor does not belong to this list and sort order: start without one',
    {
      issues: [{ path: 'cursor', message: 'not a cursor of this list' }],
    },
  );

/** @throws DomainError invalid_cursor when it was not made by `encodeCursor` for this sort and this number of keys */
export function decodeCursor(cursor: string, sort: string, length: number): CursorKey {
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    if (Array.isArray(value) && value.length === length + 1 && value[0] === sort) {
      const key: unknown[] = value.slice(1);
      if (key.every((part) => typeof part === 'string' || typeof part === 'number')) return key;
    }
  } catch {
    // not JSON: the same answer as any other foreign cursor
  }
  throw invalidCursor();
}

/** Cuts the row that was read beyond the limit, which only tells that there is a next page. */
export function toPage<T>(rows: readonly T[], limit: number, cursorOf: (row: T) => string): Page<T> {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return rows.length > limit && last !== undefined ? { items, nextCursor: cursorOf(last) } : { items };
}

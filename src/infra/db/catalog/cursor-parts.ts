import { type DomainError, invalidField } from '../../../domain/shared/errors.ts';
import type { SqlParam } from '../values.ts';

/** What a cursor holds came from outside again: each part is checked before it meets a column. */
type Part = string | number | undefined;

/** Milliseconds since 1970. @throws DomainError invalid_cursor */
export function instant(part: Part): SqlParam {
  const date = new Date(typeof part === 'number' ? part : Number.NaN);
  if (Number.isNaN(date.getTime()) || date.getUTCFullYear() < 1000 || date.getUTCFullYear() > 9999) {
    throw foreignCursor();
  }
  return date;
}

/** Minor units, as text. @throws DomainError invalid_cursor */
export function amount(part: Part): SqlParam {
  if (typeof part !== 'string' || !/^\d{1,18}$/.test(part)) throw foreignCursor();
  return BigInt(part);
}

/** @throws DomainError invalid_cursor */
export function text(part: Part): SqlParam {
  if (typeof part !== 'string') throw foreignCursor();
  return part;
}

/** @throws DomainError invalid_cursor */
export function integer(part: Part): SqlParam {
  if (!Number.isSafeInteger(part)) throw foreignCursor();
  return part;
}

const foreignCursor = (): DomainError =>
  invalidField('cursor', 'the cursor does not belong to this list', 'invalid_cursor');

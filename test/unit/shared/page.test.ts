import { describe, expect, it } from '@jest/globals';
import { decodeCursor, encodeCursor, toPage } from '../../../src/domain/shared/page.ts';

describe('cursors', () => {
  it('come back as the key they were made from', () => {
    expect(decodeCursor(encodeCursor('newest', ['2026-01-01', 'id']), 'newest', 2)).toEqual([
      '2026-01-01',
      'id',
    ]);
  });

  it.each([
    ['another sort order', encodeCursor('price', ['1', 'id'])],
    ['another number of keys', encodeCursor('newest', ['1'])],
    ['no JSON', Buffer.from('{').toString('base64url')],
    ['another type', Buffer.from('{"a":1}').toString('base64url')],
    ['a nested value', Buffer.from('["newest",{"$gt":""},"id"]').toString('base64url')],
    ['nothing', ''],
  ])('are refused when made from %s', (_what, cursor) => {
    expect(() => decodeCursor(cursor, 'newest', 2)).toThrow('does not belong to this list');
  });
});

describe('a page', () => {
  const cursorOf = (n: number): string => encodeCursor('n', [n]);

  it('has a next cursor, of its last row, only when a row was read beyond it', () => {
    expect(toPage([1, 2, 3], 2, cursorOf)).toEqual({ items: [1, 2], nextCursor: cursorOf(2) });
    expect(toPage([1, 2], 2, cursorOf)).toEqual({ items: [1, 2] });
    expect(toPage([], 2, cursorOf)).toEqual({ items: [] });
  });
});

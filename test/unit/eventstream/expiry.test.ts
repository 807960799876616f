import { describe, expect, it } from '@jest/globals';
import { Expiry, type KeptPart, placeOf } from '../../../src/domain/eventstream/expiry.ts';
import type { OutboxMark } from '../../../src/domain/eventstream/outbox.store.ts';

const hour = (n: number): Date => new Date(Date.UTC(2026, 0, 1, n));
const mark = (id: string, sentAt: Date, topic: OutboxMark['topic'] = 'order-events'): OutboxMark => ({
  ...{ id, topic, aggregateType: 'order', aggregateId: id, sequence: 1, status: 'sent', sentAt },
});
const place = (partition: number, trimmed: boolean) => ({
  topic: 'order-events' as const,
  partition,
  trimmed,
});
/** The first event of each partition, undefined where nothing is kept. */
const kept = (...partitions: [trimmed: boolean, first: string | undefined][]): KeptPart => ({
  beginnings: partitions.map(([trimmed], i) => place(i, trimmed)),
  oldest: new Map(
    partitions.flatMap(([trimmed, id], i) =>
      id === undefined ? [] : [[placeOf(place(i, trimmed)), { id, occurredAt: hour(0) }]],
    ),
  ),
});

const marks = [1, 2, 3, 4, 5].map((n) => mark(`at-${n}`, hour(n)));
const covered = (...logs: KeptPart[]): string[] => {
  const expiry = new Expiry(logs, marks);
  return marks.filter((m) => expiry.mayCover(m)).map((m) => m.id);
};

describe('what a log may have deleted by its age', () => {
  it('is nothing where every partition has its first message', () => {
    expect(covered(kept([false, 'at-2'], [false, undefined]))).toEqual([]);
  });

  it('is what was sent before the latest beginning of a partition, whatever others still have', () => {
    expect(covered(kept([true, 'at-1'], [true, 'at-3'], [false, 'at-5']))).toEqual(['at-1', 'at-2', 'at-3']);
  });

  it('is anything where a partition has lost all it had', () => {
    expect(covered(kept([true, 'at-2'], [true, undefined]))).toHaveLength(5);
  });

  it('is what was sent before the next log was begun, where a former one has lost all it had', () => {
    expect(covered(kept([true, undefined]), kept([false, 'at-4'], [false, 'at-3']))).toEqual([
      ...['at-1', 'at-2', 'at-3'],
    ]);
  });

  it('is told by topic', () => {
    const expiry = new Expiry([kept([true, undefined])], marks);
    expect(expiry.mayCover(mark('stock', hour(1), 'stock-events'))).toBe(false);
    expect(expiry.any).toBe(true);
  });
});

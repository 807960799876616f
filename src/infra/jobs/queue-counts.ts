import type { QueueCounts } from '../../domain/jobs/job-record.ts';

/** Jobs of one queue in one state. */
export interface Counted {
  readonly n: number;
  /** The earliest of their times to run. */
  readonly since: Date | null | undefined;
}

/** By queue. */
export type CountedByQueue = ReadonlyMap<string, Counted>;

/** Of two stores. */
export function addCounts(
  some: readonly QueueCounts[],
  others: readonly QueueCounts[],
): readonly QueueCounts[] {
  const sums = new Map(some.map((counts) => [counts.queue, counts]));
  for (const one of others) {
    const sum = sums.get(one.queue);
    sums.set(one.queue, sum === undefined ? one : sumOf(sum, one));
  }
  return [...sums.values()];
}

const sumOf = (a: QueueCounts, b: QueueCounts): QueueCounts => ({
  queue: a.queue,
  ready: a.ready + b.ready,
  scheduled: a.scheduled + b.scheduled,
  retrying: a.retrying + b.retrying,
  running: a.running + b.running,
  dead: a.dead + b.dead,
  succeededLastMinute: a.succeededLastMinute + b.succeededLastMinute,
  failedLastMinute: a.failedLastMinute + b.failedLastMinute,
  oldestReadyAt: earlier(a.oldestReadyAt, b.oldestReadyAt),
});

const earlier = (a: Date | undefined, b: Date | undefined): Date | undefined =>
  a === undefined || (b !== undefined && b < a) ? b : a;

/** Each as a store has counted it: the ready, scheduled, retrying, running, dead, lately succeeded and failed. */
export function queueCounts(all: readonly CountedByQueue[]): readonly QueueCounts[] {
  const [ready, scheduled, retrying, running, dead, succeeded, failed] = all;
  const queues = new Set(all.flatMap((counts) => [...counts.keys()]));
  const of = (counts: CountedByQueue | undefined, queue: string): number => counts?.get(queue)?.n ?? 0;
  return [...queues].map((queue) => ({
    queue,
    ready: of(ready, queue),
    scheduled: of(scheduled, queue),
    retrying: of(retrying, queue),
    running: of(running, queue),
    dead: of(dead, queue),
    succeededLastMinute: of(succeeded, queue),
    failedLastMinute: of(failed, queue),
    oldestReadyAt: ready?.get(queue)?.since ?? undefined,
  }));
}

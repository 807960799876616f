import type { QueueCounts } from '../../domain/jobs/job-record.ts';

/** Jobs of one queue in one state. */
export interface Counted {
  readonly n: number;
  /** The earliest of their times to run. */
  readonly since: Date | null | undefined;
}

/** By queue. */
export type CountedByQueue = ReadonlyMap<string, Counted>;

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

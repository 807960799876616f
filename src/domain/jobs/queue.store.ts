import type { Queue } from '../shared/job.ts';

/** How often a queue's jobs may start, over all workers. */
export interface RateLimit {
  readonly jobs: number;
  readonly seconds: number;
}

/** What operators set of a queue at run time. */
export interface QueueSettings {
  /** Jobs that run go on; none starts. */
  readonly paused: boolean;
  /** Jobs of the queue at a time in each worker; undefined: as many as the worker runs. */
  readonly concurrency: number | undefined;
  readonly rateLimit: RateLimit | undefined;
  /** Jobs of a queue with a higher one start first. */
  readonly priority: number;
}

export const DEFAULT_QUEUE_SETTINGS: QueueSettings = {
  paused: false,
  concurrency: undefined,
  rateLimit: undefined,
  priority: 0,
};

export interface QueueStore {
  /** @returns the default settings for a queue that nobody has changed */
  lock(queue: Queue): Promise<QueueSettings>;
  save(queue: Queue, settings: QueueSettings, at: Date): Promise<void>;
}

export interface QueueReadModel {
  /** Of every queue that was ever changed. */
  settings(): Promise<ReadonlyMap<string, QueueSettings>>;
}

import type { Page, PageRequest } from '../shared/page.ts';

/**
 * `ready` waits for a worker, `scheduled` for its time, `retrying` for its next try after one that failed; `dead` has
 * failed for the last time and stays to be looked at.
 */
export const JOB_STATES = [
  'ready',
  'scheduled',
  'retrying',
  'running',
  'succeeded',
  'dead',
  'cancelled',
] as const;
export type JobState = (typeof JOB_STATES)[number];

/** What a list of jobs shows of one. */
export interface JobSummary {
  readonly id: string;
  /** `orders.expire-unpaid` */
  readonly name: string;
  /** The logical queue. */
  readonly queue: string;
  readonly state: JobState;
  /** Higher runs first. */
  readonly priority: number;
  /** As it was enqueued. */
  readonly data: unknown;
  readonly correlationId: string | undefined;
  /** Tries that failed since it was enqueued, or retried by hand. */
  readonly failures: number;
  readonly createdAt: Date;
  /** When it may run; absent when it is over. */
  readonly runAt: Date | undefined;
  /** Of the last try. */
  readonly startedAt: Date | undefined;
  readonly finishedAt: Date | undefined;
  /** The id of the worker that has, or last had it. */
  readonly worker: string | undefined;
  /** The message of the last failure, until it succeeds. */
  readonly error: string | undefined;
}

/**
 * How a try ended: `lost` when its worker died or lost its lock. `retried` is no try: an operator had the job run
 * again, and what was before it counts no more.
 */
export const ATTEMPT_OUTCOMES = ['succeeded', 'failed', 'timed-out', 'lost', 'retried'] as const;
export type AttemptOutcome = (typeof ATTEMPT_OUTCOMES)[number];

/** One try of a job that is over, or what an operator did between two. */
export interface JobAttempt {
  readonly startedAt: Date;
  readonly endedAt: Date;
  readonly worker: string | undefined;
  readonly outcome: AttemptOutcome;
  readonly error?: string;
  readonly stack?: string;
}

export interface JobDetail extends JobSummary {
  readonly uniqueKey: string | undefined;
  readonly traceparent: string | undefined;
  /** What the handler gave back, kept as long as the job. */
  readonly result: unknown;
  /** The last ones, oldest first. A try that goes on is not among them: see `startedAt`. */
  readonly attempts: readonly JobAttempt[];
}

/** How many attempts of a job are kept. */
export const KEPT_ATTEMPTS = 20;

export interface JobFilter {
  readonly state?: JobState | undefined;
  readonly queue?: string | undefined;
  readonly name?: string | undefined;
  /** Occurs in the id, the name, the data, the key or the error. */
  readonly text?: string | undefined;
}

/** How many jobs of a queue are in each state that does not grow for ever, and how fast it moves. */
export interface QueueCounts {
  readonly queue: string;
  readonly ready: number;
  readonly scheduled: number;
  readonly retrying: number;
  readonly running: number;
  readonly dead: number;
  /** Jobs that finished in the last minute, well or for the last time. */
  readonly succeededLastMinute: number;
  readonly failedLastMinute: number;
  /** When the job that waits longest became ready. */
  readonly oldestReadyAt: Date | undefined;
}

export const JOB_ACTIONS = ['retry', 'cancel', 'delete', 'run-now'] as const;
/**
 * `retry` runs a finished, dead or cancelled job again; `run-now` does not wait for its time; `cancel` ends one that
 * waits or runs (a running handler is told by its signal, and changes the job no more); `delete` forgets one that
 * does not run.
 */
export type JobAction = (typeof JOB_ACTIONS)[number];

/** The job store as operators see it, whichever it is. */
export interface JobControl {
  /** Newest first. @throws DomainError invalid_cursor */
  page(filter: JobFilter, page: PageRequest): Promise<Page<JobSummary>>;
  find(id: string): Promise<JobDetail | undefined>;
  /** The job of a unique key. */
  findByKey(uniqueKey: string): Promise<JobDetail | undefined>;
  /** What a worker runs at this moment. */
  runningOn(workerIds: readonly string[]): Promise<readonly JobSummary[]>;
  /** Queues without jobs are left out. */
  counts(): Promise<readonly QueueCounts[]>;
  /** Each job by itself. @returns the ids of those whose state allowed it */
  change(action: JobAction, ids: readonly string[]): Promise<readonly string[]>;
  close(): Promise<void>;
}

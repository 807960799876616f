import type { JobParameters, JobRepository } from 'agenda';
import type { JobAttempt } from '../../domain/jobs/job-record.ts';

/** A job with the proof that this process holds it: only who shows the token may change its state. */
export interface HeldJob extends JobParameters {
  readonly lockToken: string;
  readonly queue: string;
  readonly claimedAt: Date;
  /** The tries before this one. */
  readonly attempts: readonly JobAttempt[];
  /** Its last worker gave no sign of life any more: that this one starts it is stored before it does. */
  readonly takenOver?: boolean;
}

/** How the try that runs has ended, until it is stored. */
export type Ending =
  | { readonly outcome: 'succeeded'; readonly result: unknown }
  | { readonly outcome: 'failed' | 'timed-out'; readonly error: Error };

export interface Held {
  readonly job: HeldJob;
  /** When its handler began; it may have waited here. */
  startedAt?: Date;
  /** The store knows that it has. */
  startStored?: boolean;
  ending?: Ending;
  /** Tells the handler to stop, and ends the try. */
  cutOff?: (reason: Error) => void;
  /** Only tells the handler. */
  ask?: (reason: WorkerStops) => void;
}

/** What was claimed here and is not finished or given back. */
export class HeldJobs {
  readonly #jobs = new Map<string, Held>();
  #processed = 0;
  readonly #offered: HeldJob[] = [];

  get count(): number {
    return this.#jobs.size;
  }

  /** Jobs whose try ended here, one way or another. */
  get processed(): number {
    return this.#processed;
  }

  get all(): readonly HeldJob[] {
    return [...this.#jobs.values()].map(({ job }) => job);
  }

  countOf(queue: string): number {
    let count = 0;
    for (const { job } of this.#jobs.values()) if (job.queue === queue) count++;
    return count;
  }

  has(id: string): boolean {
    return this.#jobs.has(id);
  }

  /** What is held already must not be claimed: two tries would run at once, and the first would end the second. */
  add(jobs: readonly HeldJob[]): void {
    for (const job of jobs)
      if (job._id !== undefined) this.#jobs.set(job._id, { job, startStored: job.lastRunAt !== undefined });
  }

  get(id: string): Held | undefined {
    return this.#jobs.get(id);
  }

  /** What has started without the store knowing. */
  get unstoredStarts(): readonly Held[] {
    return [...this.#jobs.values()].filter((held) => held.startedAt !== undefined && !held.startStored);
  }

  /** Given back, or not to be started. */
  letGo(id: string): void {
    this.#jobs.delete(id);
  }

  /** Its try is over, and that is stored as far as it can be. */
  finish(id: string): void {
    if (this.#jobs.delete(id)) this.#processed++;
  }

  /** Agenda is given them when it looks for one of their name. */
  offer(job: HeldJob): void {
    this.#offered.push(job);
  }

  takeOffered(name: string): HeldJob | undefined {
    const index = this.#offered.findIndex((job) => job.name === name);
    return index === -1 ? undefined : this.#offered.splice(index, 1)[0];
  }

  /** Asks every handler to stop. */
  ask(reason: WorkerStops): void {
    for (const held of this.#jobs.values()) held.ask?.(reason);
  }
}

/** A name with jobs that are due. */
export interface DueName {
  readonly name: string;
  /** The highest of its jobs. */
  readonly priority: number;
}

/** A job store for Agenda. Agenda runs what was claimed and says how it went; what is claimed is decided here. */
export interface ClaimingRepository extends JobRepository {
  readonly held: HeldJobs;
  due(names: readonly string[]): Promise<readonly DueName[]>;
  /**
   * Claims at most `count` due jobs of one name, by priority, and holds them. The first `starting` of them start now;
   * only a try that has started is lost with its worker.
   */
  claim(name: string, count: number, starting: number): Promise<readonly HeldJob[]>;
  /** Stores that a job which was taken over starts. @returns false when it is not held any more */
  storeStart(job: HeldJob): Promise<boolean>;
  /** What waits in these queues under a name that nobody here knows. */
  unknownNames(queues: readonly string[], known: readonly string[]): Promise<readonly string[]>;
  /** A sign of life for all that is held, with the starts that are not stored yet. @returns the ids that are another worker's by now, or were cancelled */
  renew(): Promise<readonly string[]>;
  /** Gives back what is held here. Never throws: the lock ends by itself. */
  unlockJobs(ids: readonly string[]): Promise<void>;
}

/**
 * What Agenda is told of every claim. Its own expiry compares this with the clock of one process, cannot be undone,
 * and keeps a timer for half a lock's life after each job: so it never comes, and the store alone decides, by
 * `lockSeconds` since the last sign of life.
 */
export const HELD_FOREVER = new Date('9999-12-31T00:00:00Z');

export interface ClaimLimits {
  /** The id of the worker, stored with what it claims. */
  readonly worker: string;
  /** A claim ends after so long without a sign of life. */
  readonly lockSeconds: number;
  /** A job whose worker was lost so often is not tried again: it may be what kills them. */
  readonly maxLost: number;
}

export const lockDeadline = (lockSeconds: number): Date => new Date(Date.now() - lockSeconds * 1000);

/** Another worker took the job over, after its lock had not been renewed in time; or an operator cancelled it. */
export class LockLost extends Error {
  override readonly name = 'LockLost';
}

/** Why a handler is asked to stop when its worker does. A try that ends with it is given back: it has not failed. */
export class WorkerStops extends Error {
  override readonly name = 'WorkerStops';

  constructor() {
    super('the worker stops');
  }
}

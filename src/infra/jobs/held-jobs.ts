import type { JobParameters, JobRepository } from 'agenda';

/** A job with the proof that this process holds it: only who shows the token may change its state. */
export interface HeldJob extends JobParameters {
  readonly lockToken: string;
}

/** @throws Error for a job that was not claimed by this repository */
export function lockTokenOf(job: JobParameters): string {
  const { lockToken } = job as Partial<HeldJob>;
  if (lockToken === undefined) throw new Error(`job ${job._id ?? '?'} was not claimed here`);
  return lockToken;
}

/** What was claimed here and is not finished or given back, so that a stop can wait for it. */
export class HeldJobs {
  readonly #tokens = new Map<string, string>();
  readonly #claims = new Set<Promise<unknown>>();
  readonly #limit: number;
  #taking = 0;
  #paused = false;

  /** @param limit jobs that can run at once: what is claimed beyond it would only grow old here */
  constructor(limit: number) {
    this.#limit = limit;
  }

  get count(): number {
    return this.#tokens.size;
  }

  tokenOf(id: string): string | undefined {
    return this.#tokens.get(id);
  }

  /** Looks for a job and takes it, unless paused. */
  async claim(work: () => Promise<HeldJob | undefined>): Promise<HeldJob | undefined> {
    if (this.#paused) return undefined;
    const claim = work();
    this.#claims.add(claim);
    try {
      return await claim;
    } finally {
      this.#claims.delete(claim);
    }
  }

  /** Takes one job that is known to be due, unless as many are held as can run: Agenda itself asks for more. */
  async take(work: () => Promise<HeldJob | undefined>): Promise<HeldJob | undefined> {
    if (this.#tokens.size + this.#taking >= this.#limit) return undefined;
    this.#taking++;
    try {
      const job = await work();
      if (job?._id !== undefined) this.#tokens.set(job._id, job.lockToken);
      return job;
    } finally {
      this.#taking--;
    }
  }

  letGo(id: string): void {
    this.#tokens.delete(id);
  }

  /** No claim succeeds from now on; resolves when those under way are through. */
  async pause(): Promise<void> {
    this.#paused = true;
    await Promise.allSettled([...this.#claims]);
  }
}

/** A job store for Agenda whose claims can be paused and counted. */
export interface ClaimingRepository extends JobRepository {
  readonly held: HeldJobs;
  /** A sign of life for a job that runs. @throws LockLost */
  renew(id: string): Promise<void>;
}

/**
 * What Agenda is told of every claim. Its own expiry compares this with the clock of one process, cannot be undone,
 * and keeps a timer for half a lock's life after each job: so it never comes, and the store alone decides, by
 * `lockSeconds` since the last sign of life.
 */
export const HELD_FOREVER = new Date('9999-12-31T00:00:00Z');

export interface ClaimLimits {
  /** A claim ends after so long without a sign of life. */
  readonly lockSeconds: number;
  /** Jobs held at once. */
  readonly held: number;
}

export const lockDeadline = (lockSeconds: number): Date => new Date(Date.now() - lockSeconds * 1000);

/** Another worker took the job over, after its lock had not been renewed in time. */
export class LockLost extends Error {
  override readonly name = 'LockLost';
}

/** The names of the jobs that are due. Agenda asks for each name at the same moment: one query answers them all. */
export class DueNames {
  readonly #query: () => Promise<readonly string[]>;
  #shared: Promise<ReadonlySet<string>> | undefined;

  constructor(query: () => Promise<readonly string[]>) {
    this.#query = query;
  }

  async has(name: string): Promise<boolean> {
    if (this.#shared === undefined) {
      this.#shared = this.#query().then((names) => new Set(names));
      // What is asked later may have been enqueued later.
      queueMicrotask(() => {
        this.#shared = undefined;
      });
    }
    return (await this.#shared).has(name);
  }
}

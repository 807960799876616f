import type { HeldJob } from './held-jobs.ts';

/** So much work is claimed ahead, in milliseconds of all that run at once. */
const AHEAD = 50;
const MAX_AHEAD = 200;
/** A job that was claimed ahead, and has not started by then, is given back. */
const STALE = 1000;
/** Of each new time in the mean. */
const WEIGHT = 0.1;

/**
 * Jobs that were claimed and wait to start. Short ones are claimed ahead, so that a worker does not ask the store
 * between any two; of long ones there are none, so that none waits here while another worker is idle.
 */
export class JobBuffer {
  #jobs: HeldJob[] = [];
  #meanMilliseconds = Number.POSITIVE_INFINITY;

  get size(): number {
    return this.#jobs.length;
  }

  /** How many may wait, beside `limit` that run. */
  ahead(limit: number): number {
    const starts = (limit * AHEAD) / Math.max(this.#meanMilliseconds, 0.1);
    return Math.min(MAX_AHEAD, Math.floor(starts));
  }

  put(jobs: readonly HeldJob[]): void {
    this.#jobs.push(...jobs);
  }

  next(): HeldJob | undefined {
    return this.#jobs.shift();
  }

  /** A job ran for so long. */
  ran(milliseconds: number): void {
    const mean = this.#meanMilliseconds;
    this.#meanMilliseconds = Number.isFinite(mean) ? mean + (milliseconds - mean) * WEIGHT : milliseconds;
  }

  /** @returns the job, when it waited here */
  drop(id: string): HeldJob | undefined {
    const dropped = this.#jobs.find((job) => job._id === id);
    this.#jobs = this.#jobs.filter((job) => job !== dropped);
    return dropped;
  }

  /** Takes all of them out when the first has waited too long: what runs takes longer than what ran. */
  stale(): readonly HeldJob[] {
    const [first] = this.#jobs;
    if (first === undefined || Date.now() - first.claimedAt.getTime() < STALE) return [];
    this.#meanMilliseconds = STALE;
    return this.empty();
  }

  empty(): readonly HeldJob[] {
    const jobs = this.#jobs;
    this.#jobs = [];
    return jobs;
  }
}

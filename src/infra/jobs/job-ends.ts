import { setTimeout as delay } from 'node:timers/promises';
import type { JobParameters } from 'agenda';
import type { JobAttempt } from '../../domain/jobs/job-record.ts';
import { isUnavailable } from '../../domain/shared/errors.ts';
import { errorFacts, type Log } from '../../domain/shared/log.ts';
import { attemptsAfter, failReason, resultJson } from './attempt-record.ts';
import { GroupCommit } from './group-commit.ts';
import { HELD_FOREVER, type Held, type HeldJobs, LockLost } from './held-jobs.ts';

const FIRST_WAIT = 100;
const MAX_WAIT = 2000;
/** After so many refusals an end is stored without what may be wrong with it. */
const REFUSALS = 3;

/** What becomes of a job after a try, as a store writes it. */
export interface JobEnd {
  readonly id: string;
  readonly name: string;
  readonly lockToken: string;
  readonly nextRunAt: Date | null;
  readonly startedAt: Date;
  readonly finishedAt: Date;
  readonly failedAt: Date | undefined;
  readonly failCount: number;
  readonly failReason: string | undefined;
  /** As JSON. */
  readonly result: string | null;
  readonly attempts: readonly JobAttempt[];
}

export interface JobEndsDeps {
  readonly held: HeldJobs;
  readonly worker: string;
  readonly log: Log;
  /** Together or not at all. @returns the ids of jobs that were cancelled or taken over: those are left alone */
  store(ends: readonly JobEnd[]): Promise<readonly string[]>;
}

/**
 * Stores how tries ended, many at once. One that a store refuses keeps no other back, and is stored without what may
 * be wrong with it; while the store is away the ends wait for it here, as long as the job is held.
 */
export class JobEnds {
  readonly #deps: JobEndsDeps;
  readonly #group: GroupCommit<JobEnd>;

  constructor(deps: JobEndsDeps) {
    this.#deps = deps;
    this.#group = new GroupCommit((ends) => this.#store(ends));
  }

  /** @throws LockLost when the job is not held here any more: nothing is changed */
  async save(job: JobParameters): Promise<void> {
    // Agenda looks at it all the while, and takes a job without it for one that was lost.
    job.lockedAt = HELD_FOREVER;
    const id = job._id ?? '';
    const entry = this.#deps.held.get(id);
    if (entry === undefined) throw new LockLost(`job ${id} (${job.name}) is not held here any more`);
    try {
      await this.#saveWhileHeld(endOf(job, entry, this.#deps.worker), entry);
    } finally {
      if (this.#isHeld(id, entry)) this.#deps.held.finish(id);
    }
  }

  #isHeld(id: string, entry: Held): boolean {
    return this.#deps.held.get(id) === entry;
  }

  async #saveWhileHeld(full: JobEnd, entry: Held): Promise<void> {
    let refusals = 0;
    for (let wait = FIRST_WAIT; ; wait = Math.min(2 * wait, MAX_WAIT)) {
      try {
        await this.#group.add(refusals < REFUSALS ? full : withoutDetails(full));
        return;
      } catch (error) {
        const { id: jobId, name: job } = full;
        if (wait === FIRST_WAIT)
          this.#deps.log.warn(
            { ...errorFacts(error), job, jobId },
            'the end of a job was not stored: that is tried again',
          );
        if (!isUnavailable(error)) refusals++;
        await delay(wait);
        if (!this.#isHeld(jobId, entry))
          throw new LockLost(`job ${jobId} (${job}) was given back before its end could be stored`);
      }
    }
  }

  async #store(ends: readonly JobEnd[]): Promise<void> {
    for (const id of await this.#deps.store(ends))
      this.#deps.log.warn({ jobId: id }, 'a job was cancelled or taken over: its end is not stored');
  }
}

function endOf(job: JobParameters, { job: held, ending, startedAt }: Held, worker: string): JobEnd {
  const finishedAt = job.lastFinishedAt ?? new Date();
  // Agenda keeps the failure before: it is among the attempts.
  const succeeded = ending?.outcome === 'succeeded';
  return {
    id: held._id ?? '',
    name: held.name,
    lockToken: held.lockToken,
    nextRunAt: job.nextRunAt,
    startedAt: startedAt ?? held.claimedAt,
    finishedAt,
    failedAt: succeeded ? undefined : job.failedAt,
    failCount: job.failCount ?? 0,
    failReason: succeeded ? undefined : failReason(job),
    result: resultJson(ending),
    attempts: attemptsAfter(held, ending, { worker, startedAt, endedAt: finishedAt }),
  };
}

/** What a handler gave or threw may be what the store does not take. */
const withoutDetails = (end: JobEnd): JobEnd => ({
  ...end,
  failReason: end.failReason === undefined ? undefined : 'the error could not be kept',
  result: end.result === null ? null : JSON.stringify('the result could not be kept'),
  attempts: end.attempts.map(({ startedAt, endedAt, worker, outcome }) => ({
    startedAt,
    endedAt,
    worker,
    outcome,
  })),
});

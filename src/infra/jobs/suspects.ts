import { lostInARow } from './attempt-record.ts';
import type { HeldJob, HeldJobs } from './held-jobs.ts';

/** A job whose worker was lost so often in a row may be what kills it. */
const SUSPECT = 2;

const isSuspect = ({ attempts }: HeldJob): boolean => lostInARow(attempts) >= SUSPECT;

export interface Parted {
  readonly runs: readonly HeldJob[];
  readonly waits: readonly HeldJob[];
}

/**
 * A worker runs one suspect at a time, and the others wait. A harmless job that was lost with one that kills its
 * worker is so not beside it any more, and does not die with it.
 */
export function partSuspects(taken: readonly HeldJob[], held: HeldJobs): Parted {
  let one = held.all.find(isSuspect);
  const waits = taken.filter((job) => {
    if (!isSuspect(job)) return false;
    one ??= job;
    return one !== job;
  });
  return { runs: taken.filter((job) => !waits.includes(job)), waits };
}

/** About as long as it takes to learn that a worker is lost; not all at the same moment. */
export const waitsUntil = (lockSeconds: number): Date =>
  new Date(Date.now() + lockSeconds * 1000 * (0.5 + Math.random() / 2));

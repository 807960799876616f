import type { JobParameters } from 'agenda';
import type { JobAttempt } from '../../domain/jobs/job-record.ts';
import type { Ending, HeldJob } from './held-jobs.ts';
import { withAttempt } from './job-view.ts';

const MAX_ERROR = 1000;
const MAX_STACK = 4000;
const MAX_RESULT = 10_000;
/** MariaDB takes 32 levels of JSON, MySQL and MongoDB about 100. */
const MAX_DEPTH = 30;

/** The tries of a job including the one that has just ended. */
export function attemptsAfter(
  job: HeldJob,
  ending: Ending | undefined,
  {
    worker,
    startedAt = job.claimedAt,
    endedAt,
  }: { worker: string; startedAt: Date | undefined; endedAt: Date },
): readonly JobAttempt[] {
  const base = { startedAt, endedAt, worker };
  if (ending === undefined) return withAttempt(job.attempts, { ...base, outcome: 'lost' });
  if (ending.outcome === 'succeeded') return withAttempt(job.attempts, { ...base, outcome: 'succeeded' });
  const { message, stack } = ending.error;
  return withAttempt(job.attempts, {
    ...base,
    outcome: ending.outcome,
    error: message.slice(0, MAX_ERROR),
    ...(stack === undefined ? {} : { stack: stack.slice(0, MAX_STACK) }),
  });
}

/** A try whose worker gave no sign of life any more. */
export const lostAttempt = (startedAt: Date, worker: string | undefined): JobAttempt => ({
  startedAt,
  endedAt: new Date(),
  worker,
  outcome: 'lost',
});

/** An operator had it run again: what was lost before counts no more. */
export const retriedByHand = (at: Date): JobAttempt => ({
  startedAt: at,
  endedAt: at,
  worker: undefined,
  outcome: 'retried',
});

/** How often in a row, up to now, the job's worker was lost. */
export function lostInARow(attempts: readonly JobAttempt[]): number {
  const kept = attempts.findLastIndex((attempt) => attempt.outcome !== 'lost');
  return attempts.length - 1 - kept;
}

/** As JSON; one that is too long or too deep, or is none, is told in words. */
export function resultJson(ending: Ending | undefined): string | null {
  if (ending?.outcome !== 'succeeded' || ending.result === undefined) return null;
  try {
    const json = JSON.stringify(ending.result, (_, value: unknown) =>
      typeof value === 'bigint' ? value.toString() : value,
    ) as string | undefined;
    if (json === undefined) return null;
    if (json.length > MAX_RESULT) return JSON.stringify(`${json.length} characters: too long to keep`);
    return depthOf(JSON.parse(json)) <= MAX_DEPTH ? json : JSON.stringify('nested too deeply to keep');
  } catch (error) {
    return JSON.stringify(`not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function depthOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  return 1 + Object.values(value).reduce<number>((depth, each) => Math.max(depth, depthOf(each)), 0);
}

export const failReason = (job: JobParameters): string | undefined => job.failReason?.slice(0, MAX_ERROR);

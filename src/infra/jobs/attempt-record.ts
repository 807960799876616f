import type { JobParameters } from 'agenda';
import type { JobAttempt } from '../../domain/jobs/job-record.ts';
import type { Ending, HeldJob } from './held-jobs.ts';
import { withAttempt } from './job-view.ts';

const MAX_ERROR = 1000;
const MAX_STACK = 4000;
const MAX_RESULT = 10_000;

/** The tries of a job including the one that has just ended. */
export function attemptsAfter(
  job: HeldJob,
  ending: Ending | undefined,
  { worker, endedAt }: { worker: string; endedAt: Date },
): readonly JobAttempt[] {
  const base = { startedAt: job.claimedAt, endedAt, worker };
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

/** How often in a row, up to now, the job's worker was lost. */
export function lostInARow(attempts: readonly JobAttempt[]): number {
  const kept = attempts.findLastIndex((attempt) => attempt.outcome !== 'lost');
  return attempts.length - 1 - kept;
}

/** As JSON; one that is too long, or is none, is told in words. */
export function resultJson(ending: Ending | undefined): string | null {
  if (ending?.outcome !== 'succeeded' || ending.result === undefined) return null;
  try {
    const json = JSON.stringify(ending.result, (_, value: unknown) =>
      typeof value === 'bigint' ? value.toString() : value,
    ) as string | undefined;
    if (json === undefined) return null;
    return json.length <= MAX_RESULT ? json : JSON.stringify(`${json.length} characters: too long to keep`);
  } catch (error) {
    return JSON.stringify(`not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}

export const failReason = (job: JobParameters): string | undefined => job.failReason?.slice(0, MAX_ERROR);

import { z } from 'zod';
import {
  ATTEMPT_OUTCOMES,
  type JobAttempt,
  type JobDetail,
  type JobState,
  type JobSummary,
  KEPT_ATTEMPTS,
} from '../../domain/jobs/job-record.ts';

/** What is stored with a job: its data, and what caused it. */
export const JobEnvelope = z.object({
  data: z.unknown(),
  correlationId: z.string().optional(),
  traceparent: z.string().optional(),
});

const Attempt = z.object({
  startedAt: z.coerce.date(),
  endedAt: z.coerce.date(),
  // MongoDB keeps what is undefined as null.
  worker: z.string().nullish(),
  outcome: z.enum(ATTEMPT_OUTCOMES),
  error: z.string().optional(),
  stack: z.string().optional(),
});

/** Of what a job store keeps of past tries; one that cannot be read, as a later version wrote it, is left out. */
export function toAttempts(stored: unknown): JobAttempt[] {
  if (!Array.isArray(stored)) return [];
  return stored.flatMap((one: unknown) => {
    const { data } = Attempt.safeParse(one);
    if (data === undefined) return [];
    const { worker, error, stack, ...attempt } = data;
    return {
      ...attempt,
      worker: worker ?? undefined,
      ...(error === undefined ? {} : { error }),
      ...(stack === undefined ? {} : { stack }),
    };
  });
}

export const withAttempt = (before: readonly JobAttempt[], attempt: JobAttempt): readonly JobAttempt[] =>
  [...before, attempt].slice(-KEPT_ATTEMPTS);

/** A job as either store has it. */
export interface StoredJob {
  readonly id: string;
  readonly name: string;
  readonly queue: string;
  readonly data: unknown;
  readonly priority: number;
  readonly uniqueKey: string | undefined;
  readonly createdAt: Date;
  readonly nextRunAt: Date | undefined;
  readonly locked: boolean;
  readonly disabled: boolean;
  readonly lastRunAt: Date | undefined;
  readonly lastFinishedAt: Date | undefined;
  readonly failCount: number;
  readonly failReason: string | undefined;
  readonly worker: string | undefined;
  readonly result: unknown;
  readonly attempts: unknown;
}

export function stateOf(job: StoredJob, now: Date): JobState {
  if (job.disabled) return 'cancelled';
  if (job.locked) return 'running';
  if (job.nextRunAt === undefined) return job.failCount > 0 ? 'dead' : 'succeeded';
  if (job.nextRunAt <= now) return 'ready';
  return job.failCount > 0 ? 'retrying' : 'scheduled';
}

export function toSummary(job: StoredJob, now: Date): JobSummary {
  const state = stateOf(job, now);
  const envelope = JobEnvelope.safeParse(job.data);
  return {
    id: job.id,
    name: job.name,
    queue: job.queue,
    state,
    priority: job.priority,
    data: envelope.success ? envelope.data.data : job.data,
    correlationId: envelope.data?.correlationId,
    failures: job.failCount,
    createdAt: job.createdAt,
    runAt: state === 'running' ? undefined : job.nextRunAt,
    startedAt: job.lastRunAt,
    finishedAt: state === 'running' ? undefined : job.lastFinishedAt,
    worker: job.worker,
    error: job.failReason,
  };
}

export const toDetail = (job: StoredJob, now: Date): JobDetail => ({
  ...toSummary(job, now),
  uniqueKey: job.uniqueKey,
  traceparent: JobEnvelope.safeParse(job.data).data?.traceparent,
  result: job.result,
  attempts: toAttempts(job.attempts),
});

import { z } from 'zod';
import {
  ATTEMPT_OUTCOMES,
  JOB_ACTIONS,
  JOB_STATES,
  type JobAttempt,
  type JobDetail,
  type JobSummary,
} from '../../domain/jobs/job-record.ts';
import { QUEUES } from '../../domain/shared/job.ts';
import { pageParams, pageView } from '../fields.ts';

const instant = z.iso.datetime().nullable();
const text = z.string().nullable();

export const JobListParams = z.strictObject({
  ...pageParams,
  state: z.enum(JOB_STATES).exactOptional(),
  queue: z.enum(QUEUES).exactOptional(),
  name: z.string().min(1).max(120).exactOptional(),
  text: z
    .string()
    .min(1)
    .max(200)
    .exactOptional()
    .meta({ description: 'occurs in the id, the name, the data, the key or the error' }),
});

/** Ids of the job store, whichever it is. */
export const jobIdField = z.string().min(1).max(64);

export const JobActionBody = z.strictObject({
  action: z.enum(JOB_ACTIONS),
  ids: z.array(jobIdField).min(1).max(1000),
});

export const EnqueueBody = z.strictObject({
  name: z.string().min(1).max(120),
  data: z.unknown().optional().meta({ description: 'what the job takes; {} by default' }),
  key: z
    .string()
    .min(1)
    .max(120)
    .exactOptional()
    .meta({ description: 'makes one job, however often it is asked for with this key' }),
});

export const EnqueuedView = z.object({ jobKey: z.string() }).meta({ id: 'EnqueuedJob' });

export const ChangedJobsView = z
  .object({ changed: z.array(z.string()), unchanged: z.array(z.string()) })
  .meta({ id: 'ChangedJobs' });

export const JobView = z
  .object({
    id: z.string(),
    name: z.string(),
    queue: z.string(),
    state: z.enum(JOB_STATES),
    priority: z.int(),
    data: z.unknown(),
    correlationId: text,
    failures: z.int(),
    createdAt: z.iso.datetime(),
    runAt: instant,
    startedAt: instant,
    finishedAt: instant,
    worker: text,
    error: text,
  })
  .meta({ id: 'Job' });

export const JobPageView = pageView(JobView).meta({ id: 'JobPage' });

const AttemptView = z.object({
  startedAt: z.iso.datetime(),
  endedAt: z.iso.datetime(),
  worker: text,
  outcome: z.enum(ATTEMPT_OUTCOMES),
  error: text,
  stack: text,
});

export const JobDetailView = JobView.extend({
  uniqueKey: text,
  traceparent: text,
  result: z.unknown(),
  attempts: z.array(AttemptView),
}).meta({ id: 'JobDetail' });

export const iso = (at: Date | undefined): string | null => at?.toISOString() ?? null;

export const presentJob = (job: JobSummary): z.input<typeof JobView> => ({
  id: job.id,
  name: job.name,
  queue: job.queue,
  state: job.state,
  priority: job.priority,
  data: job.data ?? null,
  correlationId: job.correlationId ?? null,
  failures: job.failures,
  createdAt: job.createdAt.toISOString(),
  runAt: iso(job.runAt),
  startedAt: iso(job.startedAt),
  finishedAt: iso(job.finishedAt),
  worker: job.worker ?? null,
  error: job.error ?? null,
});

export const presentJobDetail = (job: JobDetail): z.input<typeof JobDetailView> => ({
  ...presentJob(job),
  uniqueKey: job.uniqueKey ?? null,
  traceparent: job.traceparent ?? null,
  result: job.result ?? null,
  attempts: job.attempts.map(presentAttempt),
});

const presentAttempt = (attempt: JobAttempt): z.input<typeof AttemptView> => ({
  startedAt: attempt.startedAt.toISOString(),
  endedAt: attempt.endedAt.toISOString(),
  worker: attempt.worker ?? null,
  outcome: attempt.outcome,
  error: attempt.error ?? null,
  stack: attempt.stack ?? null,
});

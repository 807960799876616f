import type { z } from 'zod';
import { DomainError } from './errors.ts';

export const QUEUES = ['default', 'orders', 'payments', 'notifications'] as const;
/** The logical queue; its configured name is the job store's business. */
export type Queue = (typeof QUEUES)[number];

/**
 * @param name logical, or as it is configured
 * @throws DomainError `code`, naming the queues that there are
 */
export function queueOf(
  name: string,
  configured: Readonly<Record<Queue, string>>,
  code: 'not_found' | 'validation_failed',
): Queue {
  const queue = QUEUES.find((q) => configured[q] === name) ?? QUEUES.find((q) => q === name);
  if (queue !== undefined) return queue;
  const known = QUEUES.map((q) => configured[q]).join(', ');
  throw new DomainError(code, `there is no queue ${name}: the queues are ${known}`);
}

/** What a job is called, where it runs and what it takes. The handler lives in src/jobs. */
export interface JobType<D> {
  /** `orders.expire-unpaid` */
  readonly name: string;
  readonly queue: Queue;
  readonly summary: string;
  readonly data: z.ZodType<D>;
}

export const defineJob = <D>(job: JobType<D>): JobType<D> => job;

/** @throws DomainError validation_failed that names the job and each wrong field */
export function checkJobData<D>(job: JobType<D>, data: unknown): D {
  const result = job.data.safeParse(data);
  if (result.success) return result.data;
  const issues = result.error.issues.map(({ path, message }) => ({
    path: ['data', ...path].join('.'),
    message,
  }));
  const told = issues.map(({ path, message }) => `${path}: ${message}`).join('; ');
  throw new DomainError('validation_failed', `the data is not what the job ${job.name} takes: ${told}`, {
    issues,
    cause: result.error,
  });
}

export interface EnqueueOptions {
  /** Two enqueues with the same key make one job. */
  readonly uniqueKey?: string;
  readonly runAt?: Date;
  /** Higher runs first among the jobs that are due; 0 by default. */
  readonly priority?: number;
}

/** Where work is put that must be done later. On the transaction's copy the job commits with the data. */
export interface JobQueue {
  /** @throws DomainError validation_failed for data that the job does not take */
  enqueue<D>(job: JobType<D>, data: D, options?: EnqueueOptions): Promise<void>;
}

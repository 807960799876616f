import type { z } from 'zod';

export const QUEUES = ['default', 'orders', 'payments', 'notifications'] as const;
/** The logical queue; its configured name is the job store's business. */
export type Queue = (typeof QUEUES)[number];

/** What a job is called, where it runs and what it takes. The handler lives in src/jobs. */
export interface JobType<D> {
  /** `orders.expire-unpaid` */
  readonly name: string;
  readonly queue: Queue;
  readonly summary: string;
  readonly data: z.ZodType<D>;
}

export const defineJob = <D>(job: JobType<D>): JobType<D> => job;

export interface EnqueueOptions {
  /** Two enqueues with the same key make one job. */
  readonly uniqueKey?: string;
  readonly runAt?: Date;
}

/** Where work is put that must be done later. On the transaction's copy the job commits with the data. */
export interface JobQueue {
  enqueue<D>(job: JobType<D>, data: D, options?: EnqueueOptions): Promise<void>;
}

import type { Clock } from '../../../domain/shared/clock.ts';
import { currentContext } from '../../../domain/shared/context.ts';
import { invalidField } from '../../../domain/shared/errors.ts';
import { newId } from '../../../domain/shared/ids.ts';
import {
  checkJobData,
  type EnqueueOptions,
  type JobQueue,
  type JobType,
} from '../../../domain/shared/job.ts';
import type { Sql } from '../sql.ts';

const MAX_PRIORITY = 100;

/** Told after every commit that enqueued jobs. */
export const JOBS_SIGNAL = 'jobs';

/** Told when jobs in MongoDB may have become ready: handed over, or changed by operators. */
export const READY_JOBS_SIGNAL = 'ready-jobs';

/** What is stored with a job: its data, and what caused it. */
export interface JobEnvelope {
  readonly data: unknown;
  readonly correlationId?: string;
  readonly traceparent?: string;
}

/** Jobs that commit with the data of their transaction. */
export class SqlJobQueue implements JobQueue {
  readonly #sql: Sql;
  readonly #clock: Clock;

  constructor(sql: Sql, clock: Clock) {
    this.#sql = sql;
    this.#clock = clock;
  }

  async enqueue<D>(job: JobType<D>, data: D, options: EnqueueOptions = {}): Promise<void> {
    const now = this.#clock.now();
    const { priority = 0 } = options;
    if (!Number.isInteger(priority) || Math.abs(priority) > MAX_PRIORITY)
      throw invalidField('priority', `a whole number from -${MAX_PRIORITY} to ${MAX_PRIORITY}`);
    const { runAt = now } = options;
    const envelope: JobEnvelope = { data: checkJobData(job, data), ...currentContext() };
    const duplicate =
      this.#sql.kind === 'sqlite' ? 'ON CONFLICT DO NOTHING' : 'ON DUPLICATE KEY UPDATE id = id';
    await this.#sql.run(
      `INSERT INTO jobs (id, name, queue, data, priority, turn, unique_key, next_run_at, fail_count, disabled, created_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?) ${duplicate}`,
      [
        newId(),
        job.name,
        job.queue,
        JSON.stringify(envelope),
        priority,
        // A worker gives it its turn when its time has come.
        runAt > now ? null : -priority,
        options.uniqueKey,
        runAt,
        false,
        now,
      ],
    );
    this.#sql.signal(JOBS_SIGNAL);
  }
}

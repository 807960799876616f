import {
  DEFAULT_QUEUE_SETTINGS,
  type QueueReadModel,
  type QueueSettings,
  type QueueStore,
} from '../../../domain/jobs/queue.store.ts';
import type { Queue } from '../../../domain/shared/job.ts';
import { forUpdate, type Sql } from '../sql.ts';
import { type RawBoolean, type RawInteger, toBool, toInt } from '../values.ts';
import { JOBS_SIGNAL } from './sql-job-queue.ts';

interface QueueRow {
  name: string;
  paused: RawBoolean;
  concurrency: RawInteger | null;
  rate_jobs: RawInteger | null;
  rate_seconds: RawInteger | null;
  priority: RawInteger;
}

const COLUMNS = 'name, paused, concurrency, rate_jobs, rate_seconds, priority';

export class SqlQueueStore implements QueueStore {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  async lock(queue: Queue): Promise<QueueSettings> {
    const [row] = await this.#sql.query<QueueRow>(
      `SELECT ${COLUMNS} FROM queues WHERE name = ?${forUpdate(this.#sql)}`,
      [queue],
    );
    return row === undefined ? DEFAULT_QUEUE_SETTINGS : toSettings(row);
  }

  async save(queue: Queue, settings: QueueSettings, at: Date): Promise<void> {
    const { paused, concurrency, rateLimit, priority } = settings;
    const values = [paused, concurrency, rateLimit?.jobs, rateLimit?.seconds, priority, at];
    const { affected } = await this.#sql.run(
      'UPDATE queues SET paused = ?, concurrency = ?, rate_jobs = ?, rate_seconds = ?, priority = ?, updated_at = ? WHERE name = ?',
      [...values, queue],
    );
    if (affected === 0) {
      await this.#sql.run(
        'INSERT INTO queues (paused, concurrency, rate_jobs, rate_seconds, priority, updated_at, name, window_taken) VALUES (?, ?, ?, ?, ?, ?, ?, 0)',
        [...values, queue],
      );
    }
    // Jobs may be due that were held back.
    this.#sql.signal(JOBS_SIGNAL);
  }
}

export class SqlQueueReadModel implements QueueReadModel {
  readonly #sql: Sql;

  constructor(read: Sql) {
    this.#sql = read;
  }

  async settings(): Promise<ReadonlyMap<string, QueueSettings>> {
    const rows = await this.#sql.query<QueueRow>(`SELECT ${COLUMNS} FROM queues`);
    return new Map(rows.map((row) => [row.name, toSettings(row)]));
  }
}

const toSettings = (row: QueueRow): QueueSettings => ({
  paused: toBool(row.paused),
  concurrency: row.concurrency === null ? undefined : toInt(row.concurrency),
  rateLimit:
    row.rate_jobs === null || row.rate_seconds === null
      ? undefined
      : { jobs: toInt(row.rate_jobs), seconds: toInt(row.rate_seconds) },
  priority: toInt(row.priority),
});

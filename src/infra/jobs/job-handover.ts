import { createHash } from 'node:crypto';
import { type Collection, MongoBulkWriteError, ObjectId } from 'mongodb';
import { errorFacts, type Log } from '../../domain/shared/log.ts';
import { Wake } from '../../domain/shared/wake.ts';
import type { SignalSource } from '../cache/redis-signals.ts';
import { JOBS_SIGNAL } from '../db/jobs/sql-job-queue.ts';
import { type Connections, list } from '../db/sql.ts';
import { type RawDate, type RawJson, toDate, toJson } from '../db/values.ts';
import type { JobDocument } from './mongo-job.document.ts';

const POLL = 200;
const RETRY = 2000;
const BATCH = 100;
const DUPLICATE_KEY = 11_000;

interface StagedRow {
  id: string;
  name: string;
  queue: string;
  data: RawJson;
  priority: number;
  unique_key: string | null;
  next_run_at: RawDate;
  created_at: RawDate;
}

export interface HandoverDeps {
  readonly sql: Connections;
  readonly signals: SignalSource;
  readonly jobs: Collection<JobDocument>;
  readonly log: Log;
  /** Called when some were carried. */
  readonly delivered: () => void;
}

/**
 * Carries committed jobs from the SQL database to MongoDB. A job's id there follows from its unique key, or else
 * from its row: so any number of processes may carry the same rows, and one that dies halfway leaves no doubles.
 */
export class JobHandover {
  readonly #sql: Connections;
  readonly #jobs: Collection<JobDocument>;
  readonly #log: Log;
  readonly #delivered: () => void;
  readonly #wake = new Wake();
  readonly #life: Promise<void>;
  readonly #unsubscribe: () => void;
  #stopping = false;

  constructor({ sql, signals, jobs, log, delivered }: HandoverDeps) {
    this.#sql = sql;
    this.#jobs = jobs;
    this.#log = log;
    this.#delivered = delivered;
    this.#unsubscribe = signals.onSignal(JOBS_SIGNAL, this.#wake.wake);
    this.#life = this.#live();
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    this.#unsubscribe();
    this.#wake.wake();
    await this.#life;
  }

  async #live(): Promise<void> {
    while (!this.#stopping) {
      try {
        const moved = await this.#move();
        if (moved > 0) this.#delivered();
        if (moved < BATCH) await this.#wake.sleep(POLL);
      } catch (error) {
        this.#log.error(errorFacts(error), 'jobs cannot be handed to MongoDB: they wait in the database');
        await this.#wake.sleep(RETRY);
      }
    }
  }

  /** What ended before the jobs were moved to MongoDB stays, until it is purged by hand. */
  async #move(): Promise<number> {
    const rows = await this.#sql.read.query<StagedRow>(
      'SELECT id, name, queue, data, priority, unique_key, next_run_at, created_at FROM jobs WHERE next_run_at IS NOT NULL AND locked_at IS NULL ORDER BY next_run_at LIMIT ?',
      [BATCH],
    );
    if (rows.length === 0) return 0;
    await this.#insert(rows.map(toDocument));
    await this.#sql.write((sql) =>
      sql.run(
        `DELETE FROM jobs WHERE id IN (${list(rows.length)})`,
        rows.map((r) => r.id),
      ),
    );
    return rows.length;
  }

  /** A document that is there already was carried before. */
  async #insert(documents: JobDocument[]): Promise<void> {
    try {
      await this.#jobs.insertMany(documents, { ordered: false });
    } catch (error) {
      if (!(error instanceof MongoBulkWriteError)) throw error;
      const errors = [error.writeErrors].flat();
      if (errors.length === 0 || errors.some((e) => e.code !== DUPLICATE_KEY)) throw error;
    }
  }
}

const toDocument = (row: StagedRow): JobDocument => ({
  _id: jobIdOf(row.unique_key ?? row.id),
  name: row.name,
  queue: row.queue,
  data: toJson(row.data),
  dataText: JSON.stringify(toJson(row.data)),
  uniqueKey: row.unique_key,
  type: 'normal',
  priority: row.priority,
  nextRunAt: toDate(row.next_run_at),
  lockedAt: null,
  lockToken: null,
  lastRunAt: null,
  lastFinishedAt: null,
  failedAt: null,
  failCount: null,
  failReason: null,
  disabled: null,
  lastModifiedBy: null,
  result: null,
  attempts: null,
  createdAt: toDate(row.created_at),
});

/** Of a job's unique key, or else of its row. 96 bits of a hash: as unique as MongoDB's own ids. */
export const jobIdOf = (key: string): ObjectId =>
  new ObjectId(createHash('sha256').update(key).digest('hex').slice(0, 24));

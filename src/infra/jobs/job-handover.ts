import { type Collection, MongoBulkWriteError, type WriteError } from 'mongodb';
import { errorFacts, type Log } from '../../domain/shared/log.ts';
import { Wake } from '../../domain/shared/wake.ts';
import type { SignalSource } from '../cache/redis-signals.ts';
import { JOBS_SIGNAL } from '../db/jobs/sql-job-queue.ts';
import { type Connections, list, type Sql } from '../db/sql.ts';
import { lockDeadline } from './held-jobs.ts';
import type { JobDocument } from './mongo-job.document.ts';
import { type StagedRow, stagedLostQuery, stagedQuery, toDocument } from './staged-jobs.ts';

const POLL = 200;
const RETRY = 2000;
/** Between two looks for what lost its worker: locks end no faster. */
const LOST_POLL = 1000;
const BATCH = 100;
const DUPLICATE_KEY = 11_000;

const MAX_REASON = 1000;
/**
 * What a server says of a document that it will never take: bad BSON or types, names of fields, a validator, arrays
 * that no index takes, its size. Anything else may pass.
 */
const DOCUMENT_FAULTS: ReadonlySet<unknown> = new Set([
  2, 9, 14, 22, 52, 57, 121, 171, 10_334, 17_280, 17_419,
]);

export interface HandoverDeps {
  readonly sql: Connections;
  readonly signals: SignalSource;
  readonly jobs: Collection<JobDocument>;
  readonly log: Log;
  /** A lock without a sign of life for so long has ended. */
  readonly lockSeconds: number;
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
  readonly #lockSeconds: number;
  readonly #delivered: () => void;
  readonly #wake = new Wake();
  readonly #life: Promise<void>;
  readonly #unsubscribe: () => void;
  #stopping = false;
  #lookedForLost = 0;

  constructor({ sql, signals, jobs, log, lockSeconds, delivered }: HandoverDeps) {
    this.#sql = sql;
    this.#jobs = jobs;
    this.#log = log;
    this.#lockSeconds = lockSeconds;
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
        if ((await this.#move()) < BATCH) await this.#wake.sleep(POLL);
      } catch (error) {
        this.#log.error(errorFacts(error), 'jobs cannot be handed to MongoDB: they wait in the database');
        await this.#wake.sleep(RETRY);
      }
    }
  }

  /** What ended before the jobs were moved to MongoDB stays, until it is purged. */
  async #move(): Promise<number> {
    const { text, params } = stagedQuery(BATCH);
    const found = await Promise.all([this.#sql.read.query<StagedRow>(text, params), this.#lost()]);
    const rows = found.flat();
    if (rows.length === 0) return 0;
    const { carried, refused, error } = await this.#carry(rows);
    // They can be claimed, also while they are deleted here.
    if (carried.length > 0) this.#delivered();
    await this.#sql.write(async (sql) => {
      if (carried.length > 0)
        await sql.run(`DELETE FROM jobs WHERE id IN (${list(carried.length)})`, carried);
      for (const one of refused) await bury(sql, one);
    });
    for (const { row, reason } of refused)
      this.#log.error(
        { job: row.name, jobId: row.id, reason },
        'MongoDB does not take a job: it is dead, in the database',
      );
    if (error !== undefined) throw error;
    return rows.length;
  }

  async #lost(): Promise<StagedRow[]> {
    if (Date.now() - this.#lookedForLost < LOST_POLL) return [];
    this.#lookedForLost = Date.now();
    const { text, params } = stagedLostQuery(lockDeadline(this.#lockSeconds), BATCH);
    return this.#sql.read.query<StagedRow>(text, params);
  }

  /** Those that can be: one that MongoDB refuses keeps no other back. */
  async #carry(rows: readonly StagedRow[]): Promise<Carried> {
    const refused: Refused[] = [];
    const fit: { readonly row: StagedRow; readonly document: JobDocument }[] = [];
    for (const row of rows) {
      try {
        fit.push({ row, document: toDocument(row) });
      } catch (error) {
        refused.push({ row, reason: error instanceof Error ? error.message : String(error) });
      }
    }
    const errors = await this.#insert(fit.map(({ document }) => document));
    const left = new Set<StagedRow>();
    let error: Error | undefined;
    for (const { index, code, errmsg } of errors) {
      const row = fit[index]?.row;
      // A document that is there already was carried before.
      if (row === undefined || code === DUPLICATE_KEY) continue;
      left.add(row);
      if (DOCUMENT_FAULTS.has(code)) refused.push({ row, reason: errmsg ?? `error ${code}` });
      else error = new Error(`MongoDB: ${errmsg ?? code}`);
    }
    return { carried: fit.flatMap(({ row }) => (left.has(row) ? [] : [row.id])), refused, error };
  }

  /** @returns what the server had against some of them */
  async #insert(documents: JobDocument[]): Promise<readonly WriteError[]> {
    if (documents.length === 0) return [];
    try {
      await this.#jobs.insertMany(documents, { ordered: false });
      return [];
    } catch (error) {
      if (!(error instanceof MongoBulkWriteError)) throw error;
      const errors = [error.writeErrors].flat();
      if (errors.length === 0) throw error;
      return errors;
    }
  }
}

interface Refused {
  readonly row: StagedRow;
  readonly reason: string;
}

interface Carried {
  /** The ids of rows that are in MongoDB. */
  readonly carried: readonly string[];
  readonly refused: readonly Refused[];
  /** Of the others, which are tried again. */
  readonly error: Error | undefined;
}

/** It stays, dead, with the reason. */
async function bury(sql: Sql, { row, reason }: Refused): Promise<void> {
  const now = new Date();
  // A text with a null in it ends there, for SQLite.
  const failReason = `MongoDB refused it: ${reason.replaceAll('\0', '␀')}`.slice(0, MAX_REASON);
  await sql.run(
    `UPDATE jobs SET next_run_at = NULL, turn = NULL, locked_at = NULL, lock_token = NULL, last_finished_at = ?,
     failed_at = ?, fail_count = fail_count + 1, fail_reason = ? WHERE id = ?`,
    [now, now, failReason, row.id],
  );
}

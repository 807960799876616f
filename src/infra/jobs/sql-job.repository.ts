import type { JobId, JobParameters, JobRepositoryOptions } from 'agenda';
import { newId } from '../../domain/shared/ids.ts';
import { errorFacts, type Log } from '../../domain/shared/log.ts';
import type { Connections } from '../db/sql.ts';
import type { SqlParam } from '../db/values.ts';
import {
  type ClaimingRepository,
  type ClaimLimits,
  DueNames,
  HELD_FOREVER,
  type HeldJob,
  HeldJobs,
  LockLost,
  lockDeadline,
  lockTokenOf,
} from './held-jobs.ts';
import { shuffled } from './shuffled.ts';
import { SqlJobAdministration } from './sql-job.administration.ts';
import { JOB_COLUMNS, type JobRow, toJob } from './sql-job-rows.ts';

/** How many due jobs are looked at to claim one: enough that two workers seldom want the same. */
const CANDIDATES = 8;
const MAX_REASON = 1000;

const DUE = 'disabled = ? AND ((locked_at IS NULL AND next_run_at <= ?) OR locked_at <= ?)';

/**
 * Agenda's job store on the program's own database. A claim is one conditional update, with a fresh token that
 * fences the job: a worker that lost its lock changes nothing any more.
 */
export class SqlJobRepository extends SqlJobAdministration implements ClaimingRepository {
  readonly held: HeldJobs;
  readonly #db: Connections;
  readonly #lockSeconds: number;
  readonly #log: Log;
  readonly #dueNames: DueNames;

  constructor(db: Connections, limits: ClaimLimits, log: Log) {
    super(db);
    this.held = new HeldJobs(limits.held);
    this.#db = db;
    this.#lockSeconds = limits.lockSeconds;
    this.#log = log;
    this.#dueNames = new DueNames(async () => {
      const now = [new Date(), lockDeadline(limits.lockSeconds)];
      const rows = await db.read.query<{ name: string }>(`SELECT DISTINCT name FROM jobs WHERE ${DUE}`, [
        false,
        ...now,
      ]);
      return rows.map((r) => r.name);
    });
  }

  connect(): Promise<void> {
    return Promise.resolve();
  }

  getNextJobToRun(
    name: string,
    nextScanAt: Date,
    _agendasDeadline: Date,
    now: Date | undefined,
    options: JobRepositoryOptions | undefined,
  ): Promise<JobParameters | undefined> {
    return this.held.claim(async () => {
      if (!(await this.#dueNames.has(name))) return undefined;
      const due: SqlParam[] = [false, nextScanAt, lockDeadline(this.#lockSeconds)];
      const candidates = await this.#db.read.query<{ id: string }>(
        `SELECT id FROM jobs WHERE name = ? AND ${DUE} ORDER BY priority DESC, next_run_at LIMIT ?`,
        [name, ...due, CANDIDATES],
      );
      for (const { id } of shuffled(candidates)) {
        const job = await this.#take(id, DUE, due, now ?? new Date(), options);
        if (job !== undefined) return job;
      }
      return undefined;
    });
  }

  lockJob(job: JobParameters, options: JobRepositoryOptions | undefined): Promise<JobParameters | undefined> {
    const { _id: id, name, nextRunAt } = job;
    if (id === undefined) return Promise.resolve(undefined);
    return this.held.claim(() =>
      this.#take(
        id,
        'name = ? AND locked_at IS NULL AND next_run_at = ? AND disabled = ?',
        [name, nextRunAt, false],
        new Date(),
        options,
      ),
    );
  }

  async #take(
    id: string,
    condition: string,
    params: readonly SqlParam[],
    at: Date,
    options: JobRepositoryOptions | undefined,
  ): Promise<HeldJob | undefined> {
    const lockToken = newId();
    return this.held.take(() =>
      this.#db.write(async (sql) => {
        const { affected } = await sql.run(
          `UPDATE jobs SET locked_at = ?, lock_token = ?, last_modified_by = ? WHERE id = ? AND ${condition}`,
          [at, lockToken, options?.lastModifiedBy, id, ...params],
        );
        if (affected === 0) return undefined;
        const [row] = await sql.query<JobRow>(`SELECT ${JOB_COLUMNS} FROM jobs WHERE id = ?`, [id]);
        return row === undefined ? undefined : { ...toJob(row), lockedAt: HELD_FOREVER, lockToken };
      }),
    );
  }

  /** @throws LockLost when another worker has the job by now: nothing is changed */
  async saveJobState(job: JobParameters, options: JobRepositoryOptions | undefined): Promise<void> {
    const id = job._id ?? '';
    const finished = job.lockedAt === undefined;
    try {
      const { affected } = await this.#db.write((sql) =>
        sql.run(
          `UPDATE jobs SET locked_at = ?, lock_token = ?, next_run_at = ?, last_run_at = ?, last_finished_at = ?, failed_at = ?,
           fail_count = ?, fail_reason = ?, progress = ?, last_modified_by = ? WHERE id = ? AND lock_token = ?`,
          [
            finished ? null : new Date(),
            finished ? null : lockTokenOf(job),
            job.nextRunAt,
            job.lastRunAt,
            job.lastFinishedAt,
            job.failedAt,
            job.failCount ?? 0,
            job.failReason?.slice(0, MAX_REASON),
            job.progress,
            options?.lastModifiedBy,
            id,
            lockTokenOf(job),
          ],
        ),
      );
      if (affected === 0) throw new LockLost(`job ${id} (${job.name}) is another worker's by now`);
    } catch (error) {
      this.held.letGo(id);
      this.#log.warn({ ...errorFacts(error), job: job.name, jobId: id }, 'the state of a job was not stored');
      throw error;
    }
    if (finished) this.held.letGo(id);
  }

  async renew(id: string): Promise<void> {
    const { affected } = await this.#db.write((sql) =>
      sql.run('UPDATE jobs SET locked_at = ? WHERE id = ? AND lock_token = ?', [
        new Date(),
        id,
        this.held.tokenOf(id),
      ]),
    );
    if (affected === 0) throw new LockLost(`job ${id} is another worker's by now`);
  }

  async unlockJob(job: JobParameters): Promise<void> {
    if (job._id !== undefined) await this.unlockJobs([job._id]);
  }

  /** Gives back what is held here. Never throws: Agenda does not wait for it, and the lock ends by itself. */
  async unlockJobs(ids: readonly (JobId | string)[]): Promise<void> {
    for (const id of ids) {
      const token = this.held.tokenOf(id);
      this.held.letGo(id);
      if (token === undefined) continue;
      try {
        // A job that was taken over from a dead worker has no time to run at any more: it is due at once.
        await this.#db.write((sql) =>
          sql.run(
            'UPDATE jobs SET locked_at = NULL, lock_token = NULL, next_run_at = COALESCE(next_run_at, ?) WHERE id = ? AND lock_token = ?',
            [new Date(), id, token],
          ),
        );
      } catch (error) {
        this.#log.warn({ ...errorFacts(error), jobId: id }, 'a job could not be given back');
      }
    }
  }
}

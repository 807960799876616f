import { type JobParameters, toJobId } from 'agenda';
import { newId } from '../../domain/shared/ids.ts';
import { errorFacts, type Log } from '../../domain/shared/log.ts';
import { type Connections, forUpdate, list, type Sql } from '../db/sql.ts';
import { type SqlParam, toDate, toJson } from '../db/values.ts';
import { lostAttempt, lostInARow } from './attempt-record.ts';
import {
  type ClaimingRepository,
  type ClaimLimits,
  type DueName,
  HELD_FOREVER,
  type HeldJob,
  HeldJobs,
  lockDeadline,
} from './held-jobs.ts';
import { type JobEnd, JobEnds } from './job-ends.ts';
import { toAttempts, withAttempt } from './job-view.ts';
import { shuffled } from './shuffled.ts';
import { SqlJobAdministration } from './sql-job.administration.ts';
import {
  endsStatement,
  freeQuery,
  headsQuery,
  lostNamesQuery,
  lostQuery,
  type Query,
  wakeStatement,
  wakingQuery,
} from './sql-job.queries.ts';
import { type CandidateRow, JOB_COLUMNS, type JobRow, toJob } from './sql-job-rows.ts';
import { partSuspects, waitsUntil } from './suspects.ts';

/** How many more due jobs are looked at than wanted, so that two workers seldom want the same. */
const SPREAD = 3;

/**
 * Agenda's job store on the program's own database. A claim is one conditional update, with a fresh token that
 * fences the job: a worker that lost its lock changes nothing any more.
 */
export class SqlJobRepository extends SqlJobAdministration implements ClaimingRepository {
  readonly held = new HeldJobs();
  readonly #db: Connections;
  readonly #limits: ClaimLimits;
  readonly #log: Log;
  readonly #ends: JobEnds;

  constructor(db: Connections, limits: ClaimLimits, log: Log) {
    super(db);
    this.#db = db;
    this.#limits = limits;
    this.#log = log;
    this.#ends = new JobEnds({
      held: this.held,
      worker: limits.worker,
      log,
      store: (ends) => this.#store(ends),
    });
  }

  connect(): Promise<void> {
    return Promise.resolve();
  }

  async due(names: readonly string[]): Promise<readonly DueName[]> {
    if (names.length === 0) return [];
    const now = new Date();
    await this.#wake(now);
    const [free, lost] = await Promise.all([
      this.#read<{ name: string; turn: number }>(headsQuery(names, now)),
      this.#read<{ name: string }>(lostNamesQuery(names, lockDeadline(this.#limits.lockSeconds))),
    ]);
    const due = new Map(free.map(({ name, turn }) => [name, -turn]));
    for (const { name } of lost) if (!due.has(name)) due.set(name, 0);
    return [...due].map(([name, priority]) => ({ name, priority }));
  }

  /** Gives what has waited for its time its turn; any number of workers may do so. */
  async #wake(now: Date): Promise<void> {
    const waiting = await this.#read<{ id: string }>(wakingQuery(now));
    if (waiting.length === 0) return;
    const { text, params } = wakeStatement(waiting.map(({ id }) => id).sort(), now);
    await this.#db.write((sql) => sql.run(text, params));
  }

  #read<Row>({ text, params }: Query): Promise<Row[]> {
    return this.#db.read.query<Row>(text, params);
  }

  async claim(name: string, count: number, starting: number): Promise<readonly HeldJob[]> {
    const deadline = lockDeadline(this.#limits.lockSeconds);
    const candidates = await this.#candidates(name, count, deadline);
    if (candidates.length === 0) return [];
    const claim = { at: new Date(), token: newId(), deadline, starting };
    const jobs = await this.#db.write((sql) => this.#take(sql, candidates, claim));
    this.held.add(jobs);
    return jobs;
  }

  /**
   * Of the first ones some, by chance among those of one priority. None that is held here: its lock may have ended
   * while the database was away, or an operator cancelled and retried it, and its handler still runs.
   */
  async #candidates(name: string, count: number, deadline: Date): Promise<readonly CandidateRow[]> {
    const held = this.held.count;
    const [free, lost] = await Promise.all([
      this.#read<CandidateRow>(freeQuery(name, new Date(), count * SPREAD + held)),
      this.#read<CandidateRow>(lostQuery(name, deadline, count + held)),
    ]);
    const ordered = shuffled(free).sort((a, b) => Number(a.turn) - Number(b.turn));
    return [...lost, ...ordered].filter(({ id }) => !this.held.has(id)).slice(0, count);
  }

  async #take(
    sql: Sql,
    candidates: readonly CandidateRow[],
    { at, token, deadline, starting }: { at: Date; token: string; deadline: Date; starting: number },
  ): Promise<readonly HeldJob[]> {
    const ids = candidates.map(({ id }) => id).sort();
    // Of one that waits here to start there is no time of a start: see `storeStart`.
    const free = candidates.filter((candidate) => candidate.locked_at === null);
    const started = free.slice(0, Math.max(0, starting - (candidates.length - free.length)));
    const startedAt: SqlParam[] = started.length === 0 ? [] : [...started.map(({ id }) => id), at];
    const lastRunAt =
      started.length === 0 ? 'NULL' : `CASE WHEN id IN (${list(started.length)}) THEN ? ELSE NULL END`;
    const { affected } = await sql.run(
      `UPDATE jobs SET locked_at = ?, lock_token = ?, last_modified_by = ?, last_run_at = ${lastRunAt}
       WHERE id IN (${list(ids.length)}) AND ((locked_at IS NULL AND next_run_at <= ?) OR locked_at <= ?) AND disabled = ?`,
      [at, token, this.#limits.worker, ...startedAt, ...ids, at, deadline, false],
    );
    if (affected === 0) return [];
    const rows = await sql.query<JobRow>(
      `SELECT ${JOB_COLUMNS} FROM jobs WHERE id IN (${list(ids.length)}) AND lock_token = ?`,
      [...ids, token],
    );
    const taken = new Map(rows.map((row) => [row.id, toHeld(row, token, at)]));
    const jobs: HeldJob[] = [];
    for (const candidate of candidates) {
      const job = taken.get(candidate.id);
      if (job === undefined) continue;
      const runs = candidate.locked_at === null ? job : await this.#takeOver(sql, job, candidate);
      if (runs !== undefined) jobs.push(runs);
    }
    const { runs, waits } = partSuspects(jobs, this.held);
    await this.#postpone(sql, waits);
    return runs;
  }

  async #postpone(sql: Sql, jobs: readonly HeldJob[]): Promise<void> {
    for (const { _id: id, lockToken } of jobs)
      await sql.run(
        'UPDATE jobs SET locked_at = NULL, lock_token = NULL, turn = NULL, next_run_at = ? WHERE id = ? AND lock_token = ?',
        [waitsUntil(this.#limits.lockSeconds), id, lockToken],
      );
  }

  /** Writes down that its worker was lost, when it had started. @returns undefined when that was once too often: it is dead */
  async #takeOver(sql: Sql, job: HeldJob, before: CandidateRow): Promise<HeldJob | undefined> {
    if (before.last_run_at === null) return { ...job, takenOver: true };
    const lostOne = lostAttempt(toDate(before.last_run_at), before.last_modified_by ?? undefined);
    const attempts = withAttempt(job.attempts, lostOne);
    const lost = lostInARow(attempts);
    const own: SqlParam[] = [job._id, job.lockToken];
    if (lost < this.#limits.maxLost) {
      await sql.run('UPDATE jobs SET attempts = ? WHERE id = ? AND lock_token = ?', [
        JSON.stringify(attempts),
        ...own,
      ]);
      return { ...job, attempts, takenOver: true };
    }
    await sql.run(
      `UPDATE jobs SET attempts = ?, locked_at = NULL, lock_token = NULL, turn = NULL, next_run_at = NULL, failed_at = ?,
       last_finished_at = ?, fail_count = fail_count + 1, fail_reason = ? WHERE id = ? AND lock_token = ?`,
      [
        JSON.stringify(attempts),
        job.claimedAt,
        job.claimedAt,
        `lost its worker ${lost} times in a row`,
        ...own,
      ],
    );
    this.#log.error({ job: job.name, jobId: job._id, lost }, 'a job lost its worker too often and is dead');
    return undefined;
  }

  async unknownNames(queues: readonly string[], known: readonly string[]): Promise<readonly string[]> {
    const rows = await this.#db.read.query<{ name: string }>(
      `SELECT DISTINCT name FROM jobs WHERE queue IN (${list(queues.length)}) AND name NOT IN (${list(known.length)})
       AND next_run_at <= ? AND locked_at IS NULL AND disabled = ? LIMIT 10`,
      [...queues, ...known, new Date(), false],
    );
    return rows.map(({ name }) => name);
  }

  /** Agenda is given what was claimed for it: see JobClaimer and ClaimedJobs. */
  getNextJobToRun(name: string): Promise<HeldJob | undefined> {
    return Promise.resolve(this.held.takeOffered(name));
  }

  lockJob(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  /** @throws LockLost when the job is not held here any more: nothing is changed */
  async saveJobState(job: JobParameters): Promise<void> {
    // That it starts was stored with the claim.
    if (job.lockedAt === undefined) await this.#ends.save(job);
  }

  #store(ends: readonly JobEnd[]): Promise<readonly string[]> {
    const [only] = ends;
    if (only !== undefined && ends.length === 1) return this.#storeOne(only);
    return this.#db.write(async (sql) => {
      const rows = await sql.query<{ id: string; lock_token: string | null }>(
        `SELECT id, lock_token FROM jobs WHERE id IN (${list(ends.length)})${forUpdate(sql)}`,
        ends.map(({ id }) => id),
      );
      const tokens = new Map(rows.map((row) => [row.id, row.lock_token]));
      const isHeld = ({ id, lockToken }: JobEnd): boolean => tokens.get(id) === lockToken;
      const held = ends.filter(isHeld);
      if (held.length > 0) {
        const { text, params } = endsStatement(held);
        await sql.run(text, params);
      }
      return ends.filter((end) => !isHeld(end)).map(({ id }) => id);
    });
  }

  async #storeOne(end: JobEnd): Promise<readonly string[]> {
    const { text, params } = endsStatement([end]);
    const { affected } = await this.#db.write((sql) =>
      sql.run(`${text} AND lock_token = ?`, [...params, end.lockToken]),
    );
    return affected === 0 ? [end.id] : [];
  }

  async storeStart(job: HeldJob): Promise<boolean> {
    const held = this.held.get(job._id ?? '');
    const { affected } = await this.#db.write((sql) =>
      sql.run('UPDATE jobs SET last_run_at = ? WHERE id = ? AND lock_token = ?', [
        new Date(),
        job._id,
        job.lockToken,
      ]),
    );
    if (held !== undefined) held.startStored = true;
    return affected > 0;
  }

  async renew(): Promise<readonly string[]> {
    const held = this.held.all;
    if (held.length === 0) return [];
    const starts = new Map(this.held.unstoredStarts.map((one) => [one.job._id, one]));
    const lost = await this.#db.write(async (sql) => {
      const gone: string[] = [];
      for (const { _id: id = '', lockToken } of held) {
        const renewed = await sql.run(
          'UPDATE jobs SET locked_at = ?, last_run_at = COALESCE(?, last_run_at) WHERE id = ? AND lock_token = ?',
          [new Date(), starts.get(toJobId(id))?.startedAt, id, lockToken],
        );
        if (renewed.affected === 0) gone.push(id);
      }
      return gone;
    });
    for (const one of starts.values()) one.startStored = true;
    return lost;
  }

  async unlockJob(job: JobParameters): Promise<void> {
    if (job._id !== undefined) await this.unlockJobs([job._id]);
  }

  async unlockJobs(ids: readonly string[]): Promise<void> {
    for (const id of ids) {
      const held = this.held.get(id);
      if (held === undefined) continue;
      this.held.letGo(id);
      try {
        await this.#db.write((sql) =>
          sql.run('UPDATE jobs SET locked_at = NULL, lock_token = NULL WHERE id = ? AND lock_token = ?', [
            id,
            held.job.lockToken,
          ]),
        );
      } catch (error) {
        this.#log.warn({ ...errorFacts(error), jobId: id }, 'a job could not be given back');
      }
    }
  }
}

const toHeld = (row: JobRow, lockToken: string, claimedAt: Date): HeldJob => ({
  ...toJob(row),
  // It is due: Agenda would set a timer by a clock that may be late.
  nextRunAt: null,
  lockedAt: HELD_FOREVER,
  lockToken,
  claimedAt,
  queue: row.queue,
  attempts: row.attempts === null ? [] : toAttempts(toJson(row.attempts)),
});

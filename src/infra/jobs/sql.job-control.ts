import type {
  JobAction,
  JobControl,
  JobDetail,
  JobFilter,
  JobState,
  JobSummary,
  QueueCounts,
} from '../../domain/jobs/job-record.ts';
import { addSeconds, type Clock } from '../../domain/shared/clock.ts';
import { decodeCursor, encodeCursor, type Page, type PageRequest, toPage } from '../../domain/shared/page.ts';
import { JOBS_SIGNAL } from '../db/jobs/sql-job-queue.ts';
import { type Connections, list, type Sql } from '../db/sql.ts';
import { type RawDate, type RawInteger, type SqlParam, toInt, toJson, toOptionalDate } from '../db/values.ts';
import { retriedByHand } from './attempt-record.ts';
import { toAttempts, toDetail, toSummary, withAttempt } from './job-view.ts';
import { type CountedByQueue, queueCounts } from './queue-counts.ts';
import { STORED_COLUMNS, type StoredRow, toStoredJob } from './stored-row.ts';

const SORT = 'jobs';
const MAX_RUNNING = 10_000;

/** Each state as a condition; the same as `stateOf` has it. */
const CONDITIONS: Readonly<Record<JobState, string>> = {
  cancelled: 'disabled = ?',
  running: 'disabled = ? AND locked_at IS NOT NULL',
  ready: 'disabled = ? AND locked_at IS NULL AND next_run_at <= ?',
  scheduled: 'disabled = ? AND locked_at IS NULL AND next_run_at > ? AND fail_count = 0',
  retrying: 'disabled = ? AND locked_at IS NULL AND next_run_at > ? AND fail_count > 0',
  succeeded: 'disabled = ? AND locked_at IS NULL AND next_run_at IS NULL AND fail_count = 0',
  dead: 'disabled = ? AND locked_at IS NULL AND next_run_at IS NULL AND fail_count > 0',
};

const conditionOf = (state: JobState, now: Date): Condition => ({
  text: CONDITIONS[state],
  params: [state === 'cancelled', ...(CONDITIONS[state].split('?').length > 2 ? [now] : [])],
});

interface Condition {
  readonly text: string;
  readonly params: readonly SqlParam[];
}

const FREE = 'locked_at IS NULL';
const STATEMENTS: Readonly<Record<JobAction, string>> = {
  retry: `UPDATE jobs SET next_run_at = ?, turn = -priority, fail_count = 0, disabled = ? WHERE id = ? AND ${FREE} AND next_run_at IS NULL`,
  'run-now': `UPDATE jobs SET next_run_at = ?, turn = -priority WHERE disabled = ? AND id = ? AND ${FREE} AND next_run_at IS NOT NULL`,
  // Without its token the worker that has it changes nothing any more.
  cancel:
    'UPDATE jobs SET next_run_at = NULL, turn = NULL, last_finished_at = ?, locked_at = NULL, lock_token = NULL, disabled = ? WHERE id = ? AND (locked_at IS NOT NULL OR next_run_at IS NOT NULL)',
  delete: `DELETE FROM jobs WHERE id = ? AND ${FREE}`,
};

function paramsOf(action: JobAction, id: string, now: Date): readonly SqlParam[] {
  return action === 'delete' ? [id] : [now, action === 'cancel', id];
}

/** The jobs of the program's own database, as operators see them. */
export class SqlJobControl implements JobControl {
  readonly #db: Connections;
  readonly #clock: Clock;

  constructor(db: Connections, clock: Clock) {
    this.#db = db;
    this.#clock = clock;
  }

  async page(filter: JobFilter, { limit, cursor }: PageRequest): Promise<Page<JobSummary>> {
    const now = this.#clock.now();
    const conditions = conditionsOf(filter, now);
    if (cursor !== undefined) conditions.push({ text: 'id < ?', params: decodeCursor(cursor, SORT, 1) });
    const where =
      conditions.length === 0 ? '' : `WHERE ${conditions.map((c) => `(${c.text})`).join(' AND ')}`;
    const rows = await this.#db.read.query<StoredRow>(
      `SELECT ${STORED_COLUMNS} FROM jobs ${where} ORDER BY id DESC LIMIT ?`,
      [...conditions.flatMap((c) => c.params), limit + 1],
    );
    const jobs = rows.map((row) => toSummary(toStoredJob(row), now));
    return toPage(jobs, limit, (job) => encodeCursor(SORT, [job.id]));
  }

  find(id: string): Promise<JobDetail | undefined> {
    return this.#find('id = ?', id);
  }

  findByKey(uniqueKey: string): Promise<JobDetail | undefined> {
    return this.#find('unique_key = ?', uniqueKey);
  }

  async #find(condition: string, value: string): Promise<JobDetail | undefined> {
    const [row] = await this.#db.read.query<StoredRow>(
      `SELECT ${STORED_COLUMNS} FROM jobs WHERE ${condition}`,
      [value],
    );
    return row && toDetail(toStoredJob(row), this.#clock.now());
  }

  async runningOn(workerIds: readonly string[]): Promise<readonly JobSummary[]> {
    if (workerIds.length === 0) return [];
    const rows = await this.#db.read.query<StoredRow>(
      `SELECT ${STORED_COLUMNS} FROM jobs WHERE locked_at IS NOT NULL AND last_modified_by IN (${list(workerIds.length)}) ORDER BY id LIMIT ${MAX_RUNNING}`,
      [...workerIds],
    );
    return rows.map((row) => toSummary(toStoredJob(row), this.#clock.now()));
  }

  async counts(): Promise<readonly QueueCounts[]> {
    const now = this.#clock.now();
    const minuteAgo = addSeconds(now, -60);
    const counted = async (condition: Condition): Promise<CountedByQueue> => {
      const rows = await this.#db.read.query<CountRow>(
        `SELECT queue, COUNT(*) AS n, MIN(next_run_at) AS since FROM jobs WHERE ${condition.text} GROUP BY queue`,
        condition.params,
      );
      return new Map(rows.map((r) => [r.queue, { n: toInt(r.n), since: toOptionalDate(r.since) }]));
    };
    const inState = (state: JobState): Promise<CountedByQueue> => counted(conditionOf(state, now));
    const counts = await Promise.all([
      inState('ready'),
      inState('scheduled'),
      inState('retrying'),
      inState('running'),
      inState('dead'),
      counted({
        text: 'last_finished_at >= ? AND fail_count = 0 AND disabled = ?',
        params: [minuteAgo, false],
      }),
      counted(failedSince(minuteAgo, now)),
    ]);
    return queueCounts(counts);
  }

  async change(action: JobAction, ids: readonly string[]): Promise<readonly string[]> {
    const now = this.#clock.now();
    return this.#db.write(async (sql) => {
      const changed: string[] = [];
      for (const id of ids) {
        const { affected } = await sql.run(STATEMENTS[action], paramsOf(action, id, now));
        if (affected === 0) continue;
        changed.push(id);
        if (action === 'retry') await markRetried(sql, id, now);
      }
      sql.signal(JOBS_SIGNAL);
      return changed;
    });
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

/** In the transaction that has changed the row, and so holds it. */
async function markRetried(sql: Sql, id: string, now: Date): Promise<void> {
  const [row] = await sql.query<Pick<StoredRow, 'attempts'>>('SELECT attempts FROM jobs WHERE id = ?', [id]);
  const before = row?.attempts ? toAttempts(toJson(row.attempts)) : [];
  const attempts = JSON.stringify(withAttempt(before, retriedByHand(now)));
  await sql.run('UPDATE jobs SET attempts = ? WHERE id = ?', [attempts, id]);
}

/** For the last time: a try that failed and is followed by another is no failed job. */
const failedSince = (since: Date, now: Date): Condition => {
  const dead = conditionOf('dead', now);
  return { text: `failed_at >= ? AND ${dead.text}`, params: [since, ...dead.params] };
};

interface CountRow {
  queue: string;
  n: RawInteger;
  since: RawDate | null;
}

function conditionsOf({ state, queue, name, text }: JobFilter, now: Date): Condition[] {
  const conditions: Condition[] = [];
  if (state !== undefined) conditions.push(conditionOf(state, now));
  if (queue !== undefined) conditions.push({ text: 'queue = ?', params: [queue] });
  if (name !== undefined) conditions.push({ text: 'name = ?', params: [name] });
  if (text !== undefined && text !== '') {
    const pattern = `%${text.replace(/[!%_]/g, '!$&')}%`;
    const columns = ['id', 'name', 'unique_key', 'fail_reason', 'CAST(data AS CHAR)'];
    conditions.push({
      text: columns.map((column) => `${column} LIKE ? ESCAPE '!'`).join(' OR '),
      params: columns.map(() => pattern),
    });
  }
  return conditions;
}

import {
  computeJobState,
  type JobParameters,
  type JobRepositoryOptions,
  type JobsOverview,
  type JobsQueryOptions,
  type JobsResult,
  type JobWithState,
  type RemoveJobsOptions,
  toJobId,
} from 'agenda';
import { newId } from '../../domain/shared/ids.ts';
import { type Connections, list, type Sql } from '../db/sql.ts';
import { type RawInteger, type SqlParam, toInt } from '../db/values.ts';
import { JOB_COLUMNS, type JobRow, optionsJson, toJob } from './sql-job-rows.ts';
import { refuseDebounce, uniqueKeyOf } from './unique-key.ts';

interface Condition {
  readonly text: string;
  readonly params: readonly SqlParam[];
}

/** A list of jobs is looked through in memory, at most so many. */
const MAX_LISTED = 10_000;

/** What Agenda asks of a job store besides running jobs: looking at them, changing and removing them. */
export class SqlJobAdministration {
  readonly #db: Connections;

  constructor(db: Connections) {
    this.#db = db;
  }

  async queryJobs(options: JobsQueryOptions = {}): Promise<JobsResult> {
    const { text, params } = conditionOf(options);
    const rows = await this.#db.read.query<JobRow>(
      `SELECT ${JOB_COLUMNS} FROM jobs WHERE ${text} ORDER BY next_run_at DESC, last_run_at DESC, id LIMIT ?`,
      [...params, MAX_LISTED],
    );
    const jobs = rows
      .map(withState)
      .filter((job) => options.state === undefined || job.state === options.state)
      .filter((job) => options.includeDisabled !== false || job.disabled !== true);
    const skip = options.skip ?? 0;
    const limit = options.limit ? skip + options.limit : undefined;
    return { jobs: jobs.slice(skip, limit), total: jobs.length };
  }

  async getJobsOverview(): Promise<JobsOverview[]> {
    const { jobs } = await this.queryJobs();
    const overviews = new Map<string, JobsOverview>();
    for (const { name, state } of jobs) {
      const overview = overviews.get(name) ?? nothingOf(name);
      overview.total++;
      overview[state]++;
      overviews.set(name, overview);
    }
    return [...overviews.values()];
  }

  async getDistinctJobNames(): Promise<string[]> {
    const rows = await this.#db.read.query<{ name: string }>('SELECT DISTINCT name FROM jobs ORDER BY name');
    return rows.map((r) => r.name);
  }

  async getJobById(id: string): Promise<JobParameters | null> {
    const [row] = await this.#db.read.query<JobRow>(`SELECT ${JOB_COLUMNS} FROM jobs WHERE id = ?`, [id]);
    return row === undefined ? null : toJob(row);
  }

  async getQueueSize(): Promise<number> {
    const [row] = await this.#db.read.query<{ n: RawInteger }>(
      'SELECT COUNT(*) AS n FROM jobs WHERE next_run_at < ?',
      [new Date()],
    );
    return toInt(row?.n ?? 0);
  }

  removeJobs(options: RemoveJobsOptions): Promise<number> {
    return this.#change('DELETE FROM jobs', [], options);
  }

  disableJobs(options: RemoveJobsOptions): Promise<number> {
    return this.#change('UPDATE jobs SET disabled = ?', [true], options);
  }

  enableJobs(options: RemoveJobsOptions): Promise<number> {
    return this.#change('UPDATE jobs SET disabled = ?', [false], options);
  }

  async purgeAllJobs(): Promise<number> {
    const { affected } = await this.#db.write((sql) => sql.run('DELETE FROM jobs'));
    return affected;
  }

  /** Never touches the lock: saving a job that runs elsewhere must not make it run twice. */
  async saveJob<D = unknown>(
    job: JobParameters<D>,
    options: JobRepositoryOptions | undefined,
  ): Promise<JobParameters<D>> {
    refuseDebounce(job);
    const id = await this.#db.write(async (sql) => {
      const known = job._id ?? (await findUnique(sql, job));
      const values = [
        JSON.stringify(job.data ?? null),
        job.priority,
        job.nextRunAt,
        turnOf(job),
        job.disabled ?? false,
        optionsJson(job),
        options?.lastModifiedBy,
      ];
      if (known !== undefined) {
        if (job.uniqueOpts?.insertOnly) return known;
        await sql.run(
          'UPDATE jobs SET data = ?, priority = ?, next_run_at = ?, turn = ?, disabled = ?, options = ?, last_modified_by = ? WHERE id = ?',
          [...values, known],
        );
        return known;
      }
      const fresh = newId();
      await sql.run(
        `INSERT INTO jobs (data, priority, next_run_at, turn, disabled, options, last_modified_by, id, name, queue, unique_key, fail_count, created_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'default', ?, 0, ?)`,
        [...values, fresh, job.name, uniqueKeyOf(job), new Date()],
      );
      return fresh;
    });
    return { ...job, _id: toJobId(id) };
  }

  async #change(statement: string, values: readonly SqlParam[], options: RemoveJobsOptions): Promise<number> {
    const { text, params } = conditionOf(options);
    if (params.length === 0) return 0;
    const { affected } = await this.#db.write((sql) =>
      sql.run(`${statement} WHERE ${text}`, [...values, ...params]),
    );
    return affected;
  }
}

const turnOf = (job: JobParameters): number | null =>
  job.nextRunAt === null || job.nextRunAt > new Date() ? null : -job.priority;

async function findUnique(sql: Sql, job: JobParameters): Promise<string | undefined> {
  const key = uniqueKeyOf(job);
  if (key === undefined) return undefined;
  const [row] = await sql.query<{ id: string }>('SELECT id FROM jobs WHERE unique_key = ?', [key]);
  return row?.id;
}

function conditionOf(options: JobsQueryOptions & RemoveJobsOptions): Condition {
  const parts: Condition[] = [];
  const oneOf = (column: string, values: readonly string[] | undefined, not = '') => {
    if (values?.length) parts.push({ text: `${column} ${not} IN (${list(values.length)})`, params: values });
  };
  oneOf('id', options.id === undefined ? options.ids : [options.id]);
  oneOf('name', options.name === undefined ? options.names : [options.name]);
  oneOf('name', options.notNames, 'NOT');
  if (options.search) parts.push({ text: 'name LIKE ?', params: [`%${options.search}%`] });
  return {
    text: parts.length === 0 ? '1 = 1' : parts.map((p) => p.text).join(' AND '),
    params: parts.flatMap((p) => p.params),
  };
}

function withState(row: JobRow): JobWithState {
  const job = toJob(row);
  return { ...job, _id: toJobId(row.id), state: computeJobState(job) };
}

const nothingOf = (name: string): JobsOverview => ({
  name,
  total: 0,
  running: 0,
  scheduled: 0,
  queued: 0,
  completed: 0,
  failed: 0,
  repeating: 0,
  paused: 0,
});

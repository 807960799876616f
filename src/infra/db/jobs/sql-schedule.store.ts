import type {
  Schedule,
  ScheduleDeclaration,
  ScheduleReadModel,
  ScheduleRun,
  ScheduleStore,
} from '../../../domain/jobs/schedule.store.ts';
import type { Clock } from '../../../domain/shared/clock.ts';
import {
  decodeCursor,
  encodeCursor,
  type Page,
  type PageRequest,
  toPage,
} from '../../../domain/shared/page.ts';
import { insertOrIgnore } from '../insert-or-ignore.ts';
import { forUpdate, list, type Sql } from '../sql.ts';
import { type RawDate, type SqlParam, toOptionalDate } from '../values.ts';
import {
  RUN_COLUMNS,
  type RunRow,
  SCHEDULE_COLUMNS,
  type ScheduleRow,
  toRun,
  toSchedule,
} from './schedule-rows.ts';

const SORT = 'schedule-runs';

export class SqlScheduleStore implements ScheduleStore {
  readonly #sql: Sql;
  readonly #clock: Clock;

  constructor(sql: Sql, clock: Clock) {
    this.#sql = sql;
    this.#clock = clock;
  }

  async declare(
    declarations: readonly (ScheduleDeclaration & { readonly nextRunAt: Date })[],
  ): Promise<void> {
    for (const d of declarations) {
      await this.#sql.run(
        `${insertOrIgnore(this.#sql)} INTO schedules (name, job, data, cron, timezone, missed, enabled, next_run_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        [
          d.name,
          d.job,
          JSON.stringify(d.data),
          d.cron,
          d.timezone,
          d.missed,
          true,
          d.nextRunAt,
          this.#clock.now(),
        ],
      );
    }
  }

  /** The cron expression is in the condition, so that a tick of before an edit is not fired after it. */
  async take(schedule: Schedule, next: Date, now: Date): Promise<boolean> {
    const { affected } = await this.#sql.run(
      'UPDATE schedules SET next_run_at = ?, last_run_at = ? WHERE name = ? AND enabled = ? AND next_run_at = ? AND cron = ? AND timezone = ?',
      [next, now, schedule.name, true, schedule.nextRunAt, schedule.cron, schedule.timezone],
    );
    return affected === 1;
  }

  async lock(name: string): Promise<Schedule | undefined> {
    const [row] = await this.#sql.query<ScheduleRow>(
      `SELECT ${SCHEDULE_COLUMNS} FROM schedules WHERE name = ?${forUpdate(this.#sql)}`,
      [name],
    );
    return row && toSchedule(row);
  }

  async update(s: Schedule): Promise<void> {
    await this.#sql.run(
      'UPDATE schedules SET job = ?, data = ?, cron = ?, timezone = ?, missed = ?, enabled = ?, next_run_at = ?, updated_at = ? WHERE name = ?',
      [
        s.job,
        JSON.stringify(s.data),
        s.cron,
        s.timezone,
        s.missed,
        s.enabled,
        s.nextRunAt,
        this.#clock.now(),
        s.name,
      ],
    );
  }

  async record(run: ScheduleRun): Promise<void> {
    await this.#sql.run(
      'INSERT INTO schedule_runs (id, schedule, tick_at, fired_at, outcome, job_key) VALUES (?, ?, ?, ?, ?, ?)',
      [run.id, run.schedule, run.tickAt, run.firedAt, run.outcome, run.jobKey],
    );
  }
}

export class SqlScheduleReadModel implements ScheduleReadModel {
  readonly #sql: Sql;

  constructor(read: Sql) {
    this.#sql = read;
  }

  async list(): Promise<Schedule[]> {
    const rows = await this.#sql.query<ScheduleRow>(
      `SELECT ${SCHEDULE_COLUMNS} FROM schedules ORDER BY name`,
    );
    return rows.map(toSchedule);
  }

  async find(name: string): Promise<Schedule | undefined> {
    const [row] = await this.#sql.query<ScheduleRow>(
      `SELECT ${SCHEDULE_COLUMNS} FROM schedules WHERE name = ?`,
      [name],
    );
    return row && toSchedule(row);
  }

  async due(now: Date): Promise<Schedule[]> {
    const rows = await this.#sql.query<ScheduleRow>(
      `SELECT ${SCHEDULE_COLUMNS} FROM schedules WHERE enabled = ? AND next_run_at <= ? ORDER BY next_run_at, name`,
      [true, now],
    );
    return rows.map(toSchedule);
  }

  async nextTick(except: readonly string[]): Promise<Date | undefined> {
    const others = except.length === 0 ? '' : ` AND name NOT IN (${list(except.length)})`;
    const rows = await this.#sql.query<{ next: RawDate | null }>(
      `SELECT MIN(next_run_at) AS next FROM schedules WHERE enabled = ?${others}`,
      [true, ...except],
    );
    return toOptionalDate(rows[0]?.next ?? null);
  }

  async runs(name: string | undefined, { limit, cursor }: PageRequest): Promise<Page<ScheduleRun>> {
    const where: string[] = [];
    const params: SqlParam[] = [];
    if (name !== undefined) {
      where.push('schedule = ?');
      params.push(name);
    }
    if (cursor !== undefined) {
      where.push('id < ?');
      params.push(...decodeCursor(cursor, SORT, 1));
    }
    const rows = await this.#sql.query<RunRow>(
      `SELECT ${RUN_COLUMNS} FROM schedule_runs ${where.length === 0 ? '' : `WHERE ${where.join(' AND ')}`} ORDER BY id DESC LIMIT ?`,
      [...params, limit + 1],
    );
    return toPage(rows.map(toRun), limit, (run) => encodeCursor(SORT, [run.id]));
  }
}

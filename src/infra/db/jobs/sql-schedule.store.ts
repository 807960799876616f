import type {
  Schedule,
  ScheduleDeclaration,
  ScheduleReadModel,
  ScheduleStore,
} from '../../../domain/jobs/schedule.store.ts';
import type { Clock } from '../../../domain/shared/clock.ts';
import { insertOrIgnore } from '../insert-or-ignore.ts';
import type { Sql } from '../sql.ts';
import {
  type RawBoolean,
  type RawDate,
  type RawJson,
  toBool,
  toDate,
  toJson,
  toOptionalDate,
} from '../values.ts';

interface ScheduleRow {
  name: string;
  job: string;
  data: RawJson;
  cron: string;
  timezone: string;
  enabled: RawBoolean;
  next_run_at: RawDate;
  last_run_at: RawDate | null;
}

const COLUMNS = 'name, job, data, cron, timezone, enabled, next_run_at, last_run_at';

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
        `${insertOrIgnore(this.#sql)} INTO schedules (name, job, data, cron, timezone, enabled, next_run_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
        [d.name, d.job, JSON.stringify(d.data), d.cron, d.timezone, true, d.nextRunAt, this.#clock.now()],
      );
    }
  }

  async take(schedule: Schedule, next: Date, now: Date): Promise<boolean> {
    const { affected } = await this.#sql.run(
      'UPDATE schedules SET next_run_at = ?, last_run_at = ? WHERE name = ? AND enabled = ? AND next_run_at = ?',
      [next, now, schedule.name, true, schedule.nextRunAt],
    );
    return affected === 1;
  }
}

export class SqlScheduleReadModel implements ScheduleReadModel {
  readonly #sql: Sql;

  constructor(read: Sql) {
    this.#sql = read;
  }

  async list(): Promise<Schedule[]> {
    const rows = await this.#sql.query<ScheduleRow>(`SELECT ${COLUMNS} FROM schedules ORDER BY name`);
    return rows.map(toSchedule);
  }

  async due(now: Date): Promise<Schedule[]> {
    const rows = await this.#sql.query<ScheduleRow>(
      `SELECT ${COLUMNS} FROM schedules WHERE enabled = ? AND next_run_at <= ? ORDER BY next_run_at, name`,
      [true, now],
    );
    return rows.map(toSchedule);
  }

  async nextTick(): Promise<Date | undefined> {
    const rows = await this.#sql.query<{ next: RawDate | null }>(
      'SELECT MIN(next_run_at) AS next FROM schedules WHERE enabled = ?',
      [true],
    );
    return toOptionalDate(rows[0]?.next ?? null);
  }
}

const toSchedule = (row: ScheduleRow): Schedule => ({
  name: row.name,
  job: row.job,
  data: toJson(row.data),
  cron: row.cron,
  timezone: row.timezone,
  enabled: toBool(row.enabled),
  nextRunAt: toDate(row.next_run_at),
  lastRunAt: toOptionalDate(row.last_run_at),
});

import type { Schedule, ScheduleRun } from '../../../domain/jobs/schedule.store.ts';
import {
  type RawBoolean,
  type RawDate,
  type RawJson,
  toBool,
  toDate,
  toJson,
  toOptionalDate,
} from '../values.ts';

export interface ScheduleRow {
  name: string;
  job: string;
  data: RawJson;
  cron: string;
  timezone: string;
  missed: Schedule['missed'] | null;
  enabled: RawBoolean;
  next_run_at: RawDate;
  last_run_at: RawDate | null;
}

export const SCHEDULE_COLUMNS = 'name, job, data, cron, timezone, missed, enabled, next_run_at, last_run_at';

export const toSchedule = (row: ScheduleRow): Schedule => ({
  name: row.name,
  job: row.job,
  data: readable(row.data),
  cron: row.cron,
  timezone: row.timezone,
  missed: row.missed ?? 'run-once',
  enabled: toBool(row.enabled),
  nextRunAt: toDate(row.next_run_at),
  lastRunAt: toOptionalDate(row.last_run_at),
});

/** Data that is no JSON is none: its schedule cannot be fired, and the others can. */
function readable(data: RawJson): unknown {
  try {
    return toJson(data);
  } catch {
    return undefined;
  }
}

export interface RunRow {
  id: string;
  schedule: string;
  tick_at: RawDate;
  fired_at: RawDate;
  outcome: ScheduleRun['outcome'];
  job_key: string | null;
}

export const RUN_COLUMNS = 'id, schedule, tick_at, fired_at, outcome, job_key';

export const toRun = (row: RunRow): ScheduleRun => ({
  id: row.id,
  schedule: row.schedule,
  tickAt: toDate(row.tick_at),
  firedAt: toDate(row.fired_at),
  outcome: row.outcome,
  jobKey: row.job_key ?? undefined,
});

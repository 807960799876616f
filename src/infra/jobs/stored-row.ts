import {
  type RawBoolean,
  type RawDate,
  type RawInteger,
  type RawJson,
  toBool,
  toDate,
  toInt,
  toJson,
  toOptionalDate,
} from '../db/values.ts';
import type { StoredJob } from './job-view.ts';

export interface StoredRow {
  id: string;
  name: string;
  queue: string;
  data: RawJson;
  priority: RawInteger;
  unique_key: string | null;
  next_run_at: RawDate | null;
  locked_at: RawDate | null;
  last_run_at: RawDate | null;
  last_finished_at: RawDate | null;
  fail_count: RawInteger;
  fail_reason: string | null;
  disabled: RawBoolean;
  last_modified_by: string | null;
  result: string | null;
  attempts: RawJson | null;
  created_at: RawDate;
}

/** The result as text: of a JSON column MySQL's driver gives the value, and a string is then no JSON. */
export const STORED_COLUMNS =
  'id, name, queue, data, priority, unique_key, next_run_at, locked_at, last_run_at, last_finished_at, fail_count, fail_reason, disabled, last_modified_by, CAST(result AS CHAR) AS result, attempts, created_at';

export const toStoredJob = (row: StoredRow): StoredJob => ({
  id: row.id,
  name: row.name,
  queue: row.queue,
  data: toJson(row.data),
  priority: toInt(row.priority),
  uniqueKey: row.unique_key ?? undefined,
  createdAt: toDate(row.created_at),
  nextRunAt: toOptionalDate(row.next_run_at),
  locked: row.locked_at !== null,
  disabled: toBool(row.disabled),
  lastRunAt: toOptionalDate(row.last_run_at),
  lastFinishedAt: toOptionalDate(row.last_finished_at),
  failCount: toInt(row.fail_count),
  failReason: row.fail_reason ?? undefined,
  worker: row.last_modified_by ?? undefined,
  result: row.result === null ? undefined : (JSON.parse(row.result) as unknown),
  attempts: row.attempts === null ? undefined : toJson(row.attempts),
});

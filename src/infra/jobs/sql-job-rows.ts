import { type JobParameters, toJobId } from 'agenda';
import {
  type RawBoolean,
  type RawDate,
  type RawInteger,
  type RawJson,
  toBool,
  toDate,
  toJson,
} from '../db/values.ts';

export interface JobRow {
  id: string;
  name: string;
  queue: string;
  data: RawJson;
  priority: number;
  next_run_at: RawDate | null;
  locked_at: RawDate | null;
  last_run_at: RawDate | null;
  last_finished_at: RawDate | null;
  failed_at: RawDate | null;
  fail_count: number;
  fail_reason: string | null;
  progress: number | null;
  disabled: RawBoolean;
  last_modified_by: string | null;
  options: RawJson | null;
  attempts: RawJson | null;
}

/** What is known of a job before it is claimed. */
export interface CandidateRow {
  id: string;
  turn: RawInteger | null;
  /** Set when its worker gave no sign of life any more. */
  locked_at: RawDate | null;
  last_run_at: RawDate | null;
  last_modified_by: string | null;
}

export const CANDIDATE_COLUMNS = 'id, turn, locked_at, last_run_at, last_modified_by';

export const JOB_COLUMNS =
  'id, name, queue, data, priority, next_run_at, locked_at, last_run_at, last_finished_at, failed_at, fail_count, fail_reason, progress, disabled, last_modified_by, options, attempts';

/** Agenda's settings of repeating jobs: carried in one column. */
const OPTIONS = [
  'repeatInterval',
  'repeatTimezone',
  'repeatAt',
  'startDate',
  'endDate',
  'skipDays',
  'fork',
] as const;

export function optionsJson(job: JobParameters): string | null {
  const given = OPTIONS.flatMap((name) => (job[name] === undefined ? [] : [[name, job[name]] as const]));
  const options = { ...Object.fromEntries(given), ...(job.type === 'single' ? { type: job.type } : {}) };
  return Object.keys(options).length === 0 ? null : JSON.stringify(options);
}

export function toJob(row: JobRow): JobParameters {
  const options = row.options === null ? {} : (toJson(row.options) as Partial<JobParameters>);
  return {
    type: 'normal',
    ...options,
    _id: toJobId(row.id),
    name: row.name,
    data: toJson(row.data),
    priority: row.priority,
    nextRunAt: row.next_run_at === null ? null : toDate(row.next_run_at),
    failCount: row.fail_count,
    disabled: toBool(row.disabled),
    ...(row.locked_at !== null && { lockedAt: toDate(row.locked_at) }),
    ...(row.last_run_at !== null && { lastRunAt: toDate(row.last_run_at) }),
    ...(row.last_finished_at !== null && { lastFinishedAt: toDate(row.last_finished_at) }),
    ...(row.failed_at !== null && { failedAt: toDate(row.failed_at) }),
    ...(row.fail_reason !== null && { failReason: row.fail_reason }),
    ...(row.progress !== null && { progress: row.progress }),
    ...(row.last_modified_by !== null && { lastModifiedBy: row.last_modified_by }),
  };
}

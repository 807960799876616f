import { createHash } from 'node:crypto';
import { BSON, ObjectId } from 'mongodb';
import {
  type RawBoolean,
  type RawDate,
  type RawJson,
  toBool,
  toDate,
  toJson,
  toOptionalDate,
} from '../db/values.ts';
import { toAttempts } from './job-view.ts';
import type { JobDocument } from './mongo-job.document.ts';
import type { Query } from './sql-job.queries.ts';

/** A job of the SQL database that has its end before it. */
export interface StagedRow {
  id: string;
  name: string;
  queue: string;
  data: RawJson;
  priority: number;
  unique_key: string | null;
  next_run_at: RawDate | null;
  locked_at: RawDate | null;
  lock_token: string | null;
  last_run_at: RawDate | null;
  last_finished_at: RawDate | null;
  failed_at: RawDate | null;
  fail_count: number;
  fail_reason: string | null;
  disabled: RawBoolean;
  last_modified_by: string | null;
  attempts: RawJson | null;
  created_at: RawDate;
}

const COLUMNS =
  'id, name, queue, data, priority, unique_key, next_run_at, locked_at, lock_token, last_run_at, last_finished_at, failed_at, fail_count, fail_reason, disabled, last_modified_by, attempts, created_at';

export const stagedQuery = (limit: number): Query => ({
  text: `SELECT ${COLUMNS} FROM jobs WHERE next_run_at IS NOT NULL AND locked_at IS NULL ORDER BY next_run_at LIMIT ?`,
  params: [limit],
});

/** What a worker without MongoDB had when it was lost. */
export const stagedLostQuery = (deadline: Date, limit: number): Query => ({
  text: `SELECT ${COLUMNS} FROM jobs WHERE locked_at <= ? ORDER BY locked_at LIMIT ?`,
  params: [deadline, limit],
});

/** MongoDB takes no larger ones. */
const MAX_DOCUMENT = 16 * 1024 * 1024;

/** @throws Error when it is none that MongoDB takes */
export function toDocument(row: StagedRow): JobDocument {
  const document: JobDocument = {
    _id: jobIdOf(row.unique_key ?? row.id),
    name: row.name,
    queue: row.queue,
    data: toJson(row.data),
    dataText: JSON.stringify(toJson(row.data)),
    uniqueKey: row.unique_key,
    type: 'normal',
    priority: row.priority,
    nextRunAt: toOptionalDate(row.next_run_at) ?? null,
    // A lock that has ended says who was lost, and since when: it is taken over there.
    lockedAt: toOptionalDate(row.locked_at) ?? null,
    lockToken: row.lock_token,
    lastRunAt: toOptionalDate(row.last_run_at) ?? null,
    lastFinishedAt: toOptionalDate(row.last_finished_at) ?? null,
    failedAt: toOptionalDate(row.failed_at) ?? null,
    failCount: row.fail_count,
    failReason: row.fail_reason,
    disabled: toBool(row.disabled) || null,
    lastModifiedBy: row.last_modified_by,
    result: null,
    attempts: row.attempts === null ? null : toAttempts(toJson(row.attempts)),
    createdAt: toDate(row.created_at),
  };
  const { length } = BSON.serialize(document);
  if (length > MAX_DOCUMENT) throw new Error(`${length} bytes are more than MongoDB takes`);
  return document;
}

/** Of a job's unique key, or else of its row. 96 bits of a hash: as unique as MongoDB's own ids. */
export const jobIdOf = (key: string): ObjectId =>
  new ObjectId(createHash('sha256').update(key).digest('hex').slice(0, 24));

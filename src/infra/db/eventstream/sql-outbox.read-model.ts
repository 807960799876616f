import type {
  OutboxDetail,
  OutboxFilter,
  OutboxItem,
  OutboxMark,
  OutboxReadModel,
  OutboxStatus,
  OutboxSummary,
} from '../../../domain/eventstream/outbox.store.ts';
import type { AggregateType, Topic } from '../../../domain/shared/event.ts';
import {
  decodeCursor,
  encodeCursor,
  type Page,
  type PageRequest,
  toPage,
} from '../../../domain/shared/page.ts';
import type { Sql } from '../sql.ts';
import {
  type RawDate,
  type RawInteger,
  type RawJson,
  type SqlParam,
  toDate,
  toInt,
  toJson,
  toOptionalDate,
} from '../values.ts';
import { dueHeads } from './outbox-heads.ts';

interface ItemRow {
  id: string;
  type: string;
  topic: Topic;
  aggregate_type: AggregateType;
  aggregate_id: string;
  sequence: number;
  status: OutboxStatus;
  attempts: number;
  occurred_at: RawDate;
  available_at: RawDate;
  lease_until: RawDate | null;
  sent_at: RawDate | null;
  last_error: string | null;
}

interface DetailRow extends ItemRow {
  correlation_id: string | null;
  traceparent: string | null;
  payload: RawJson;
}

const ITEM =
  'id, type, topic, aggregate_type, aggregate_id, sequence, status, attempts, occurred_at, available_at, lease_until, sent_at, last_error';

/** Along an index alone, and its first row: asked at every scrape, also while many events wait. */
export const WAITING_COUNTS =
  "SELECT status, COUNT(*) AS n FROM outbox WHERE status IN ('pending', 'dead') GROUP BY status";
export const LONGEST_DUE =
  "SELECT occurred_at FROM outbox WHERE status = 'pending' ORDER BY available_at, id LIMIT 1";

export class SqlOutboxReadModel implements OutboxReadModel {
  readonly #sql: Sql;

  constructor(read: Sql) {
    this.#sql = read;
  }

  async hasDue(now: Date): Promise<boolean> {
    return (await dueHeads(this.#sql, now, 1)).length > 0;
  }

  async summary(): Promise<OutboxSummary> {
    const rows = await this.#sql.query<{ status: string; n: RawInteger }>(WAITING_COUNTS);
    const count = (status: string) => toInt(rows.find((r) => r.status === status)?.n ?? 0);
    const [oldest] = await this.#sql.query<{ occurred_at: RawDate }>(LONGEST_DUE);
    return {
      pending: count('pending'),
      dead: count('dead'),
      oldestPendingAt: toOptionalDate(oldest?.occurred_at ?? null),
    };
  }

  /** With a status along its index, so that the published ones cost nothing; else along the ids. */
  async list({ status, aggregateId }: OutboxFilter, page: PageRequest): Promise<Page<OutboxItem>> {
    const byStatus = status !== undefined && aggregateId === undefined;
    const sort = byStatus ? 'outbox-status' : 'outbox';
    const where: string[] = [];
    const params: SqlParam[] = [];
    const also = (text: string, ...values: SqlParam[]): void => {
      where.push(text);
      params.push(...values);
    };
    if (status !== undefined) also('status = ?', status);
    if (aggregateId !== undefined)
      also("aggregate_type IN ('order', 'stock') AND aggregate_id = ?", aggregateId);
    if (page.cursor !== undefined) {
      const [at = '', id = ''] = decodeCursor(page.cursor, sort, 2);
      if (byStatus)
        also('(available_at < ? OR (available_at = ? AND id < ?))', new Date(at), new Date(at), id);
      else also('id < ?', id);
    }
    const rows = await this.#sql.query<ItemRow>(
      `SELECT ${ITEM} FROM outbox ${where.length > 0 ? `WHERE ${where.join(' AND ')}` : ''}
       ORDER BY ${byStatus ? 'available_at DESC, id DESC' : 'id DESC'} LIMIT ?`,
      [...params, page.limit + 1],
    );
    return toPage(rows.map(toItem), page.limit, (item) =>
      encodeCursor(sort, [item.availableAt.getTime(), item.id]),
    );
  }

  async find(id: string): Promise<OutboxDetail | undefined> {
    const [row] = await this.#sql.query<DetailRow>(
      `SELECT ${ITEM}, correlation_id, traceparent, payload FROM outbox WHERE id = ?`,
      [id],
    );
    if (row === undefined) return undefined;
    const [older] = await this.#sql.query<{ id: string }>(
      `SELECT id FROM outbox WHERE aggregate_type = ? AND aggregate_id = ? AND status IN ('pending', 'dead') AND sequence < ?
       ORDER BY sequence LIMIT 1`,
      [row.aggregate_type, row.aggregate_id, row.sequence],
    );
    return {
      ...toItem(row),
      correlationId: row.correlation_id ?? undefined,
      traceparent: row.traceparent ?? undefined,
      payload: toJson(row.payload),
      blockedBy: row.status === 'pending' ? older?.id : undefined,
    };
  }

  async marksAfter(id: string, limit: number): Promise<OutboxMark[]> {
    const rows = await this.#sql.query<ItemRow>(
      `SELECT ${ITEM} FROM outbox WHERE id > ? ORDER BY id LIMIT ?`,
      [id, limit],
    );
    return rows.map(toItem);
  }
}

const toItem = (row: ItemRow): OutboxItem => ({
  id: row.id,
  type: row.type,
  topic: row.topic,
  aggregateType: row.aggregate_type,
  aggregateId: row.aggregate_id,
  sequence: row.sequence,
  status: row.status,
  attempts: row.attempts,
  occurredAt: toDate(row.occurred_at),
  availableAt: toDate(row.available_at),
  leaseUntil: toOptionalDate(row.lease_until),
  sentAt: toOptionalDate(row.sent_at),
  lastError: row.last_error ?? undefined,
});

import type { Lease, OutboxEntry, OutboxStore, Refusal } from '../../../domain/eventstream/outbox.store.ts';
import { currentContext } from '../../../domain/shared/context.ts';
import type { AggregateType, NewEvent, Topic } from '../../../domain/shared/event.ts';
import { newId } from '../../../domain/shared/ids.ts';
import { list, placeholders, type Sql } from '../sql.ts';
import { type RawDate, type RawJson, toDate, toJson } from '../values.ts';

/** Told after every commit that appended events. */
export const OUTBOX_SIGNAL = 'outbox';

const MAX_REASON = 500;

interface EntryRow {
  id: string;
  type: string;
  topic: Topic;
  aggregate_type: AggregateType;
  aggregate_id: string;
  sequence: number;
  payload: RawJson;
  correlation_id: string | null;
  traceparent: string | null;
  occurred_at: RawDate;
  attempts: number;
}

export class SqlOutboxStore implements OutboxStore {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  async append(events: readonly NewEvent[]): Promise<void> {
    if (events.length === 0) return;
    const context = currentContext();
    const rows = events.flatMap((e) => [
      newId(),
      e.type,
      e.topic,
      e.aggregateType,
      e.aggregateId,
      e.sequence,
      JSON.stringify(e.payload),
      context?.correlationId,
      context?.traceparent,
      e.occurredAt,
      'pending',
      0,
      e.occurredAt,
    ]);
    await this.#sql.run(
      `INSERT INTO outbox (id, type, topic, aggregate_type, aggregate_id, sequence, payload, correlation_id, traceparent, occurred_at, status, attempts, available_at) VALUES ${placeholders(events.length, 13)}`,
      rows,
    );
    this.#sql.signal(OUTBOX_SIGNAL);
  }

  async claimHeads(lease: Lease, now: Date, limit: number): Promise<OutboxEntry[]> {
    const heads = await this.#sql.query<{ id: string }>(
      `SELECT o.id FROM outbox o
       WHERE o.status = 'pending' AND o.available_at <= ? AND (o.lease_until IS NULL OR o.lease_until <= ?)
         AND NOT EXISTS (SELECT 1 FROM outbox p WHERE p.aggregate_type = o.aggregate_type AND p.aggregate_id = o.aggregate_id
           AND p.status IN ('pending', 'dead') AND p.sequence < o.sequence)
       ORDER BY o.available_at, o.id LIMIT ?`,
      [now, now, limit],
    );
    if (heads.length === 0) return [];
    // Another relay may have read the same heads: only one of the two updates takes each row.
    await this.#sql.run(
      `UPDATE outbox SET lease_owner = ?, lease_until = ?
       WHERE id IN (${list(heads.length)}) AND status = 'pending' AND (lease_until IS NULL OR lease_until <= ?)`,
      [lease.owner, lease.until, ...heads.map((h) => h.id), now],
    );
    const rows = await this.#sql.query<EntryRow>(
      `SELECT id, type, topic, aggregate_type, aggregate_id, sequence, payload, correlation_id, traceparent, occurred_at, attempts
       FROM outbox WHERE lease_owner = ? AND status = 'pending' ORDER BY id`,
      [lease.owner],
    );
    return rows.map(toEntry);
  }

  async markSent(owner: string, ids: readonly string[], at: Date): Promise<void> {
    if (ids.length === 0) return;
    await this.#sql.run(
      `UPDATE outbox SET status = 'sent', sent_at = ?, lease_owner = NULL, lease_until = NULL, last_error = NULL
       WHERE id IN (${list(ids.length)}) AND lease_owner = ? AND status = 'pending'`,
      [at, ...ids, owner],
    );
    // Each aggregate may have a next event by now.
    this.#sql.signal(OUTBOX_SIGNAL);
  }

  async refuse(owner: string, refusals: readonly Refusal[]): Promise<void> {
    for (const { id, reason, availableAt } of refusals) {
      await this.#sql.run(
        `UPDATE outbox SET status = ?, attempts = attempts + 1, available_at = COALESCE(?, available_at), last_error = ?,
         lease_owner = NULL, lease_until = NULL WHERE id = ? AND lease_owner = ? AND status = 'pending'`,
        [availableAt ? 'pending' : 'dead', availableAt, reason.slice(0, MAX_REASON), id, owner],
      );
    }
  }

  async release(owner: string): Promise<void> {
    await this.#sql.run('UPDATE outbox SET lease_owner = NULL, lease_until = NULL WHERE lease_owner = ?', [
      owner,
    ]);
  }
}

const toEntry = (row: EntryRow): OutboxEntry => ({
  id: row.id,
  type: row.type,
  topic: row.topic,
  aggregateType: row.aggregate_type,
  aggregateId: row.aggregate_id,
  sequence: row.sequence,
  payload: toJson(row.payload),
  correlationId: row.correlation_id ?? undefined,
  traceparent: row.traceparent ?? undefined,
  occurredAt: toDate(row.occurred_at),
  attempts: row.attempts,
});

import type {
  Claim,
  Lease,
  OutboxEntry,
  OutboxStore,
  Refusal,
} from '../../../domain/eventstream/outbox.store.ts';
import { currentContext } from '../../../domain/shared/context.ts';
import type { AggregateType, NewEvent, Topic } from '../../../domain/shared/event.ts';
import { newId } from '../../../domain/shared/ids.ts';
import { list, placeholders, type Sql } from '../sql.ts';
import { type RawDate, type RawJson, toDate, toJson } from '../values.ts';
import { dueHeads, freeFollowers, type Place } from './outbox-heads.ts';
import { OUTBOX_SIGNAL } from './signals.ts';

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

  async claimHeads(lease: Lease, now: Date, limit: number, after?: string): Promise<Claim> {
    const heads = await dueHeads(this.#sql, now, limit, after);
    const held = await this.#lease(lease, now, heads);
    const room = limit - heads.length;
    const behind = await this.#lease(lease, now, await freeFollowers(this.#sql, now, { heads: held, room }));
    return { entries: await this.#entries([...held, ...behind]), last: heads.at(-1)?.aggregate_id };
  }

  /** Another relay may have read the same entries: only one of the two updates takes each row. @returns what it took */
  async #lease({ owner, until }: Lease, now: Date, places: readonly Place[]): Promise<readonly Place[]> {
    if (places.length === 0) return [];
    const ids = places.map((place) => place.id);
    const { affected } = await this.#sql.run(
      `UPDATE outbox SET lease_owner = ?, lease_until = ?
       WHERE id IN (${list(ids.length)}) AND status = 'pending' AND available_at <= ? AND (lease_until IS NULL OR lease_until <= ?)`,
      [owner, until, ...ids, now, now],
    );
    if (affected === ids.length) return places;
    const rows = await this.#sql.query<{ id: string }>(
      `SELECT id FROM outbox WHERE id IN (${list(ids.length)}) AND lease_owner = ?`,
      [...ids, owner],
    );
    const taken = new Set(rows.map((row) => row.id));
    return places.filter((place) => taken.has(place.id));
  }

  async #entries(places: readonly Place[]): Promise<OutboxEntry[]> {
    if (places.length === 0) return [];
    const rows = await this.#sql.query<EntryRow>(
      `SELECT id, type, topic, aggregate_type, aggregate_id, sequence, payload, correlation_id, traceparent, occurred_at, attempts
       FROM outbox WHERE id IN (${list(places.length)}) ORDER BY aggregate_type, aggregate_id, sequence`,
      places.map((place) => place.id),
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

  async release(owner: string, ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return;
    await this.#sql.run(
      `UPDATE outbox SET lease_owner = NULL, lease_until = NULL WHERE id IN (${list(ids.length)}) AND lease_owner = ?`,
      [...ids, owner],
    );
  }

  async replay(id: string, at: Date): Promise<boolean> {
    const { affected } = await this.#sql.run(
      `UPDATE outbox SET status = 'pending', attempts = 0, available_at = ?, lease_owner = NULL, lease_until = NULL WHERE id = ? AND ${REFUSED}`,
      [at, id, at],
    );
    if (affected > 0) this.#sql.signal(OUTBOX_SIGNAL);
    return affected > 0;
  }

  async skip(id: string, at: Date): Promise<boolean> {
    const { affected } = await this.#sql.run(
      `UPDATE outbox SET status = 'skipped', available_at = ?, lease_owner = NULL, lease_until = NULL WHERE id = ? AND ${REFUSED}`,
      [at, id, at],
    );
    if (affected > 0) this.#sql.signal(OUTBOX_SIGNAL);
    return affected > 0;
  }

  async dead(limit: number): Promise<string[]> {
    const rows = await this.#sql.query<{ id: string }>(
      "SELECT id FROM outbox WHERE status = 'dead' ORDER BY available_at, id LIMIT ?",
      [limit],
    );
    return rows.map((row) => row.id);
  }
}

/** Dead, or to be tried again, and in nobody's hands. */
const REFUSED =
  "(status = 'dead' OR (status = 'pending' AND attempts > 0 AND (lease_until IS NULL OR lease_until <= ?)))";

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

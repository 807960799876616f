import type { OutboxReadModel, OutboxSummary } from '../../../domain/eventstream/outbox.store.ts';
import type { Sql } from '../sql.ts';
import { type RawDate, type RawInteger, toInt, toOptionalDate } from '../values.ts';

export class SqlOutboxReadModel implements OutboxReadModel {
  readonly #sql: Sql;

  constructor(read: Sql) {
    this.#sql = read;
  }

  async hasDue(now: Date): Promise<boolean> {
    const rows = await this.#sql.query<{ id: string }>(
      `SELECT o.id FROM outbox o
       WHERE o.status = 'pending' AND o.available_at <= ? AND (o.lease_until IS NULL OR o.lease_until <= ?)
         AND NOT EXISTS (SELECT 1 FROM outbox p WHERE p.aggregate_type = o.aggregate_type AND p.aggregate_id = o.aggregate_id
           AND p.status IN ('pending', 'dead') AND p.sequence < o.sequence)
       LIMIT 1`,
      [now, now],
    );
    return rows.length > 0;
  }

  async summary(): Promise<OutboxSummary> {
    const rows = await this.#sql.query<{ status: string; n: RawInteger; oldest: RawDate | null }>(
      "SELECT status, COUNT(*) AS n, MIN(occurred_at) AS oldest FROM outbox WHERE status IN ('pending', 'dead') GROUP BY status",
    );
    const of = (status: string) => rows.find((r) => r.status === status);
    return {
      pending: toInt(of('pending')?.n ?? 0),
      dead: toInt(of('dead')?.n ?? 0),
      oldestPendingAt: toOptionalDate(of('pending')?.oldest ?? null),
    };
  }
}

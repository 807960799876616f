import type { Kept, RetentionStore } from '../../../domain/jobs/retention.store.ts';
import type { DatabaseKind, Sql } from '../sql.ts';

interface Table {
  readonly name: string;
  readonly since: string;
  readonly guard?: string;
  /** MySQL does not read the table that it deletes from: its guard is asked first, for these. */
  readonly key?: string;
}

/** A local message stays while a consumer group has yet to pass it. */
const PASSED_BY_ALL =
  'position <= (SELECT MIN(o.position) FROM consumer_offsets o WHERE o.topic = event_log.topic)';

/** Else the gap that it explains would stay: what was sent before may be kept for longer. */
const LAST_OF_ITS_PAST =
  "NOT EXISTS (SELECT 1 FROM outbox e WHERE e.aggregate_type = outbox.aggregate_type AND e.aggregate_id = outbox.aggregate_id AND e.sequence < outbox.sequence AND e.status <> 'skipped')";

const TABLES: Readonly<Record<Kept, Table>> = {
  'sent events': { name: 'outbox', since: 'sent_at' },
  // That is when it was skipped.
  'skipped events': {
    name: 'outbox',
    since: 'available_at',
    guard: `status = 'skipped' AND ${LAST_OF_ITS_PAST}`,
    key: 'id',
  },
  'settled dead letters': {
    name: 'consumer_dead_letters',
    since: 'created_at',
    guard: "status IN ('replayed', 'skipped')",
  },
  'local event log': { name: 'event_log', since: 'appended_at', guard: PASSED_BY_ALL },
  inbox: { name: 'inbox', since: 'handled_at' },
  'consumer positions': { name: 'consumer_positions', since: 'updated_at' },
  'idempotency keys': { name: 'idempotency_keys', since: 'expires_at' },
  'refresh tokens': { name: 'refresh_tokens', since: 'expires_at' },
  'order claims': { name: 'order_claims', since: 'expires_at' },
  workers: { name: 'workers', since: 'seen_at' },
  'worker commands': { name: 'worker_commands', since: 'created_at' },
  'schedule runs': { name: 'schedule_runs', since: 'fired_at' },
  // What is in them goes by the foreign key.
  'guest carts': { name: 'carts', since: 'updated_at', guard: 'user_id IS NULL' },
  // Their attempts go by the foreign key.
  'webhook deliveries': { name: 'webhook_deliveries', since: 'created_at', guard: "status <> 'pending'" },
  'payment webhooks': { name: 'payment_webhooks', since: 'received_at' },
};

export class SqlRetentionStore implements RetentionStore {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  async purge(what: Kept, before: Date, limit: number): Promise<number> {
    const { affected } = await this.#sql.run(purgeStatement(this.#sql.kind, what), [before, limit]);
    return affected;
  }
}

/** Takes the date and the number of rows; the oldest go first. */
export function purgeStatement(kind: DatabaseKind, what: Kept): string {
  const { name, since, guard, key } = TABLES[what];
  const old = `${since} < ?${guard === undefined ? '' : ` AND ${guard}`} ORDER BY ${since} LIMIT ?`;
  if (kind === 'sqlite') return `DELETE FROM ${name} WHERE rowid IN (SELECT rowid FROM ${name} WHERE ${old})`;
  return key === undefined
    ? `DELETE FROM ${name} WHERE ${old}`
    : `DELETE FROM ${name} WHERE ${key} IN (SELECT ${key} FROM (SELECT ${key} FROM ${name} WHERE ${old}) gone)`;
}

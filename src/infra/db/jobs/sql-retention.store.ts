import type { Kept, RetentionStore } from '../../../domain/jobs/retention.store.ts';
import type { DatabaseKind, Sql } from '../sql.ts';

interface Table {
  readonly name: string;
  readonly since: string;
  readonly guard?: string;
}

/** A local message stays while a consumer group has yet to pass it. */
const PASSED_BY_ALL =
  'position <= (SELECT MIN(o.position) FROM consumer_offsets o WHERE o.topic = event_log.topic)';

const TABLES: Readonly<Record<Kept, Table>> = {
  'sent events': { name: 'outbox', since: 'sent_at' },
  // That is when it was skipped.
  'skipped events': { name: 'outbox', since: 'available_at', guard: "status = 'skipped'" },
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

/** Takes the date and the number of rows. */
export function purgeStatement(kind: DatabaseKind, what: Kept): string {
  const { name, since, guard } = TABLES[what];
  const where = `${since} < ?${guard === undefined ? '' : ` AND ${guard}`}`;
  return kind === 'sqlite'
    ? `DELETE FROM ${name} WHERE rowid IN (SELECT rowid FROM ${name} WHERE ${where} LIMIT ?)`
    : `DELETE FROM ${name} WHERE ${where} LIMIT ?`;
}

import { newId } from '../src/domain/shared/ids.ts';
import { insertRows } from '../src/infra/db/insert-rows.ts';
import type { Connections, Sql } from '../src/infra/db/sql.ts';

const COLUMNS = [
  'id',
  'aggregate_id',
  'sequence',
  'type',
  'topic',
  'aggregate_type',
  'payload',
  'occurred_at',
  'status',
  'attempts',
  'available_at',
  'sent_at',
] as const;
/** Of one aggregate: as many as a busy stock level has. */
const PER_AGGREGATE = 1000;
/** Aggregates of one transaction. */
const TOGETHER = 10;

/** Fills the outbox with events that were sent before: a million in a minute or two, for the server copies them itself. */
export async function fillSent(db: Connections, count: number): Promise<void> {
  if (count === 0) return;
  const first = newId();
  await db.write((sql) => insertFirst(sql, first, Math.min(count, PER_AGGREGATE)));
  for (let done = PER_AGGREGATE; done < count; done += TOGETHER * PER_AGGREGATE) {
    const end = Math.min(count, done + TOGETHER * PER_AGGREGATE);
    await db.write(async (sql) => {
      for (let at = done; at < end; at += PER_AGGREGATE) await copy(sql, first, end - at);
    });
  }
}

async function insertFirst(sql: Sql, aggregate: string, count: number): Promise<void> {
  const at = new Date('2026-01-01T00:00:00Z');
  const rows = Array.from({ length: count }, (_, i) => [
    newId(),
    aggregate,
    i + 1,
    'stock.changed.v1',
    'stock-events',
    'stock',
    '{}',
    at,
    'sent',
    0,
    at,
    at,
  ]);
  await insertRows(sql, 'outbox', COLUMNS, rows);
}

/** The same events of another aggregate: a new beginning of their ids keeps them apart, and in the order of time. */
async function copy(sql: Sql, from: string, most: number): Promise<void> {
  const [id, aggregate] = [newId(), newId()];
  await sql.run(
    `INSERT INTO outbox (${COLUMNS.join(', ')})
     SELECT CONCAT(?, SUBSTR(id, 25)), ?, ${COLUMNS.slice(2).join(', ')} FROM outbox WHERE aggregate_type = 'stock' AND aggregate_id = ? AND sequence <= ?`,
    [id.slice(0, 24), aggregate, from, most],
  );
}

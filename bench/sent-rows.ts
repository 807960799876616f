import { newId } from '../src/domain/shared/ids.ts';
import { insertRows } from '../src/infra/db/insert-rows.ts';
import type { Connections } from '../src/infra/db/sql.ts';

const COLUMNS = [
  'id',
  'type',
  'topic',
  'aggregate_type',
  'aggregate_id',
  'sequence',
  'payload',
  'occurred_at',
  'status',
  'attempts',
  'available_at',
  'sent_at',
];
const CHUNK = 5000;

/** Fills the outbox with events that were sent before, as many of an aggregate as a busy stock level has. */
export async function fillSent(db: Connections, count: number): Promise<void> {
  const perAggregate = 1000;
  const at = new Date('2026-01-01T00:00:00Z');
  let aggregate = newId();
  for (let start = 0; start < count; start += CHUNK) {
    const rows = Array.from({ length: Math.min(CHUNK, count - start) }, (_, i) => {
      const sequence = ((start + i) % perAggregate) + 1;
      if (sequence === 1) aggregate = newId();
      return [
        newId(),
        'stock.changed.v1',
        'stock-events',
        'stock',
        aggregate,
        sequence,
        '{}',
        at,
        'sent',
        0,
        at,
        at,
      ];
    });
    await db.write((sql) => insertRows(sql, 'outbox', COLUMNS, rows));
  }
}

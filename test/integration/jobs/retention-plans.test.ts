import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Kept } from '../../../src/domain/jobs/retention.store.ts';
import { addSeconds } from '../../../src/domain/shared/clock.ts';
import { newId } from '../../../src/domain/shared/ids.ts';
import { insertRows } from '../../../src/infra/db/insert-rows.ts';
import { purgeStatement } from '../../../src/infra/db/jobs/sql-retention.store.ts';
import { type RawInteger, type SqlParam, toInt } from '../../../src/infra/db/values.ts';
import { planOf } from '../../support/plans.ts';
import { setupApp, type TestApp } from '../../support/setup-app.ts';

const ROWS = 4000;
const NOW = new Date('2026-06-01T00:00:00Z');
/** A row an hour. */
const at = (n: number): Date => addSeconds(NOW, (n - ROWS) * 3600);
const OLD = at(100);

const statuses = (n: number, ...of: readonly string[]): string => of[n % of.length] ?? '';

const TABLES: Readonly<Record<string, { columns: string; row: (n: number) => SqlParam[] }>> = {
  inbox: {
    columns: 'consumer_group, event_id, handled_at',
    row: (n) => [`g${n % 5}`, newId(), at(n)],
  },
  consumer_positions: {
    columns: 'consumer_group, aggregate_type, aggregate_id, sequence, updated_at',
    row: (n) => ['g', 'order', newId(), n, at(n)],
  },
  event_log: {
    columns: 'topic, position, event_id, message_key, headers, value, appended_at',
    row: (n) => ['order-events', n, newId(), 'key', '{}', '{}', at(n)],
  },
  consumer_offsets: {
    columns: 'consumer_group, topic, position, updated_at',
    row: (n) => [`g${n}`, 'order-events', ROWS, at(n)],
  },
  consumer_dead_letters: {
    columns:
      'id, consumer_group, topic, partition_number, position, message_hash, event_id, headers, value, cause, status, created_at',
    row: (n) => [
      ...[newId(), `g${n % 5}`, 'order-events', 0, String(n), newId(), newId(), '{}', '""', 'a defect'],
      ...[statuses(n, 'dead', 'replayed', 'skipped'), at(n)],
    ],
  },
  outbox: {
    columns:
      'id, type, topic, aggregate_type, aggregate_id, sequence, payload, occurred_at, status, attempts, available_at, sent_at',
    row: (n) => {
      const status = statuses(n, 'sent', 'skipped', 'sent', 'pending');
      return [
        ...[
          newId(),
          'order.completed.v1',
          'order-events',
          'order',
          newId(),
          1,
          '{}',
          at(n),
          status,
          0,
          at(n),
        ],
        status === 'sent' ? at(n) : null,
      ];
    },
  },
};

describe('what was kept for a time', () => {
  let t: TestApp;

  beforeAll(async () => {
    t = await setupApp({ env: { LOG_LEVEL: 'silent' } });
    const { connections } = t.app;
    for (const [table, { columns, row }] of Object.entries(TABLES)) {
      const rows = Array.from({ length: table === 'consumer_offsets' ? 5 : ROWS }, (_, i) => row(i + 1));
      await connections.write((sql) => insertRows(sql, table, columns.split(', '), rows));
      if (connections.kind !== 'sqlite') await connections.read.query(`ANALYZE TABLE ${table}`);
    }
  }, 120_000);
  afterAll(() => t.close());

  // First: a plan that was asked for keeps SQLite's reader at what it saw.
  it('is deleted where it was decided on, and nothing else', async () => {
    const purge = (what: Kept) => t.app.db.transaction((tx) => tx.retention.purge(what, OLD, ROWS));
    const left = async (table: string) => {
      const rows = await t.app.connections.read.query<{ status: string; n: RawInteger }>(
        `SELECT status, COUNT(*) AS n FROM ${table} GROUP BY status`,
      );
      return Object.fromEntries(rows.map(({ status, n }) => [status, toInt(n)]));
    };
    expect(await purge('skipped events')).toBe(25);
    expect(await left('outbox')).toEqual({ sent: 2000, pending: 1000, skipped: 975 });
    const { dead, ...settled } = await left('consumer_dead_letters');
    expect(await purge('settled dead letters')).toBe(66);
    expect(await left('consumer_dead_letters')).toEqual({
      dead,
      replayed: (settled.replayed ?? 0) - 33,
      skipped: (settled.skipped ?? 0) - 33,
    });
  });

  it('keeps what was skipped as long as an earlier event of its aggregate', async () => {
    const { columns, row } = TABLES.outbox ?? { columns: '', row: () => [] };
    const order = newId();
    const event = (sequence: number, status: string): SqlParam[] =>
      row(1).map(
        (value, i) =>
          [value, order, sequence, status][
            ['', 'aggregate_id', 'sequence', 'status'].indexOf(columns.split(', ')[i] ?? '')
          ] ?? value,
      );
    const { connections } = t.app;
    await connections.write((sql) =>
      insertRows(sql, 'outbox', columns.split(', '), [
        event(1, 'sent'),
        event(2, 'skipped'),
        event(3, 'sent'),
      ]),
    );
    const purge = () => t.app.db.transaction((tx) => tx.retention.purge('skipped events', OLD, ROWS));
    expect(await purge()).toBe(0);
    await connections.write((sql) =>
      sql.run('DELETE FROM outbox WHERE aggregate_id = ? AND sequence = 1', [order]),
    );
    expect(await purge()).toBe(1);
  });

  it.each<[Kept, string, string]>([
    ['sent events', 'outbox', 'idx_outbox_sent_at'],
    ['skipped events', 'outbox', 'idx_outbox_due'],
    ['local event log', 'event_log', 'idx_event_log_appended_at'],
    ['inbox', 'inbox', 'idx_inbox_handled_at'],
    ['consumer positions', 'consumer_positions', 'idx_consumer_positions_updated_at'],
    ['settled dead letters', 'consumer_dead_letters', 'idx_consumer_dead_letters_status'],
  ])('is deleted along an index: %s', async (what, table, key) => {
    const text = purgeStatement(t.app.connections.kind, what);
    const steps = await planOf(t.app.connections, { text, params: [OLD, 500] });
    const keys = steps.filter((step) => step.table === table).map((step) => step.key);
    // SQLite finds the rows along the index, and deletes them by their numbers.
    expect(keys.filter((found) => found !== '')).toEqual([key]);
  });
});

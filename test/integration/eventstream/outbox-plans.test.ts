import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { followersQuery, headsQuery } from '../../../src/infra/db/eventstream/outbox-heads.ts';
import { LONGEST_DUE, WAITING_COUNTS } from '../../../src/infra/db/eventstream/sql-outbox.read-model.ts';
import { insertRows } from '../../../src/infra/db/insert-rows.ts';
import type { SqlParam } from '../../../src/infra/db/values.ts';
import { planOf, type Step } from '../../support/plans.ts';
import { setupApp, type TestApp } from '../../support/setup-app.ts';

const SENT = 20_000;
const WAITING = 500;
const DEAD = 200;
const NOW = new Date('2026-01-01T00:00:00Z');

const HEADS = Array.from({ length: 50 }, (_, i) => ({
  id: '',
  aggregate_type: 'order',
  aggregate_id: `order-${SENT / 4 + i}`,
  sequence: 1,
}));
const statusOf = (n: number): string => {
  if (n < SENT) return 'sent';
  return n < SENT + WAITING ? 'pending' : 'dead';
};

describe('the plans of the relay, with many published events and some dead ones', () => {
  let t: TestApp;

  beforeAll(async () => {
    t = await setupApp();
    const row = (n: number, status: string): SqlParam[] => [
      `id-${String(n).padStart(8, '0')}`,
      ...['order.completed.v1', 'order-events', 'order', `order-${Math.floor(n / 4)}`, 1 + (n % 4), '{}'],
      NOW,
      status,
      0,
      NOW,
      status === 'sent' ? NOW : null,
    ];
    const columns = [
      ...['id', 'type', 'topic', 'aggregate_type', 'aggregate_id', 'sequence', 'payload'],
      ...['occurred_at', 'status', 'attempts', 'available_at', 'sent_at'],
    ];
    for (let from = 0; from < SENT + WAITING + DEAD; from += 1000) {
      const rows = Array.from({ length: Math.min(1000, SENT + WAITING + DEAD - from) }, (_, i) =>
        row(from + i, statusOf(from + i)),
      );
      await t.app.connections.write((sql) => insertRows(sql, 'outbox', columns, rows));
    }
    if (t.app.connections.kind !== 'sqlite') await t.app.connections.read.query('ANALYZE TABLE outbox');
  }, 120_000);
  afterAll(() => t.close());

  const plan = (query: { text: string; params: readonly SqlParam[] }) => planOf(t.app.connections, query);
  const keyOf = (steps: readonly Step[], table: string) => steps.find((s) => s.table === table)?.key;

  it('find the heads in one range, and each by its sequence', async () => {
    const steps = await plan(headsQuery('', 50));
    expect(keyOf(steps, 'outbox')).toBe('idx_outbox_head');
    expect(keyOf(steps, 'o')).toBe('uq_outbox_sequence');
    expect(['idx_outbox_head', 'uq_outbox_sequence']).toContain(keyOf(steps, 'd'));
  });

  it('find what follows the heads along each aggregate', async () => {
    expect(keyOf(await plan(followersQuery(HEADS, 10)), 'outbox')).toBe('uq_outbox_sequence');
  });

  it('count what waits along an index alone, and find the oldest as the first of one', async () => {
    const [count] = await plan({ text: WAITING_COUNTS, params: [] });
    expect(['idx_outbox_due', 'idx_outbox_head']).toContain(count?.key);
    expect(count?.indexOnly).toBe(true);
    const [oldest] = await plan({ text: LONGEST_DUE, params: [] });
    expect(oldest).toMatchObject({ key: 'idx_outbox_due', sorts: false });
  });
});

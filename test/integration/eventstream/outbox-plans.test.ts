import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { followersQuery, headsQuery } from '../../../src/infra/db/eventstream/outbox-heads.ts';
import { insertRows } from '../../../src/infra/db/insert-rows.ts';
import type { SqlParam } from '../../../src/infra/db/values.ts';
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

/** How one table of a statement is read. */
interface Step {
  readonly table: string;
  readonly key: string;
}

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

  /** The steps that read the table itself; a step without a key reads all of it. */
  const plan = async ({ text, params }: { text: string; params: readonly SqlParam[] }): Promise<Step[]> => {
    const { kind, read } = t.app.connections;
    if (kind === 'sqlite') {
      const rows = await read.query<{ detail: string }>(`EXPLAIN QUERY PLAN ${text}`, params);
      return rows.flatMap(({ detail }) => {
        const match = /^(?:SCAN|SEARCH) (\w+)(?: USING (?:COVERING )?INDEX (\w+))?/.exec(detail);
        return match ? [{ table: match[1] ?? '', key: match[2] ?? '' }] : [];
      });
    }
    const rows = await read.query<{ table: string | null; key: string | null }>(`EXPLAIN ${text}`, params);
    return rows.map(({ table, key }) => ({ table: table ?? '', key: key ?? '' }));
  };
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

  it('count what waits without reading what was published', async () => {
    const text =
      "SELECT status, COUNT(*) AS n, MIN(occurred_at) AS oldest FROM outbox WHERE status IN ('pending', 'dead') GROUP BY status";
    expect(keyOf(await plan({ text, params: [] }), 'outbox')).toBe('idx_outbox_due');
  });

  it('delete along an index', async () => {
    const text = 'SELECT id FROM outbox WHERE sent_at < ? LIMIT 500';
    expect(keyOf(await plan({ text, params: [new Date(0)] }), 'outbox')).toBe('idx_outbox_sent_at');
  });
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '../../../src/domain/shared/ids.ts';
import { insertRows } from '../../../src/infra/db/insert-rows.ts';
import type { SqlParam } from '../../../src/infra/db/values.ts';
import {
  freeQuery,
  headsQuery,
  lostNamesQuery,
  lostQuery,
  oldQuery,
  type Query,
  wakeStatement,
  wakingQuery,
} from '../../../src/infra/jobs/sql-job.queries.ts';
import { SqlJobRepository } from '../../../src/infra/jobs/sql-job.repository.ts';
import { setupApp, type TestApp } from '../../support/setup-app.ts';

const FINISHED = 5000;
const LATER = 5000;
const NAMES = ['orders.expire-unpaid', 'payments.reconcile'];
const PAST = new Date('2026-01-01T00:00:00Z');
const FUTURE = new Date('2999-01-01T00:00:00Z');

describe('looks for jobs, with many that are over and many for later', () => {
  let t: TestApp;

  beforeAll(async () => {
    t = await setupApp({ env: { LOG_LEVEL: 'silent' } });
    const row = (n: number): SqlParam[] => {
      const [over, name] = [n < FINISHED, NAMES[n % 2]];
      return [
        newId(),
        name,
        'orders',
        '{}',
        0,
        null,
        over ? null : FUTURE,
        over ? PAST : null,
        0,
        false,
        PAST,
      ];
    };
    const columns = [
      ...['id', 'name', 'queue', 'data', 'priority', 'turn', 'next_run_at', 'last_finished_at'],
      ...['fail_count', 'disabled', 'created_at'],
    ];
    for (let from = 0; from < FINISHED + LATER; from += 1000) {
      const rows = Array.from({ length: 1000 }, (_, i) => row(from + i));
      await t.app.connections.write((sql) => insertRows(sql, 'jobs', columns, rows));
    }
    if (t.app.connections.kind !== 'sqlite') await t.app.connections.read.query('ANALYZE TABLE jobs');
  }, 120_000);
  afterAll(() => t.close());

  /** The indices along which the table is read. */
  const keys = async ({ text, params }: Query): Promise<readonly string[]> => {
    const { kind, read } = t.app.connections;
    if (kind === 'sqlite') {
      const rows = await read.query<{ detail: string }>(`EXPLAIN QUERY PLAN ${text}`, params);
      return rows.flatMap(({ detail }) => {
        const match = /^(?:SCAN|SEARCH) jobs(?: USING (?:COVERING )?INDEX (\w+))?/.exec(detail);
        return match ? [match[1] ?? ''] : [];
      });
    }
    const rows = await read.query<{ table: string | null; key: string | null }>(`EXPLAIN ${text}`, params);
    return rows.filter(({ table }) => table === 'jobs').map(({ key }) => key ?? '');
  };
  const now = new Date();

  // First: a plan that was asked for keeps SQLite's reader at what it saw.
  it('leave out of the turns what waits for later, until its time has come', async () => {
    const { connections, log } = t.app;
    const limits = { worker: newId(), lockSeconds: 20, maxLost: 3 };
    const repository = new SqlJobRepository(connections, limits, log);
    const turns = async () =>
      (await connections.read.query('SELECT id FROM jobs WHERE turn IS NOT NULL')).length;
    expect([await repository.due(NAMES), await turns()]).toEqual([[], 0]);
    const soon = await connections.read.query<{ id: string }>(
      'SELECT id FROM jobs WHERE next_run_at IS NOT NULL LIMIT 1',
    );
    await connections.write((sql) =>
      sql.run('UPDATE jobs SET next_run_at = ?, priority = 7, name = ? WHERE id = ?', [
        PAST,
        NAMES[0],
        soon[0]?.id,
      ]),
    );
    expect(await repository.due(NAMES)).toEqual([{ name: NAMES[0], priority: 7 }]);
    expect(await turns()).toBe(1);
    expect((await repository.claim(NAMES[0] ?? '', 5, 5)).map((job) => job._id)).toEqual([soon[0]?.id]);
  });

  it('read what is due of a name, in the order of its turn', async () => {
    // Servers that look into the index first may choose another by whose range nothing is read either.
    const short =
      t.app.connections.kind === 'sqlite'
        ? ['idx_jobs_turn']
        : ['idx_jobs_turn', 'idx_jobs_due', 'idx_jobs_waiting'];
    for (const query of [freeQuery(NAMES[0] ?? '', now, 10), headsQuery(NAMES, now)])
      for (const key of await keys(query)) expect(short).toContain(key);
  });

  it('find what a dead worker had by its lock', async () => {
    expect(await keys(lostNamesQuery(['test', 'other'], PAST))).toEqual(['idx_jobs_due']);
    expect(await keys(lostQuery(NAMES[0] ?? '', PAST, 10))).toEqual(['idx_jobs_due']);
  });

  it('find what is to be purged by when it ended', async () => {
    const before = new Date(PAST.getTime() - 1000);
    for (const from of [new Date(0), new Date(before.getTime() - 1000)])
      expect(await keys(oldQuery({ all: before, dead: before }, from, 500))).toEqual([
        'idx_jobs_last_finished_at',
      ]);
    // Also where all that is over is to go.
    expect(await keys(oldQuery({ all: now, dead: before }, new Date(0), 500))).toEqual([
      'idx_jobs_last_finished_at',
    ]);
  });

  it('find what has waited by its time', async () => {
    expect(await keys(wakingQuery(now))).toEqual(['idx_jobs_waiting']);
    const { params } = wakeStatement([newId()], now);
    expect(params).toHaveLength(2);
  });
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type OpenConnections, openDatabase } from '../../../src/infra/db/open-database.ts';
import type { Sql } from '../../../src/infra/db/sql.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';

interface Entry {
  subject: string;
}

const insert = (sql: Sql, id: string, subject: string): Promise<unknown> =>
  sql.run('INSERT INTO audit_log (id, at, actor, action, subject) VALUES (?, ?, ?, ?, ?)', [
    id,
    new Date(),
    'test',
    'insert',
    subject,
  ]);

describe('transactions', () => {
  let database: TestDatabase;
  let connections: OpenConnections;
  beforeAll(async () => {
    database = await createTestDatabase();
    connections = await openDatabase(database.config.database);
  });
  afterAll(async () => {
    await connections.close();
    await database.drop();
  });

  it('keeps exactly the committed rows of 500 concurrent transactions of which a third roll back', async () => {
    const work = Array.from({ length: 500 }, (_, i) =>
      connections.write(async (sql) => {
        await insert(sql, `a-${i}`, 'concurrent');
        // Gives the others every chance to get in between the two statements.
        await new Promise((resolve) => setImmediate(resolve));
        await insert(sql, `b-${i}`, 'concurrent');
        if (i % 3 === 0) throw new Error('rolled back');
      }),
    );
    const results = await Promise.allSettled(work);
    const rejected = results.flatMap((r, i) => (r.status === 'rejected' ? [i] : []));
    expect(rejected).toEqual(Array.from({ length: 167 }, (_, i) => i * 3));
    const rows = await connections.read.query<{ id: string }>(
      "SELECT id FROM audit_log WHERE subject = 'concurrent'",
    );
    const kept = Array.from({ length: 500 }, (_, i) => i).filter((i) => i % 3 !== 0);
    expect(new Set(rows.map((r) => r.id))).toEqual(new Set(kept.flatMap((i) => [`a-${i}`, `b-${i}`])));
  });

  it('shows readers nothing before the commit, and everything after it', async () => {
    const seen = (): Promise<Entry[]> =>
      connections.read.query<Entry>("SELECT subject FROM audit_log WHERE subject = 'visible'");
    await connections.write(async (sql) => {
      await insert(sql, 'visible-1', 'visible');
      expect(await seen()).toHaveLength(0);
    });
    expect(await seen()).toHaveLength(1);
  });

  it('refuses a transaction opened inside another instead of nesting it', async () => {
    const nested = connections.write(async () => connections.write(() => Promise.resolve()));
    await expect(nested).rejects.toThrow('inside a transaction');
    await connections.write((sql) => insert(sql, 'after-nested', 'after-nested'));
    expect(await connections.read.query("SELECT 1 FROM audit_log WHERE id = 'after-nested'")).toHaveLength(1);
  });

  it('signals listeners after a commit, once a topic, and never after a rollback', async () => {
    let heard = 0;
    const stop = connections.onSignal('outbox', () => heard++);
    await connections.write(async (sql) => {
      sql.signal('outbox');
      sql.signal('outbox');
      await insert(sql, 'signal-1', 'signal');
      expect(heard).toBe(0);
    });
    expect(heard).toBe(1);
    const failed = connections.write((sql) => {
      sql.signal('outbox');
      return Promise.reject(new Error('no'));
    });
    await expect(failed).rejects.toThrow('no');
    expect(heard).toBe(1);
    stop();
  });

  it('says that the disk is full, keeps nothing of the transaction, and goes on when there is room', async () => {
    if (connections.kind !== 'sqlite') return;
    const pages = async (count: number): Promise<void> => {
      await connections.dataSource.query(`PRAGMA max_page_count = ${count}`);
    };
    await pages(1);
    const filling = connections.write(async (sql) => {
      for (let i = 0; i < 5000; i++) await insert(sql, `full-${i}`, 'x'.repeat(120));
    });
    await expect(filling).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('no room'),
    });
    await pages(1_000_000);
    await connections.write((sql) => insert(sql, 'room', 'room'));
    expect(await connections.read.query("SELECT id FROM audit_log WHERE id LIKE 'full-%'")).toEqual([]);
    expect(await connections.read.query("SELECT id FROM audit_log WHERE id = 'room'")).toHaveLength(1);
  });

  it('refuses to write on the connection for reads on SQLite', async () => {
    if (connections.kind !== 'sqlite') return;
    await expect(insert(connections.read, 'x', 'x')).rejects.toThrow(/readonly|read-only/i);
  });
});

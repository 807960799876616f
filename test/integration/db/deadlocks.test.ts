import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type OpenConnections, openDatabase } from '../../../src/infra/db/open-database.ts';
import type { Sql } from '../../../src/infra/db/sql.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';

describe('transactions that deadlock', () => {
  let database: TestDatabase;
  let connections: OpenConnections;
  beforeAll(async () => {
    database = await createTestDatabase();
    connections = await openDatabase(database.config.database);
    await connections.write(async (sql) => {
      for (const code of ['A', 'B'])
        await sql.run('INSERT INTO warehouses (id, code, name, country) VALUES (?, ?, ?, ?)', [
          code,
          code,
          '',
          'DE',
        ]);
    });
  });
  afterAll(async () => {
    await connections.close();
    await database.drop();
  });

  const append = (sql: Sql, id: string, text: string) =>
    sql.run(
      sql.kind === 'sqlite'
        ? 'UPDATE warehouses SET name = name || ? WHERE id = ?'
        : 'UPDATE warehouses SET name = CONCAT(name, ?) WHERE id = ?',
      [text, id],
    );

  it('are tried again, and each is done once', async () => {
    let attempts = 0;
    const holds = new Map<string, () => void>();
    const held = (id: string) => new Promise<void>((resolve) => holds.set(id, resolve));
    const [a, b] = [held('A'), held('B')];
    const locks = (first: string, second: string, other: Promise<void>) =>
      connections.write(async (sql) => {
        attempts += 1;
        await append(sql, first, first);
        holds.get(first)?.();
        // SQLite has one writer, which waits for nobody: there the other comes after.
        if (sql.kind !== 'sqlite') await other;
        await append(sql, second, first);
      });
    await Promise.all([locks('A', 'B', b), locks('B', 'A', a)]);
    const rows = await connections.read.query<{ name: string }>('SELECT name FROM warehouses ORDER BY id');
    for (const { name } of rows) expect(['AB', 'BA']).toContain(name);
    expect(attempts).toBe(connections.kind === 'sqlite' ? 2 : 3);
  });

  it('are given up after a bounded number of attempts, as busy', async () => {
    if (connections.kind === 'sqlite') return;
    let attempts = 0;
    const always = connections.write(async () => {
      attempts += 1;
      await delay(0);
      throw Object.assign(new Error('Deadlock found when trying to get lock'), { errno: 1213 });
    });
    await expect(always).rejects.toMatchObject({ code: 'busy', retryAfter: 1 });
    expect(attempts).toBe(8);
  });
});

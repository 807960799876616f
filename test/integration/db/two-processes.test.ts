import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openDatabase } from '../../../src/infra/db/open-database.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';

const WRITER = fileURLToPath(new URL('../../support/writer-process.mjs', import.meta.url));

describe('several processes on one SQLite file', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase({ DATABASE_URL: '' });
  });
  afterAll(() => database.drop());

  it('lose no write, and never see each other half done', async () => {
    const target = database.config.database;
    if (target.kind !== 'sqlite') throw new Error('this test is about SQLite');
    const writers = ['one', 'two', 'three'].map((name) =>
      spawn(process.execPath, [WRITER, target.path, name, '100'], { stdio: 'inherit' }),
    );
    const exits = await Promise.all(writers.map((w) => once(w, 'exit')));
    expect(exits.map(([code]) => code as number)).toEqual([0, 0, 0]);
    const connections = await openDatabase(target);
    const rows = await connections.read.query<{ action: string }>(
      "SELECT action FROM audit_log WHERE subject = 'counter'",
    );
    await connections.close();
    expect(rows.map((r) => Number(r.action)).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 300 }, (_, i) => i),
    );
  });
});

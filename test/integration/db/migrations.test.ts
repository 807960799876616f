import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Migrator } from '../../../src/infra/db/migrator.ts';
import { type OpenConnections, openDatabase } from '../../../src/infra/db/open-database.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';

describe('migrations', () => {
  let database: TestDatabase;
  let connections: OpenConnections;
  let migrator: Migrator;
  beforeAll(async () => {
    database = await createTestDatabase();
    connections = await openDatabase(database.config.database);
    migrator = new Migrator(connections.dataSource);
  });
  afterAll(async () => {
    await connections.close();
    await database.drop();
  });

  it('make exactly the tables that the program knows', async () => {
    expect(await migrator.drift()).toEqual([]);
    expect((await migrator.status()).pending).toEqual([]);
  });

  it('find a drift where there is one', async () => {
    const drop =
      connections.kind === 'sqlite'
        ? 'DROP INDEX idx_audit_log_at'
        : 'DROP INDEX idx_audit_log_at ON audit_log';
    await connections.dataSource.query(drop);
    expect(await migrator.drift()).toEqual([expect.stringContaining('idx_audit_log_at')]);
    await connections.dataSource.query('CREATE INDEX idx_audit_log_at ON audit_log (at)');
    expect(await migrator.drift()).toEqual([]);
  });

  it('can all be reverted, newest first, and run again', async () => {
    const { applied } = await migrator.status();
    const reverted: string[] = [];
    for (let name = await migrator.revert(); name !== undefined; name = await migrator.revert())
      reverted.push(name);
    expect(reverted).toEqual([...applied].reverse());
    expect(await migrator.migrate()).toEqual(applied);
    expect(await migrator.drift()).toEqual([]);
  });

  it('do nothing the second time', async () => {
    expect(await migrator.migrate()).toEqual([]);
  });
});

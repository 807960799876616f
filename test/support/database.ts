import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Config } from '../../src/config.ts';
import { loadConfig } from '../../src/config.ts';
import { Migrator } from '../../src/infra/db/migrator.ts';
import { createDatabase, dropDatabase } from '../../src/infra/db/open-database.ts';
import { realServices } from './services.ts';

export interface TestDatabase {
  readonly config: Config;
  drop(): Promise<void>;
}

let counter = 0;

/**
 * A migrated database of its own for one test file: SQLite in a temporary directory, or, when TEST_DATABASE_URL
 * names a server (mysql://user:password@host:port), a database there. With TEST_CLUSTER, Redis, Kafka and MongoDB
 * stand behind the other ports too. The same tests run on all of them.
 */
export async function createTestDatabase(env: NodeJS.ProcessEnv = {}): Promise<TestDatabase> {
  const dataDir = mkdtempSync(join(tmpdir(), 'crossborder-test-'));
  const name = `test_${process.pid}_${Date.now().toString(36)}_${++counter}`;
  const server = process.env.TEST_DATABASE_URL;
  const cluster = process.env.TEST_CLUSTER === undefined ? undefined : realServices();
  const config = loadConfig({
    env: {
      NODE_ENV: 'test',
      LOG_LEVEL: 'error',
      SECRET_KEY: 'a-key-for-tests-only-0123456789-0123456789',
      DATA_DIR: dataDir,
      ...(server === undefined
        ? {}
        : { DATABASE_URL: `${server.replace(/\/$/, '')}/${name}`, DB_POOL_SIZE: '10' }),
      ...(cluster && withoutDatabase(cluster.env)),
      ...env,
    },
  });
  const connections = await createDatabase(config.database);
  try {
    await new Migrator(connections.dataSource).migrate();
  } finally {
    await connections.close();
  }
  return {
    config,
    drop: async () => {
      await dropDatabase(config.database);
      rmSync(dataDir, { recursive: true, force: true });
      await cluster?.drop();
    },
  };
}

const withoutDatabase = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv => ({
  ...Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('DB_'))),
});

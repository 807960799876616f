import type { Core } from '../src/app/core.ts';
import { seedSample } from '../src/app/seeding.ts';
import type { App } from '../src/app.ts';
import { createApp } from '../src/app.ts';
import { type Config, loadConfig } from '../src/config.ts';
import { Migrator } from '../src/infra/db/migrator.ts';
import { createDatabase, type DatabaseOptions, dropDatabase } from '../src/infra/db/open-database.ts';
import type { SampleSize } from '../src/sample/sample-products.ts';

export interface BenchDatabase {
  readonly options: DatabaseOptions;
  /** What both the recording program here and the server under test run with. */
  readonly env: NodeJS.ProcessEnv;
  readonly config: Config;
}

/** A fresh database with the sample: 1,000 products by default. */
export async function prepareDatabase(
  options: DatabaseOptions,
  folder: string,
  { size = 'medium', settings = {} }: { size?: SampleSize; settings?: NodeJS.ProcessEnv } = {},
): Promise<BenchDatabase> {
  const env = { ...serverEnvironment(options, folder), ...settings };
  const config = loadConfig({ env });
  await dropDatabase(options);
  const connections = await createDatabase(options);
  try {
    await new Migrator(connections.dataSource).migrate();
  } finally {
    await connections.close();
  }
  await withApp(config, (app: Core) => seedSample(app, { size, seed: 1 }));
  return { options, env, config };
}

/** As in production: JSON lines for every request, rate limits on, no shortcuts. */
export function serverEnvironment(options: DatabaseOptions, folder: string): NodeJS.ProcessEnv {
  return {
    PATH: process.env.PATH,
    NODE_ENV: 'production',
    SECRET_KEY: 'only-for-the-benchmark-0123456789-0123456789-0123456789',
    ENCRYPTION_KEY: Buffer.alloc(32, 7).toString('base64'),
    ALLOWED_HOSTS: '127.0.0.1',
    TRUSTED_PROXIES: '127.0.0.1',
    PUBLIC_URL: 'http://127.0.0.1',
    LOG_FORMAT: 'json',
    LOG_LEVEL: 'info',
    DATA_DIR: folder,
    DB_POOL_SIZE: '10',
    DATABASE_URL: databaseUrl(options),
  };
}

function databaseUrl(options: DatabaseOptions): string {
  if (options.kind === 'sqlite') return `sqlite:${options.path}`;
  const { kind, user, password, host, port, name } = options;
  return `${kind}://${encodeURIComponent(user)}:${encodeURIComponent(password)}@${host}:${port}/${name}`;
}

export async function withApp<T>(config: Config, work: (app: App) => Promise<T>): Promise<T> {
  const app = await createApp({ ...config, logging: { ...config.logging, level: 'error' } });
  try {
    return await work(app);
  } finally {
    await app.close();
  }
}

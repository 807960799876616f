import type { Config, DatabaseConfig } from '../config.ts';
import { withFileLock, withServerLock } from '../infra/db/migration-lock.ts';
import { migrations } from '../infra/db/migrations/index.ts';
import { type MigrationStatus, Migrator } from '../infra/db/migrator.ts';
import { createDatabase, type OpenConnections, openDatabase } from '../infra/db/open-database.ts';

export interface MigrationReport extends MigrationStatus {
  /** Where, without credentials. */
  readonly database: string;
  /** What this run applied, oldest first. */
  readonly ran: readonly string[];
  /** What this run took back. */
  readonly reverted?: string;
}

/** `sqlite /srv/shop.sqlite` or `mysql db.example:3306/trade`. */
export const describeDatabase = (database: DatabaseConfig): string =>
  database.kind === 'sqlite'
    ? `sqlite ${database.path}`
    : `${database.kind} ${database.host}:${database.port}/${database.name}`;

type Where = Pick<Config, 'database'>;

/** Creates the database when it is absent, and applies what is pending. Several processes may do so at once. */
export const migrateDatabase = ({ database }: Where): Promise<MigrationReport> =>
  exclusively(database, createDatabase, async (migrator) => {
    const ran = await migrator.migrate();
    return { database: describeDatabase(database), ran, ...(await migrator.status()) };
  });

/** Takes the newest migration back, with the data that lives in it. */
export const revertMigration = ({ database }: Where): Promise<MigrationReport> =>
  exclusively(database, openDatabase, async (migrator) => {
    const reverted = await migrator.revert();
    const status = await migrator.status();
    return { database: describeDatabase(database), ran: [], ...status, ...(reverted && { reverted }) };
  });

async function exclusively(
  database: DatabaseConfig,
  open: (database: DatabaseConfig) => Promise<OpenConnections>,
  work: (migrator: Migrator) => Promise<MigrationReport>,
): Promise<MigrationReport> {
  const opened = async (): Promise<MigrationReport> => {
    const connections = await open(database);
    const run = () => work(new Migrator(connections.dataSource));
    try {
      return await (connections.kind === 'sqlite' ? run() : withServerLock(connections, run));
    } finally {
      await connections.close();
    }
  };
  return database.kind === 'sqlite' ? withFileLock(database.path, opened) : opened();
}

/** Changes nothing: where there is no database yet, everything is pending. */
export async function migrationStatus({ database }: Where): Promise<MigrationReport> {
  const connections = await openIfPresent(database);
  const report = { database: describeDatabase(database), ran: [] };
  if (connections === undefined) return { ...report, applied: [], pending: migrations.map((m) => m.name) };
  try {
    return { ...report, ...(await new Migrator(connections.dataSource).status()) };
  } finally {
    await connections.close();
  }
}

async function openIfPresent(database: DatabaseConfig): Promise<OpenConnections | undefined> {
  const { isMissingDatabase } = await import('../infra/db/missing-database.ts');
  try {
    return await openDatabase(database);
  } catch (error) {
    if (await isMissingDatabase(database, error)) return undefined;
    throw error;
  }
}

import type { Config, DatabaseConfig } from '../config.ts';
import { DomainError } from '../domain/shared/errors.ts';
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

/** How long one migration waits for another one that runs on the same server, in seconds. */
const LOCK_SECONDS = 120;

/** `sqlite /srv/shop.sqlite` or `mysql db.example:3306/trade`. */
export const describeDatabase = (database: DatabaseConfig): string =>
  database.kind === 'sqlite'
    ? `sqlite ${database.path}`
    : `${database.kind} ${database.host}:${database.port}/${database.name}`;

/** Creates the database when it is absent, and applies what is pending. Several processes may do so at once. */
export async function migrateDatabase({ database }: Pick<Config, 'database'>): Promise<MigrationReport> {
  const connections = await createDatabase(database);
  try {
    const migrator = new Migrator(connections.dataSource);
    const ran = await exclusively(connections, () => migrator.migrate());
    return { database: describeDatabase(database), ran, ...(await migrator.status()) };
  } finally {
    await connections.close();
  }
}

/** Takes the newest migration back, with the data that lives in it. */
export async function revertMigration({ database }: Pick<Config, 'database'>): Promise<MigrationReport> {
  const connections = await openDatabase(database);
  try {
    const migrator = new Migrator(connections.dataSource);
    const reverted = await exclusively(connections, () => migrator.revert());
    const status = await migrator.status();
    return { database: describeDatabase(database), ran: [], ...status, ...(reverted && { reverted }) };
  } finally {
    await connections.close();
  }
}

/** Changes nothing: where there is no database yet, everything is pending. */
export async function migrationStatus({ database }: Pick<Config, 'database'>): Promise<MigrationReport> {
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

/** MySQL commits each DDL statement by itself: two migrations at once would trip over each other's tables. */
async function exclusively<T>(connections: OpenConnections, work: () => Promise<T>): Promise<T> {
  if (connections.kind === 'sqlite') return work();
  const runner = connections.dataSource.createQueryRunner();
  try {
    const rows = (await runner.query(
      "SELECT GET_LOCK(CONCAT('crossborder_migrate_', MD5(DATABASE())), ?) AS got",
      [LOCK_SECONDS],
    )) as { got: unknown }[];
    if (Number(rows[0]?.got) !== 1)
      throw new DomainError('busy', 'another process is migrating this database');
    return await work();
  } finally {
    // The lock belongs to the connection, which goes back to a pool that lives on.
    await runner.query("DO RELEASE_LOCK(CONCAT('crossborder_migrate_', MD5(DATABASE())))");
    await runner.release();
  }
}

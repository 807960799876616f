import { basename } from 'node:path';
import type { Config, DatabaseConfig } from '../config.ts';
import { dropDatabase } from '../infra/db/open-database.ts';
import { type MigrationReport, migrateDatabase } from './migrating.ts';

/** What a person types to confirm: the schema's name, or the file's. */
export const databaseName = (database: DatabaseConfig): string =>
  database.kind === 'sqlite' ? basename(database.path) : database.name;

/** Drops the database with everything in it, and makes it anew, empty. */
export async function resetDatabase(config: Pick<Config, 'database'>): Promise<MigrationReport> {
  await dropDatabase(config.database);
  return migrateDatabase(config);
}

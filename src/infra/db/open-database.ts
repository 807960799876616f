import { access } from 'node:fs/promises';
import { DomainError } from '../../domain/shared/errors.ts';
import type { MysqlConnections, MysqlOptions } from './mysql.ts';
import type { SqliteConnections } from './sqlite.ts';

export type DatabaseOptions =
  | { readonly kind: 'sqlite'; readonly path: string }
  | ({ readonly kind: 'mysql' | 'mariadb' } & MysqlOptions);

export type OpenConnections = SqliteConnections | MysqlConnections;

/** Opens the configured database. @throws DomainError unavailable, with what to do, when it cannot be reached */
export async function openDatabase(options: DatabaseOptions): Promise<OpenConnections> {
  if (options.kind === 'sqlite') {
    if (!(await exists(options.path))) {
      throw new DomainError(
        'unavailable',
        `there is no database at ${options.path}: run "crossborder migrate" first`,
      );
    }
    const { SqliteConnections } = await import('./sqlite.ts');
    return SqliteConnections.open({ path: options.path }).catch((cause: unknown) =>
      notOpened(options.path, cause),
    );
  }
  const { MysqlConnections } = await import('./mysql.ts');
  try {
    return await MysqlConnections.open(options);
  } catch (error) {
    throw unreachable(options, error);
  }
}

/** Creates the database when it is absent, and opens it: for `migrate`, `up` and `reset-db`. */
export async function createDatabase(options: DatabaseOptions): Promise<OpenConnections> {
  if (options.kind === 'sqlite') {
    const { SqliteConnections } = await import('./sqlite.ts');
    return SqliteConnections.open({ path: options.path, fileMustExist: false }).catch((cause: unknown) =>
      notOpened(options.path, cause),
    );
  }
  const { createMysqlDatabase } = await import('./mysql.ts');
  try {
    await createMysqlDatabase(options);
  } catch (error) {
    throw unreachable(options, error);
  }
  return openDatabase(options);
}

/** Removes the database with everything in it: for `reset-db` and tests. */
export async function dropDatabase(options: DatabaseOptions): Promise<void> {
  if (options.kind === 'sqlite') {
    const { rm } = await import('node:fs/promises');
    for (const suffix of ['', '-wal', '-shm']) await rm(options.path + suffix, { force: true });
    return;
  }
  const { dropMysqlDatabase } = await import('./mysql.ts');
  try {
    await dropMysqlDatabase(options);
  } catch (error) {
    throw unreachable(options, error);
  }
}

/** @throws DomainError always: a path that is no database is a wrong setting, and a file in use is busy */
function notOpened(path: string, cause: unknown): never {
  if (cause instanceof DomainError) throw cause;
  throw new DomainError(
    'configuration',
    `${path} cannot be opened as a SQLite database: check DATABASE_URL and DATA_DIR`,
    {
      issues: [
        { path: 'DATABASE_URL', message: 'should name a SQLite file that this user can read and write' },
      ],
      cause,
    },
  );
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

function unreachable(options: MysqlOptions, cause: unknown): DomainError {
  const code = (cause as { code?: string }).code ?? 'unknown error';
  const remedy: Record<string, string> = {
    ER_ACCESS_DENIED_ERROR: 'check DB_USER and DB_PASSWORD',
    ER_BAD_DB_ERROR: 'run "crossborder migrate" first, or check DB_NAME',
    ECONNREFUSED: 'check DB_HOST and DB_PORT, and that the server runs',
    ENOTFOUND: 'check DB_HOST',
  };
  return new DomainError(
    'unavailable',
    `the database at ${options.host}:${options.port}/${options.name} cannot be opened (${code}): ${remedy[code] ?? 'see "crossborder doctor"'}`,
    { cause },
  );
}

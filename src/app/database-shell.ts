import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { type DatabaseConfig, processEnvironment } from '../config.ts';
import { DomainError } from '../domain/shared/errors.ts';

interface Client {
  readonly program: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** The clients to try, in order. A password goes through the environment: arguments can be read by other users. */
export function databaseClients(database: DatabaseConfig, extra: readonly string[]): readonly Client[] {
  if (database.kind === 'sqlite') return [{ program: 'sqlite3', args: [database.path, ...extra], env: {} }];
  const { host, port, user, password, name } = database;
  const args = [
    `--host=${host}`,
    `--port=${port}`,
    '--protocol=TCP',
    `--user=${user}`,
    `--database=${name}`,
    ...extra,
  ];
  const env = password === '' ? {} : { MYSQL_PWD: password };
  const programs = database.kind === 'mariadb' ? ['mariadb', 'mysql'] : ['mysql', 'mariadb'];
  return programs.map((program) => ({ program, args: ['--default-character-set=utf8mb4', ...args], env }));
}

const PACKAGES: Readonly<Record<string, string>> = {
  sqlite3: 'sqlite3 (Debian: apt install sqlite3; macOS: it is there)',
  mysql: 'the MySQL client (Debian: apt install default-mysql-client; macOS: brew install mysql-client)',
  mariadb: 'the MariaDB client (Debian: apt install mariadb-client)',
};

/** Hands this terminal to the database's own client. @returns its exit code */
export async function openDatabaseShell(database: DatabaseConfig, extra: readonly string[]): Promise<number> {
  // sqlite3 would make an empty file, which every later start takes for a shop without tables.
  if (database.kind === 'sqlite' && !existsSync(database.path)) {
    throw new DomainError(
      'unavailable',
      `there is no database at ${database.path}: run "crossborder migrate" first`,
    );
  }
  const clients = databaseClients(database, extra);
  for (const client of clients) {
    const code = await run(client);
    if (code !== undefined) return code;
  }
  const wanted = clients[0]?.program ?? '';
  throw new DomainError(
    'unavailable',
    `${wanted} is not installed: db-shell needs ${PACKAGES[wanted] ?? wanted}`,
  );
}

/** undefined when there is no such program */
async function run({ program, args, env }: Client): Promise<number | undefined> {
  const child = spawn(program, args, { stdio: 'inherit', env: { ...processEnvironment(), ...env } });
  // Ctrl-C belongs to the client, which stops a query with it.
  const ignore = (): undefined => undefined;
  process.on('SIGINT', ignore);
  try {
    const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];
    return code ?? (signal === null ? 0 : 1);
  } catch (error) {
    if (typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT')
      return undefined;
    throw error;
  } finally {
    process.off('SIGINT', ignore);
  }
}

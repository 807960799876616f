import { setTimeout as delay } from 'node:timers/promises';
import { createConnection } from 'mysql2/promise';
import { DataSource, type EntityManager, type QueryRunner } from 'typeorm';
import { DomainError } from '../../domain/shared/errors.ts';
import { entities } from './entities.ts';
import { migrations } from './migrations/index.ts';
import { SnakeNamingStrategy } from './naming.ts';
import { Signals } from './signals.ts';
import type { Connections, Sql, WriteResult } from './sql.ts';
import { StatementLog } from './statement-log.ts';
import { inTransactionScope } from './transaction-scope.ts';
import { mysqlParam, type SqlParam } from './values.ts';

export interface MysqlOptions {
  readonly host: string;
  readonly port: number;
  readonly name: string;
  readonly user: string;
  readonly password: string;
  readonly poolSize: number;
}

const DEADLOCK = 1213;
const LOCK_WAIT_TIMEOUT = 1205;
const DEADLOCK_ATTEMPTS = 8;
/** READ COMMITTED takes no gap locks, and a waiter gives up before its caller does. */
const SESSION = [
  'SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED',
  "SET SESSION innodb_lock_wait_timeout = 10, SESSION sql_mode = 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION,ERROR_FOR_DIVISION_BY_ZERO'",
];

interface PoolConnection {
  query(text: string): unknown;
}
interface Pool {
  on(event: 'connection', listener: (connection: PoolConnection) => void): void;
}

export class MysqlConnections implements Connections {
  readonly kind: 'mysql' | 'mariadb';
  readonly read: Sql;
  readonly #source: DataSource;
  readonly #signals = new Signals();
  readonly #log: StatementLog;

  private constructor(source: DataSource, kind: 'mysql' | 'mariadb', log: StatementLog) {
    this.#source = source;
    this.kind = kind;
    this.#log = log;
    this.read = new MysqlSql(kind, source.manager, undefined);
  }

  static async open(options: MysqlOptions): Promise<MysqlConnections> {
    const log = new StatementLog();
    const kind = await serverKind(options);
    const source = mysqlDataSource(options, kind, log);
    await source.initialize();
    const { pool } = source.driver as unknown as { pool: Pool };
    pool.on('connection', (connection) => {
      for (const statement of SESSION) connection.query(statement);
    });
    // The connection that initialize() opened to see whether the server is there came before the listener.
    const runner = source.createQueryRunner();
    for (const statement of SESSION) await runner.query(statement);
    await runner.release();
    return new MysqlConnections(source, kind, log);
  }

  get dataSource(): DataSource {
    return this.#source;
  }

  write<T>(work: (sql: Sql) => Promise<T>): Promise<T> {
    return inTransactionScope(async () => {
      for (let attempt = 1; ; attempt++) {
        try {
          return await this.#transact(work);
        } catch (error) {
          const number = errorNumber(error);
          if (number === LOCK_WAIT_TIMEOUT) {
            throw new DomainError('busy', 'the rows are locked by another transaction', {
              retryAfter: 1,
              cause: error,
            });
          }
          if (number !== DEADLOCK) throw unreachable(error);
          if (attempt === DEADLOCK_ATTEMPTS) {
            throw new DomainError('busy', 'the rows are wanted by many at this moment', {
              retryAfter: 1,
              cause: error,
            });
          }
          await delay(attempt * 10 * Math.random());
        }
      }
    });
  }

  async #transact<T>(work: (sql: Sql) => Promise<T>): Promise<T> {
    const topics = new Set<string>();
    const runner = this.#source.createQueryRunner();
    try {
      await runner.query('START TRANSACTION');
      let result: T;
      try {
        result = await work(new MysqlSql(this.kind, runner.manager, runner, topics));
        await runner.query('COMMIT');
      } catch (error) {
        await rollback(runner);
        throw error;
      }
      this.#signals.emit(topics);
      return result;
    } finally {
      await runner.release();
    }
  }

  onSignal(topic: string, listener: () => void): () => void {
    return this.#signals.on(topic, listener);
  }

  tell(topic: string): void {
    this.#signals.emit([topic]);
  }

  onStatement(listener: (text: string) => void): () => void {
    return this.#log.on(listener);
  }

  async ping(): Promise<void> {
    await this.read.query('SELECT 1');
  }

  async close(): Promise<void> {
    await this.#source.destroy();
  }
}

/** What sockets, the driver and the server say when there is no server to speak to, or it goes, or is full. */
const UNREACHABLE = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'PROTOCOL_CONNECTION_LOST',
  'ER_CON_COUNT_ERROR',
  'ER_SERVER_SHUTDOWN',
]);

/** A server that is away is not a defect: the caller is told to come back. Other errors stay as they are. */
function unreachable(error: unknown): unknown {
  const { code, driverError } = error as { code?: string; driverError?: { code?: string } };
  if (!UNREACHABLE.has(driverError?.code ?? code ?? '')) return error;
  return new DomainError('unavailable', 'the database is not reachable at the moment', {
    retryAfter: 5,
    cause: error,
  });
}

/** A rollback that fails means a dead connection, whose transaction the server has rolled back already. */
async function rollback(runner: QueryRunner): Promise<void> {
  await runner.query('ROLLBACK').catch(() => undefined);
}

export function errorNumber(error: unknown): number | undefined {
  const { errno, driverError } = error as { errno?: number; driverError?: { errno?: number } };
  return driverError?.errno ?? errno;
}

/** MySQL or MariaDB: only the version string tells, and TypeORM must know (their JSON and defaults differ). */
async function serverKind(options: MysqlOptions): Promise<'mysql' | 'mariadb'> {
  const { host, port, user, password } = options;
  const connection = await createConnection({ host, port, user, password, connectTimeout: 5000 });
  try {
    const [rows] = await connection.query('SELECT VERSION() AS version');
    const version = (rows as { version: string }[])[0]?.version ?? '';
    return /mariadb/i.test(version) ? 'mariadb' : 'mysql';
  } finally {
    await connection.end();
  }
}

/** Creates the database when it is absent, with a collation under which text compares as on SQLite: exactly. */
export async function createMysqlDatabase(options: MysqlOptions): Promise<void> {
  const { host, port, user, password, name } = options;
  const connection = await createConnection({ host, port, user, password, connectTimeout: 5000 });
  try {
    const quoted = `\`${name.replaceAll('`', '``')}\``;
    await connection.query(
      `CREATE DATABASE IF NOT EXISTS ${quoted} CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`,
    );
    const [tables] = await connection.query(
      'SELECT 1 FROM information_schema.tables WHERE table_schema = ? LIMIT 1',
      [name],
    );
    if ((tables as unknown[]).length === 0) {
      await connection.query(`ALTER DATABASE ${quoted} CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`);
    }
  } finally {
    await connection.end();
  }
}

export async function dropMysqlDatabase(options: MysqlOptions): Promise<void> {
  const { host, port, user, password, name } = options;
  const connection = await createConnection({ host, port, user, password, connectTimeout: 5000 });
  try {
    await connection.query(`DROP DATABASE IF EXISTS \`${name.replaceAll('`', '``')}\``);
  } finally {
    await connection.end();
  }
}

function mysqlDataSource(options: MysqlOptions, kind: 'mysql' | 'mariadb', logger: StatementLog): DataSource {
  return new DataSource({
    type: kind,
    host: options.host,
    port: options.port,
    username: options.user,
    password: options.password,
    database: options.name,
    poolSize: options.poolSize,
    charset: 'utf8mb4_bin',
    timezone: 'Z',
    supportBigNumbers: true,
    bigNumberStrings: true,
    connectTimeout: 5000,
    logger,
    logging: true,
    entities: entities(kind),
    migrations,
    migrationsTableName: 'schema_migrations',
    namingStrategy: new SnakeNamingStrategy(),
  });
}

class MysqlSql implements Sql {
  readonly kind: 'mysql' | 'mariadb';
  readonly manager: EntityManager;
  readonly #runner: QueryRunner | undefined;
  readonly #topics: Set<string> | undefined;

  constructor(kind: 'mysql' | 'mariadb', manager: EntityManager, runner?: QueryRunner, topics?: Set<string>) {
    this.kind = kind;
    this.manager = manager;
    this.#runner = runner;
    this.#topics = topics;
  }

  async query<Row>(text: string, params: readonly SqlParam[] = []): Promise<Row[]> {
    return (await this.#execute(text, params)) as Row[];
  }

  async run(text: string, params: readonly SqlParam[] = []): Promise<WriteResult> {
    const result = (await this.#execute(text, params)) as { affectedRows?: number; insertId?: number };
    return { affected: result.affectedRows ?? 0, insertId: result.insertId ?? 0 };
  }

  async #execute(text: string, params: readonly SqlParam[]): Promise<unknown> {
    const values = params.map(mysqlParam);
    if (this.#runner) return this.#runner.query(text, values);
    try {
      return await this.manager.dataSource.query(text, values);
    } catch (error) {
      throw unreachable(error);
    }
  }

  signal(topic: string): void {
    this.#topics?.add(topic);
  }
}

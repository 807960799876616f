import { setTimeout as delay } from 'node:timers/promises';
import libsql from 'libsql';
import { DataSource, type EntityManager } from 'typeorm';
import { DomainError } from '../../domain/shared/errors.ts';
import { entities } from './entities.ts';
import { migrations } from './migrations/index.ts';
import { Mutex } from './mutex.ts';
import { SnakeNamingStrategy } from './naming.ts';
import { Signals } from './signals.ts';
import type { Connections, Sql, WriteResult } from './sql.ts';
import { StatementLog } from './statement-log.ts';
import { inTransactionScope } from './transaction-scope.ts';
import { type SqlParam, sqliteParam } from './values.ts';

interface Pragmas {
  pragma(text: string): unknown;
}

/** How long another process may hold the file before we give up, in milliseconds. */
const LOCK_DEADLINE = 15_000;
/** libsql blocks the event loop while it waits: so it waits a moment only, and the rest is waited asynchronously. */
const DRIVER_TIMEOUT = 20;

export interface SqliteOptions {
  readonly path: string;
  /** False for `migrate`, which creates the file; true elsewhere, so that a wrong path is not an empty shop. */
  readonly fileMustExist?: boolean;
}

/**
 * TypeORM has one connection per SQLite DataSource, and nests concurrent transactions on it: committed rows vanish
 * with another's rollback. So: one writer behind one mutex, and a reader that cannot write. Other processes are
 * kept apart by WAL and BEGIN IMMEDIATE. See docs/adr/0001.
 */
export class SqliteConnections implements Connections {
  readonly kind = 'sqlite';
  readonly read: Sql;
  readonly #writer: DataSource;
  readonly #reader: DataSource;
  readonly #mutex = new Mutex();
  readonly #signals = new Signals();
  readonly #log: StatementLog;

  private constructor(writer: DataSource, reader: DataSource, log: StatementLog) {
    this.#writer = writer;
    this.#reader = reader;
    this.#log = log;
    this.read = new SqliteSql(reader.manager);
  }

  static async open(options: SqliteOptions): Promise<SqliteConnections> {
    const log = new StatementLog();
    const writer = await patiently(() => openSource(options, log, false));
    try {
      const reader = await patiently(() => openSource({ ...options, fileMustExist: true }, log, true));
      return new SqliteConnections(writer, reader, log);
    } catch (error) {
      await writer.destroy();
      throw error;
    }
  }

  /** The raw writer, for migrations and the drift check. */
  get dataSource(): DataSource {
    return this.#writer;
  }

  write<T>(work: (sql: Sql) => Promise<T>): Promise<T> {
    // Counted from here: whoever queued behind a held file gives up with it, not one after the other.
    const deadline = Date.now() + LOCK_DEADLINE;
    return inTransactionScope(() => this.#mutex.run(() => this.#transact(work, deadline)));
  }

  async #transact<T>(work: (sql: Sql) => Promise<T>, deadline: number): Promise<T> {
    const topics = new Set<string>();
    const sql = new SqliteSql(this.#writer.manager, topics);
    await patiently(() => sql.run('BEGIN IMMEDIATE'), deadline);
    let result: T;
    try {
      result = await work(sql);
      await sql.run('COMMIT');
    } catch (error) {
      await rollback(sql);
      throw isFull(error) ? diskFull(error) : error;
    }
    this.#signals.emit(topics);
    return result;
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
    await this.#mutex.run(async () => {
      await this.#reader.destroy();
      await this.#writer.destroy();
    });
  }
}

/** After some errors (a full disk) SQLite has rolled back by itself, and says so: the first error is the one that counts. */
async function rollback(sql: Sql): Promise<void> {
  await sql.run('ROLLBACK').catch(() => undefined);
}

const isFull = (error: unknown): boolean => sqliteCode(error) === 'SQLITE_FULL';

const diskFull = (cause: unknown): DomainError =>
  new DomainError('unavailable', 'there is no room left to write to', { retryAfter: 30, cause });

/** Tries again while another process holds the file, for a bounded time. */
async function patiently<T>(attempt: () => Promise<T>, deadline = Date.now() + LOCK_DEADLINE): Promise<T> {
  for (let tries = 0; ; tries++) {
    try {
      return await attempt();
    } catch (error) {
      if (!isBusy(error)) throw error;
      if (Date.now() > deadline) {
        throw new DomainError('busy', 'the database is busy with another process', {
          retryAfter: 1,
          cause: error,
        });
      }
      await delay(Math.min(2 ** tries, 50) * (0.5 + Math.random() / 2));
    }
  }
}

/** Opening may meet a process that recovers the log, or closes the file as its last user. */
async function openSource(options: SqliteOptions, log: StatementLog, readOnly: boolean): Promise<DataSource> {
  return sqliteDataSource(options, log, readOnly).initialize();
}

function sqliteDataSource(options: SqliteOptions, logger: StatementLog, readOnly: boolean): DataSource {
  return new DataSource({
    type: 'better-sqlite3',
    driver: libsql,
    database: options.path,
    fileMustExist: options.fileMustExist ?? true,
    timeout: DRIVER_TIMEOUT,
    statementCacheSize: 500,
    logger,
    logging: true,
    entities: entities('sqlite'),
    migrations,
    migrationsTableName: 'schema_migrations',
    namingStrategy: new SnakeNamingStrategy(),
    prepareDatabase: (db: Pragmas) => {
      db.pragma('journal_mode = WAL');
      // With WAL, NORMAL may lose the last commits of a power cut; FULL loses none, as money demands.
      db.pragma('synchronous = FULL');
      db.pragma('cache_size = -65536');
      if (readOnly) db.pragma('query_only = ON');
    },
  });
}

export const isBusy = (error: unknown): boolean => /^SQLITE_(BUSY|LOCKED)/.test(sqliteCode(error));

function sqliteCode(error: unknown): string {
  const { code, driverError } = error as { code?: unknown; driverError?: { code?: unknown } };
  return String(driverError?.code ?? code);
}

class SqliteSql implements Sql {
  readonly kind = 'sqlite';
  readonly manager: EntityManager;
  readonly #topics: Set<string> | undefined;

  constructor(manager: EntityManager, topics?: Set<string>) {
    this.manager = manager;
    this.#topics = topics;
  }

  async query<Row>(text: string, params: readonly SqlParam[] = []): Promise<Row[]> {
    const runner = this.manager.dataSource.createQueryRunner();
    return (await runner.query(text, params.map(sqliteParam))) as Row[];
  }

  async run(text: string, params: readonly SqlParam[] = []): Promise<WriteResult> {
    const runner = this.manager.dataSource.createQueryRunner();
    const result = await runner.query(text, params.map(sqliteParam), true);
    return { affected: result.affected ?? 0, insertId: Number(result.raw ?? 0) };
  }

  signal(topic: string): void {
    this.#topics?.add(topic);
  }
}

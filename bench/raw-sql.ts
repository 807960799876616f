import type { DatabaseOptions } from '../src/infra/db/open-database.ts';
import type { Statement } from './recorder.ts';

/** The bare driver, with nothing around it. */
export interface RawSql {
  query(statement: Statement): Promise<unknown>;
  /** All of them on one connection, in order. */
  sequence(statements: readonly Statement[]): Promise<void>;
}

export function openRaw(options: DatabaseOptions): Promise<RawSql> {
  return options.kind === 'sqlite' ? openSqlite(options.path) : openMysql(options);
}

async function openMysql(options: Extract<DatabaseOptions, { host: string }>): Promise<RawSql> {
  const { createPool } = await import('mysql2/promise');
  const { host, port, user, password, name, poolSize } = options;
  const pool = createPool({
    host,
    port,
    user,
    password,
    database: name,
    connectionLimit: poolSize,
    charset: 'utf8mb4_bin',
    timezone: 'Z',
    supportBigNumbers: true,
    bigNumberStrings: true,
  });
  pool.on('connection', (connection) => {
    void connection.query('SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED');
  });
  const values = ({ params }: Statement): unknown[] => [...params];
  return {
    query: async (statement) => (await pool.query(statement.text, values(statement)))[0],
    sequence: async (statements) => {
      const connection = await pool.getConnection();
      try {
        for (const statement of statements) await connection.query(statement.text, values(statement));
      } catch (error) {
        await connection.query('ROLLBACK');
        throw error;
      } finally {
        connection.release();
      }
    },
  };
}

async function openSqlite(path: string): Promise<RawSql> {
  const { default: Database } = await import('libsql');
  const db = new Database(path);
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  db.pragma('cache_size = -65536');
  const prepared = new Map<string, ReturnType<typeof db.prepare>>();
  const execute = ({ text, params }: Statement): unknown => {
    let statement = prepared.get(text);
    if (statement === undefined) prepared.set(text, (statement = db.prepare(text)));
    return statement.reader ? statement.all(params) : statement.run(params);
  };
  return {
    query: (statement) => Promise.resolve(execute(statement)),
    // Nothing else runs in between, so one connection serves all.
    sequence: (statements) => {
      try {
        for (const statement of statements) execute(statement);
      } catch (error) {
        if (db.inTransaction) db.exec('ROLLBACK');
        throw error;
      }
      return Promise.resolve();
    },
  };
}

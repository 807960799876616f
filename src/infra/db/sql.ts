import type { EntityManager } from 'typeorm';
import type { SqlParam } from './values.ts';

export type DatabaseKind = 'sqlite' | 'mysql' | 'mariadb';

export interface WriteResult {
  readonly affected: number;
  /** The last auto-increment id, or the value given to LAST_INSERT_ID() on MySQL. */
  readonly insertId: number;
}

/** One connection, or the read pool: where hand-written SQL runs. `?` placeholders on every database. */
export interface Sql {
  readonly kind: DatabaseKind;
  /** Repositories and query builders on the same connection: for what is not hot. Never `save` (it opens transactions). */
  readonly manager: EntityManager;
  query<Row>(text: string, params?: readonly SqlParam[]): Promise<Row[]>;
  run(text: string, params?: readonly SqlParam[]): Promise<WriteResult>;
  /** Tells this process's listeners of `topic` after the commit, and not at all after a rollback. */
  signal(topic: string): void;
}

/** The two ways to a database, whichever it is. */
export interface Connections {
  readonly kind: DatabaseKind;
  /** For reads that change nothing. */
  readonly read: Sql;
  /**
   * One transaction: committed when `work` resolves, rolled back when it throws. Runs again, a bounded number of
   * times, after a deadlock. Calling it inside itself is a defect and throws.
   */
  write<T>(work: (sql: Sql) => Promise<T>): Promise<T>;
  onSignal(topic: string, listener: () => void): () => void;
  /** Tells of what was done elsewhere than in this database, as a commit that signals `topic` would. */
  tell(topic: string): void;
  /** Every statement sent, for budgets in tests and for debug logs. */
  onStatement(listener: (text: string) => void): () => void;
  ping(): Promise<void>;
  close(): Promise<void>;
}

/** `(?, ?, ?), (?, ?, ?)` for a multi-row INSERT. */
export function placeholders(rows: number, columns: number): string {
  const row = `(${Array.from({ length: columns }, () => '?').join(', ')})`;
  return Array.from({ length: rows }, () => row).join(', ');
}

export const list = (length: number): string => Array.from({ length }, () => '?').join(', ');

/** Ends a SELECT that takes its rows until the commit. On SQLite the transaction is the only writer anyway. */
export const forUpdate = (sql: Sql): string => (sql.kind === 'sqlite' ? '' : ' FOR UPDATE');

import type { Sql } from './sql.ts';

/**
 * The start of an INSERT that leaves a row with the same key alone: one row affected, or none. MySQL then also cuts
 * values that are too long instead of refusing them, so use it for values of known length only.
 */
export const insertOrIgnore = (sql: Sql): string =>
  sql.kind === 'sqlite' ? 'INSERT OR IGNORE' : 'INSERT IGNORE';

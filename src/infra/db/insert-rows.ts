import { placeholders, type Sql } from './sql.ts';
import type { SqlParam } from './values.ts';

/** Placeholders per statement: few statements, and each small enough to be prepared quickly. */
const MAX_PLACEHOLDERS = 1000;

/** Multi-row INSERTs of `rows`, each in the order of `columns`. Full chunks share one statement text. */
export async function insertRows(
  sql: Sql,
  table: string,
  columns: readonly string[],
  rows: readonly (readonly SqlParam[])[],
): Promise<void> {
  const size = Math.max(1, Math.floor(MAX_PLACEHOLDERS / columns.length));
  for (let start = 0; start < rows.length; start += size) {
    const chunk = rows.slice(start, start + size);
    await sql.run(
      `INSERT INTO ${table} (${columns.join(', ')}) VALUES ${placeholders(chunk.length, columns.length)}`,
      chunk.flat(),
    );
  }
}

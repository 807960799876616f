import type { Sql } from '../sql.ts';

/** No product was ever made here. */
export async function isEmptyShop(sql: Sql): Promise<boolean> {
  return (await sql.query('SELECT id FROM products LIMIT 1')).length === 0;
}

import type { AlertReadModel } from '../../../domain/notifications/staff-alert.ts';
import type { Sql } from '../sql.ts';

/** More would be a mistake of roles, not a list of people on duty. */
const MAX_ADMINS = 20;

export class SqlAlertReadModel implements AlertReadModel {
  readonly #sql: Sql;
  readonly #configured: readonly string[];

  constructor(read: Sql, configured: readonly string[]) {
    this.#sql = read;
    this.#configured = configured;
  }

  async recipients(): Promise<readonly string[]> {
    if (this.#configured.length > 0) return this.#configured;
    const rows = await this.#sql.query<{ email: string }>(
      `SELECT email FROM users WHERE role = 'admin' AND status = 'active' AND email IS NOT NULL ORDER BY email LIMIT ${MAX_ADMINS}`,
    );
    return rows.map((row) => row.email);
  }

  async stockLevel(id: string): Promise<{ readonly sku: string; readonly warehouse: string } | undefined> {
    const [row] = await this.#sql.query<{ sku: string; warehouse: string }>(
      `SELECT v.sku, w.code AS warehouse FROM stock_levels l JOIN variants v ON v.id = l.variant_id
       JOIN warehouses w ON w.id = l.warehouse_id WHERE l.id = ?`,
      [id],
    );
    return row;
  }
}

import type { AlertReadModel, LowLevel } from '../../../domain/notifications/staff-alert.ts';
import type { Sql } from '../sql.ts';
import { type RawInteger, toInt } from '../values.ts';

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

  /** Reads every level once: for a report, which is made once a day. */
  async lowStock(limit: number): Promise<readonly LowLevel[]> {
    const rows = await this.#sql.query<{
      sku: string;
      warehouse: string;
      available: RawInteger;
      threshold: RawInteger;
    }>(
      `SELECT v.sku, w.code AS warehouse, l.on_hand - l.reserved AS available, l.low_stock_threshold AS threshold
       FROM stock_levels l JOIN variants v ON v.id = l.variant_id JOIN warehouses w ON w.id = l.warehouse_id
       WHERE l.low_stock_threshold > 0 AND l.on_hand - l.reserved <= l.low_stock_threshold
       ORDER BY available, v.sku, w.code LIMIT ?`,
      [limit],
    );
    return rows.map((row) => ({
      ...row,
      available: toInt(row.available),
      threshold: toInt(row.threshold),
    }));
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

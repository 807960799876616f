import type {
  InventoryReadModel,
  StockFilter,
  StockRow,
} from '../../../domain/inventory/inventory.read-model.ts';
import type { Warehouse } from '../../../domain/inventory/stock.ts';
import {
  decodeCursor,
  encodeCursor,
  type Page,
  type PageRequest,
  toPage,
} from '../../../domain/shared/page.ts';
import type { Sql } from '../sql.ts';
import type { SqlParam } from '../values.ts';
import { type StockLevelRow, toStockLevel } from './stock-level-row.ts';

const SORT = 'stock';

export class SqlInventoryReadModel implements InventoryReadModel {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  async levels(filter: StockFilter, page: PageRequest): Promise<Page<StockRow>> {
    const where: string[] = [];
    const params: SqlParam[] = [];
    const when = (condition: string, value: SqlParam): void => {
      if (value === undefined) return;
      where.push(condition);
      params.push(value);
    };
    when('l.variant_id = ?', filter.variantId);
    when('l.warehouse_id = ?', filter.warehouseId);
    when('l.id > ?', page.cursor === undefined ? undefined : decodeCursor(page.cursor, SORT, 1)[0]);
    const rows = await this.#sql.query<StockLevelRow & { sku: string; code: string }>(
      `SELECT l.*, v.sku, w.code FROM stock_levels l JOIN variants v ON v.id = l.variant_id JOIN warehouses w ON w.id = l.warehouse_id ${where.length > 0 ? `WHERE ${where.join(' AND ')}` : ''} ORDER BY l.id LIMIT ${page.limit + 1}`,
      params,
    );
    const levels = rows.map((row) => ({ ...toStockLevel(row), sku: row.sku, warehouseCode: row.code }));
    return toPage(levels, page.limit, (level) => encodeCursor(SORT, [level.id]));
  }

  warehouses(): Promise<Warehouse[]> {
    return this.#sql.query<Warehouse>('SELECT id, code, name, country FROM warehouses ORDER BY code');
  }
}

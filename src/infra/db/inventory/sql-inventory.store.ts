import type { InventoryStore } from '../../../domain/inventory/inventory.store.ts';
import {
  available,
  type StockAdjustment,
  type StockLevel,
  type Warehouse,
} from '../../../domain/inventory/stock.ts';
import { DomainError, notFound } from '../../../domain/shared/errors.ts';
import { newId } from '../../../domain/shared/ids.ts';
import { insertOrIgnore } from '../insert-or-ignore.ts';
import type { Sql } from '../sql.ts';
import { violatedKey } from '../unique-violation.ts';
import { FALLS_LOW, type StockLevelRow, toStockLevel } from './stock-level-row.ts';

export class SqlInventoryStore implements InventoryStore {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  async adjust(adjustment: StockAdjustment): Promise<StockLevel> {
    if (!(await this.#move(adjustment))) {
      await this.#makeLevel(adjustment);
      if (!(await this.#move(adjustment))) throw await this.#short(adjustment);
    }
    const level = await this.#find(adjustment);
    if (level === undefined) throw new Error('a stock level vanished inside its transaction');
    await this.#sql.run(
      'INSERT INTO stock_adjustments (id, stock_level_id, delta, reason, actor, created_at) VALUES (?, ?, ?, ?, ?, ?)',
      [adjustment.id, level.id, adjustment.delta, adjustment.reason, adjustment.actor, adjustment.at],
    );
    return level;
  }

  /** The guard and the sequence number of its event, in one statement. */
  async #move({ variantId, warehouseId, delta, at }: StockAdjustment): Promise<boolean> {
    const { affected } = await this.#sql.run(
      `UPDATE stock_levels SET event_sequence = event_sequence + 1 + ${FALLS_LOW}, on_hand = on_hand + ?, updated_at = ?
       WHERE variant_id = ? AND warehouse_id = ? AND on_hand + ? >= reserved`,
      [-delta, delta, at, variantId, warehouseId, delta],
    );
    return affected === 1;
  }

  async setThreshold(stockLevelId: string, threshold: number, at: Date): Promise<StockLevel | undefined> {
    await this.#sql.run(
      'UPDATE stock_levels SET low_stock_threshold = ?, event_sequence = event_sequence + 1, updated_at = ? WHERE id = ?',
      [threshold, at, stockLevelId],
    );
    const [row] = await this.#sql.query<StockLevelRow>('SELECT * FROM stock_levels WHERE id = ?', [
      stockLevelId,
    ]);
    return row && toStockLevel(row);
  }

  async #makeLevel({ variantId, warehouseId, at }: StockAdjustment): Promise<void> {
    const exists = async (table: string, id: string): Promise<boolean> =>
      (await this.#sql.query(`SELECT 1 AS found FROM ${table} WHERE id = ?`, [id])).length === 1;
    if (!(await exists('variants', variantId))) throw notFound('variant');
    if (!(await exists('warehouses', warehouseId))) throw notFound('warehouse');
    await this.#sql.run(
      `${insertOrIgnore(this.#sql)} INTO stock_levels (id, variant_id, warehouse_id, on_hand, reserved, low_stock_threshold, event_sequence, updated_at) VALUES (?, ?, ?, 0, 0, 0, 0, ?)`,
      [newId(), variantId, warehouseId, at],
    );
  }

  async #short(adjustment: StockAdjustment): Promise<DomainError> {
    const level = await this.#find(adjustment);
    const left = level === undefined ? 0 : available(level);
    return new DomainError('insufficient_stock', `only ${left} units are free to be taken`, {
      facts: { available: left, delta: adjustment.delta },
    });
  }

  async #find(key: Pick<StockLevel, 'variantId' | 'warehouseId'>): Promise<StockLevel | undefined> {
    const [row] = await this.#sql.query<StockLevelRow>(
      'SELECT * FROM stock_levels WHERE variant_id = ? AND warehouse_id = ?',
      [key.variantId, key.warehouseId],
    );
    return row && toStockLevel(row);
  }

  async insertWarehouse(warehouse: Warehouse): Promise<void> {
    try {
      await this.#sql.run('INSERT INTO warehouses (id, code, name, country) VALUES (?, ?, ?, ?)', [
        warehouse.id,
        warehouse.code,
        warehouse.name,
        warehouse.country,
      ]);
    } catch (error) {
      if (violatedKey(error) === undefined) throw error;
      throw new DomainError('already_exists', 'this code is taken', {
        issues: [{ path: 'code', message: 'is taken' }],
        cause: error,
      });
    }
  }
}

import type { StockLevel } from '../../../domain/inventory/stock.ts';
import { type RawDate, type RawInteger, toDate, toInt } from '../values.ts';

export interface StockLevelRow {
  id: string;
  variant_id: string;
  warehouse_id: string;
  on_hand: RawInteger;
  reserved: RawInteger;
  low_stock_threshold: RawInteger;
  event_sequence: RawInteger;
  updated_at: RawDate;
}

export const toStockLevel = (row: StockLevelRow): StockLevel => ({
  id: row.id,
  variantId: row.variant_id,
  warehouseId: row.warehouse_id,
  onHand: toInt(row.on_hand),
  reserved: toInt(row.reserved),
  lowStockThreshold: toInt(row.low_stock_threshold),
  eventSequence: toInt(row.event_sequence),
  updatedAt: toDate(row.updated_at),
});

/**
 * 1 when taking `?` units lets what is available fall to the threshold, else 0. For the head of an UPDATE: MySQL
 * assigns from left to right, so that it must stand before the columns it reads are changed.
 */
export const FALLS_LOW = `(CASE WHEN low_stock_threshold > 0 AND on_hand - reserved > low_stock_threshold
  AND on_hand - reserved - ? <= low_stock_threshold THEN 1 ELSE 0 END)`;

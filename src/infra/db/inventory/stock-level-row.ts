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

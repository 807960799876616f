import { EntitySchema } from 'typeorm';
import { datetime, id, int, nullable, primaryId, text } from '../columns.ts';

const refersTo = (name: string, target: string, column: string) => ({
  name,
  target,
  columnNames: [column],
  referencedColumnNames: ['id'],
  onDelete: 'NO ACTION' as const,
  onUpdate: 'NO ACTION' as const,
});

interface WarehouseRow {
  id: string;
  code: string;
  name: string;
  country: string;
}

const warehouseTable = new EntitySchema<WarehouseRow>({
  name: 'Warehouse',
  tableName: 'warehouses',
  columns: { id: primaryId(), code: text(20), name: text(120), country: text(2) },
  indices: [{ name: 'uq_warehouses_code', columns: ['code'], unique: true }],
});

interface StockLevelRow {
  id: string;
  variantId: string;
  warehouseId: string;
  onHand: number;
  reserved: number;
  lowStockThreshold: number;
  eventSequence: number;
  updatedAt: Date;
}

const stockLevelTable = new EntitySchema<StockLevelRow>({
  name: 'StockLevel',
  tableName: 'stock_levels',
  columns: {
    id: primaryId(),
    variantId: id(),
    warehouseId: id(),
    onHand: int(),
    reserved: int(),
    lowStockThreshold: int(),
    eventSequence: int(),
    updatedAt: datetime(),
  },
  indices: [
    { name: 'uq_stock_levels_variant_warehouse', columns: ['variantId', 'warehouseId'], unique: true },
    { name: 'idx_stock_levels_warehouse', columns: ['warehouseId'] },
  ],
  foreignKeys: [
    refersTo('fk_stock_levels_variant', 'Variant', 'variantId'),
    refersTo('fk_stock_levels_warehouse', 'Warehouse', 'warehouseId'),
  ],
});

interface StockAdjustmentRow {
  id: string;
  stockLevelId: string;
  delta: number;
  reason: string;
  actor: string;
  createdAt: Date;
}

const stockAdjustmentTable = new EntitySchema<StockAdjustmentRow>({
  name: 'StockAdjustment',
  tableName: 'stock_adjustments',
  columns: {
    id: primaryId(),
    stockLevelId: id(),
    delta: int(),
    reason: text(200),
    actor: text(100),
    createdAt: datetime(),
  },
  indices: [{ name: 'idx_stock_adjustments_level', columns: ['stockLevelId', 'createdAt'] }],
  foreignKeys: [refersTo('fk_stock_adjustments_level', 'StockLevel', 'stockLevelId')],
});

interface ReservationRow {
  id: string;
  orderId: string;
  orderLineId: string;
  stockLevelId: string;
  quantity: number;
  status: string;
  expiresAt: Date;
  createdAt: Date;
  closedAt: Date | null;
}

const reservationTable = new EntitySchema<ReservationRow>({
  name: 'Reservation',
  tableName: 'reservations',
  columns: {
    id: primaryId(),
    orderId: id(),
    orderLineId: id(),
    stockLevelId: id(),
    quantity: int(),
    status: text(20),
    expiresAt: datetime(),
    createdAt: datetime(),
    closedAt: datetime(nullable),
  },
  indices: [
    { name: 'idx_reservations_order', columns: ['orderId', 'status'] },
    { name: 'idx_reservations_level', columns: ['stockLevelId', 'status'] },
    { name: 'idx_reservations_expires', columns: ['status', 'expiresAt'] },
  ],
  foreignKeys: [refersTo('fk_reservations_level', 'StockLevel', 'stockLevelId')],
});

interface StockProjectionRow {
  stockLevelId: string;
  variantId: string;
  warehouseId: string;
  onHand: number;
  reserved: number;
  /** Events up to this one are in the numbers from the start; each later one is added when it arrives. */
  baseSequence: number;
  updatedAt: Date;
}

const stockProjectionTable = new EntitySchema<StockProjectionRow>({
  name: 'StockProjection',
  tableName: 'stock_projection',
  columns: {
    stockLevelId: id({ primary: true }),
    variantId: id(),
    warehouseId: id(),
    onHand: int(),
    reserved: int(),
    baseSequence: int(),
    updatedAt: datetime(),
  },
  indices: [{ name: 'idx_stock_projection_variant', columns: ['variantId'] }],
});

export const inventoryTables = [
  warehouseTable,
  stockLevelTable,
  stockAdjustmentTable,
  reservationTable,
  stockProjectionTable,
] as const;

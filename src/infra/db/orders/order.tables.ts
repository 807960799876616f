import { EntitySchema } from 'typeorm';
import { amount, datetime, id, int, json, nullable, primaryId, text } from '../columns.ts';

interface OrderRow {
  id: string;
  number: string;
  userId: string | null;
  status: string;
  currency: string;
  itemsTotal: bigint;
  shippingTotal: bigint;
  discountTotal: bigint;
  taxTotal: bigint;
  dutyTotal: bigint;
  total: bigint;
  shippingAddress: unknown;
  identityId: string | null;
  locale: string;
  email: string | null;
  note: string | null;
  version: number;
  eventSequence: number;
  placedAt: Date;
  updatedAt: Date;
  expiresAt: Date;
  confirmedAt: Date | null;
  shippingMethod: unknown;
  promotions: unknown;
  exchangeRate: unknown;
  incoterm: string;
}

const orderTable = new EntitySchema<OrderRow>({
  name: 'Order',
  tableName: 'orders',
  columns: {
    id: primaryId(),
    number: text(20),
    userId: id(nullable),
    status: text(20),
    currency: text(3),
    itemsTotal: amount(),
    shippingTotal: amount(),
    discountTotal: amount(),
    taxTotal: amount(),
    dutyTotal: amount(),
    total: amount(),
    shippingAddress: json(),
    identityId: id(nullable),
    locale: text(5),
    email: text(254, nullable),
    note: text(500, nullable),
    version: int(),
    eventSequence: int(),
    placedAt: datetime(),
    updatedAt: datetime(),
    expiresAt: datetime(),
    confirmedAt: datetime(nullable),
    shippingMethod: json(nullable),
    promotions: json(nullable),
    exchangeRate: json(nullable),
    incoterm: text(3, { default: 'DAP' }),
  },
  indices: [
    { name: 'uq_orders_number', columns: ['number'], unique: true },
    { name: 'idx_orders_user', columns: ['userId', 'placedAt', 'id'] },
    { name: 'idx_orders_placed', columns: ['placedAt', 'id'] },
    { name: 'idx_orders_status', columns: ['status', 'expiresAt'] },
  ],
  foreignKeys: [
    {
      name: 'fk_orders_user',
      target: 'User',
      columnNames: ['userId'],
      referencedColumnNames: ['id'],
      onDelete: 'NO ACTION',
      onUpdate: 'NO ACTION',
    },
  ],
});

/** A row that belongs to one order. */
export const ofOrder = (name: string) => ({
  name,
  target: 'Order',
  columnNames: ['orderId'],
  referencedColumnNames: ['id'],
  onDelete: 'NO ACTION' as const,
  onUpdate: 'NO ACTION' as const,
});

interface OrderLineRow {
  id: string;
  orderId: string;
  position: number;
  variantId: string;
  sku: string;
  name: string;
  options: unknown;
  hsCode: string;
  originCountry: string;
  weightGrams: number;
  warehouseId: string;
  unitPrice: bigint;
  quantity: number;
  total: bigint;
  discount: bigint;
  tax: bigint;
  duty: bigint;
  customsValue: bigint | null;
  quotedDuty: bigint | null;
  quotedTax: bigint | null;
  quotedFees: bigint | null;
}

const orderLineTable = new EntitySchema<OrderLineRow>({
  name: 'OrderLine',
  tableName: 'order_lines',
  columns: {
    id: primaryId(),
    orderId: id(),
    position: int(),
    variantId: id(),
    sku: text(40),
    name: text(200),
    options: json(),
    hsCode: text(10),
    originCountry: text(2),
    weightGrams: int(),
    warehouseId: id(),
    unitPrice: amount(),
    quantity: int(),
    total: amount(),
    discount: amount({ default: 0 }),
    tax: amount({ default: 0 }),
    duty: amount({ default: 0 }),
    customsValue: amount(nullable),
    quotedDuty: amount(nullable),
    quotedTax: amount(nullable),
    quotedFees: amount(nullable),
  },
  indices: [
    { name: 'uq_order_lines_position', columns: ['orderId', 'position'], unique: true },
    { name: 'idx_order_lines_variant', columns: ['variantId'] },
  ],
  foreignKeys: [ofOrder('fk_order_lines_order')],
});

interface OrderHistoryRow {
  id: string;
  orderId: string;
  fromStatus: string | null;
  position: number;
  toStatus: string;
  actor: string;
  reason: string | null;
  at: Date;
}

const orderHistoryTable = new EntitySchema<OrderHistoryRow>({
  name: 'OrderHistory',
  tableName: 'order_history',
  columns: {
    id: primaryId(),
    orderId: id(),
    fromStatus: text(20, nullable),
    position: int({ default: 0 }),
    toStatus: text(20),
    actor: text(100),
    reason: text(500, nullable),
    at: datetime(),
  },
  indices: [{ name: 'uq_order_history_position', columns: ['orderId', 'position'], unique: true }],
  foreignKeys: [ofOrder('fk_order_history_order')],
});

export const orderTables = [orderTable, orderLineTable, orderHistoryTable] as const;

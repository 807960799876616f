import { EntitySchema } from 'typeorm';
import { amount, datetime, id, int, nullable, primaryId, text } from '../columns.ts';
import { ofOrder } from '../orders/order.tables.ts';

const refersTo = (name: string, target: string, column: string) => ({
  name,
  target,
  columnNames: [column],
  referencedColumnNames: ['id'],
  onDelete: 'NO ACTION' as const,
  onUpdate: 'NO ACTION' as const,
});

interface ReturnRow {
  id: string;
  orderId: string;
  status: string;
  createdAt: Date;
  updatedAt: Date;
  refundedAmount: bigint | null;
}

const returnTable = new EntitySchema<ReturnRow>({
  name: 'OrderReturn',
  tableName: 'order_returns',
  columns: {
    id: primaryId(),
    orderId: id(),
    status: text(20),
    createdAt: datetime(),
    updatedAt: datetime(),
    refundedAmount: amount(nullable),
  },
  indices: [
    { name: 'idx_order_returns_order', columns: ['orderId', 'id'] },
    { name: 'idx_order_returns_status', columns: ['status', 'id'] },
  ],
  foreignKeys: [ofOrder('fk_order_returns_order')],
});

interface ReturnLineRow {
  returnId: string;
  orderLineId: string;
  quantity: number;
  reason: string;
  restocked: number;
  writtenOff: number;
  amount: bigint;
}

const returnLineTable = new EntitySchema<ReturnLineRow>({
  name: 'OrderReturnLine',
  tableName: 'order_return_lines',
  columns: {
    returnId: id({ primary: true }),
    orderLineId: id({ primary: true }),
    quantity: int(),
    reason: text(200),
    restocked: int(),
    writtenOff: int(),
    amount: amount(),
  },
  indices: [{ name: 'idx_order_return_lines_line', columns: ['orderLineId'] }],
  foreignKeys: [
    refersTo('fk_order_return_lines_return', 'OrderReturn', 'returnId'),
    refersTo('fk_order_return_lines_line', 'OrderLine', 'orderLineId'),
  ],
});

interface ReturnHistoryRow {
  id: string;
  returnId: string;
  position: number;
  fromStatus: string | null;
  toStatus: string;
  actor: string;
  reason: string | null;
  at: Date;
}

const returnHistoryTable = new EntitySchema<ReturnHistoryRow>({
  name: 'OrderReturnHistory',
  tableName: 'order_return_history',
  columns: {
    id: primaryId(),
    returnId: id(),
    position: int({ default: 0 }),
    fromStatus: text(20, nullable),
    toStatus: text(20),
    actor: text(100),
    reason: text(500, nullable),
    at: datetime(),
  },
  indices: [{ name: 'uq_order_return_history_position', columns: ['returnId', 'position'], unique: true }],
  foreignKeys: [refersTo('fk_order_return_history_return', 'OrderReturn', 'returnId')],
});

export const returnTables = [returnTable, returnLineTable, returnHistoryTable] as const;

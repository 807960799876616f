import { EntitySchema } from 'typeorm';
import { amount, datetime, id, int, nullable, primaryId, text } from '../columns.ts';
import { ofOrder } from './order.tables.ts';

const refersTo = (name: string, target: string, column: string) => ({
  name,
  target,
  columnNames: [column],
  referencedColumnNames: ['id'],
  onDelete: 'NO ACTION' as const,
  onUpdate: 'NO ACTION' as const,
});

interface CancellationRow {
  id: string;
  orderId: string;
  actor: string;
  reason: string | null;
  amount: bigint;
  at: Date;
}

const cancellationTable = new EntitySchema<CancellationRow>({
  name: 'OrderCancellation',
  tableName: 'order_cancellations',
  columns: {
    id: primaryId(),
    orderId: id(),
    actor: text(100),
    reason: text(500, nullable),
    amount: amount(),
    at: datetime(),
  },
  indices: [{ name: 'idx_order_cancellations_order', columns: ['orderId', 'id'] }],
  foreignKeys: [ofOrder('fk_order_cancellations_order')],
});

interface CancellationLineRow {
  cancellationId: string;
  orderLineId: string;
  quantity: number;
  amount: bigint;
}

const cancellationLineTable = new EntitySchema<CancellationLineRow>({
  name: 'OrderCancellationLine',
  tableName: 'order_cancellation_lines',
  columns: {
    cancellationId: id({ primary: true }),
    orderLineId: id({ primary: true }),
    quantity: int(),
    amount: amount(),
  },
  indices: [{ name: 'idx_order_cancellation_lines_line', columns: ['orderLineId'] }],
  foreignKeys: [
    refersTo('fk_order_cancellation_lines_cancellation', 'OrderCancellation', 'cancellationId'),
    refersTo('fk_order_cancellation_lines_line', 'OrderLine', 'orderLineId'),
  ],
});

export const cancellationTables = [cancellationTable, cancellationLineTable] as const;

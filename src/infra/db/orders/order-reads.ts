import type { IdentityStatus } from '../../../domain/identity/importer-identity.ts';
import type { OrderScope } from '../../../domain/orders/order.store.ts';
import type { HistoryEntry, Order, OrderLine } from '../../../domain/orders/order.ts';
import type { OrderDetail } from '../../../domain/use-cases/order-detail.ts';
import { readLandedCost } from '../landed-cost/sql-landed-cost.store.ts';
import { PAYMENT_SELECT, type PaymentRow, toPayment } from '../payments/payment-rows.ts';
import { readRefunds } from '../payments/refund-rows.ts';
import { readReturnsOf } from '../returns/return-reads.ts';
import { readShipments } from '../shipments/shipment-reads.ts';
import type { Sql } from '../sql.ts';
import {
  HISTORY_COLUMNS,
  type HistoryRow,
  LINE_COLUMNS,
  type LineRow,
  toHistory,
  toLine,
} from './order-line-rows.ts';
import { ORDER_SELECT, type OrderRow, toOrder } from './order-rows.ts';
import { scopeCondition } from './order-scope.ts';
import { readCancellations } from './sql-cancellation.store.ts';

export async function readLines(sql: Sql, order: Pick<Order, 'id' | 'currency'>): Promise<OrderLine[]> {
  const rows = await sql.query<LineRow>(
    `SELECT ${LINE_COLUMNS.join(', ')} FROM order_lines WHERE order_id = ? ORDER BY position`,
    [order.id],
  );
  return rows.map((row) => toLine(row, order.currency));
}

async function readHistory(sql: Sql, orderId: string): Promise<HistoryEntry[]> {
  const rows = await sql.query<HistoryRow>(
    `SELECT ${HISTORY_COLUMNS.join(', ')} FROM order_history WHERE order_id = ? ORDER BY position`,
    [orderId],
  );
  return rows.map(toHistory);
}

interface DetailRow extends OrderRow {
  identity_status: IdentityStatus | null;
}

/** Ten statements at most, whatever the order holds. */
export async function readOrderDetail(
  sql: Sql,
  id: string,
  scope: OrderScope,
): Promise<OrderDetail | undefined> {
  const own = scopeCondition(scope);
  const [row] = await sql.query<DetailRow>(
    `SELECT ${ORDER_SELECT}, (SELECT i.status FROM importer_identities i WHERE i.id = o.identity_id) AS identity_status
     FROM orders o WHERE o.id = ?${own.sql}`,
    [id, ...own.params],
  );
  if (row === undefined) return undefined;
  const order = toOrder(row);
  const payments = await sql.query<PaymentRow>(
    `SELECT ${PAYMENT_SELECT} FROM payments p WHERE p.order_id = ? ORDER BY p.id`,
    [id],
  );
  return {
    order,
    lines: await readLines(sql, order),
    identity:
      order.identityId === undefined
        ? undefined
        : { id: order.identityId, status: row.identity_status ?? 'deleted' },
    landedCost: await readLandedCost(sql, order),
    history: await readHistory(sql, id),
    payments: payments.map(toPayment),
    refunds: await readRefunds(sql, payments.map(toPayment)),
    shipments: await readShipments(sql, id),
    cancellations: await readCancellations(sql, order),
    returns: await readReturnsOf(sql, id),
  };
}

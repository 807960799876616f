import type { AccountScope, OrderScope } from '../../../domain/orders/order.store.ts';
import { type Attempt, paymentStatus } from '../../../domain/payments/order-payment-status.ts';
import type { PaymentStatus } from '../../../domain/payments/payment.ts';
import {
  decodeCursor,
  encodeCursor,
  type Page,
  type PageRequest,
  toPage,
} from '../../../domain/shared/page.ts';
import { fulfilmentOf } from '../../../domain/shipments/shipment.ts';
import type {
  OrderDetail,
  OrderFilter,
  OrderReadModel,
  OrderSummary,
} from '../../../domain/use-cases/order-detail.ts';
import { CAPTURED, REFUNDED } from '../payments/payment-rows.ts';
import { list, type Sql } from '../sql.ts';
import { type RawInteger, type SqlParam, toBigint, toInt } from '../values.ts';
import { readOrderDetail } from './order-reads.ts';
import { ORDER_SELECT, type OrderRow, toOrder } from './order-rows.ts';

const SORT = 'orders.newest';

interface SummaryRow extends OrderRow {
  units: RawInteger | null;
  shipped: RawInteger | null;
  delivered: RawInteger | null;
  cancelled: RawInteger | null;
  returned: RawInteger | null;
}

interface AttemptRow {
  order_id: string;
  status: PaymentStatus;
  captured: RawInteger;
  refunded: RawInteger;
}

const UNITS = `(SELECT SUM(l.quantity) FROM order_lines l WHERE l.order_id = o.id) AS units,
  (SELECT SUM(sl.quantity) FROM shipments s JOIN shipment_lines sl ON sl.shipment_id = s.id WHERE s.order_id = o.id) AS shipped,
  (SELECT SUM(sl.quantity) FROM shipments s JOIN shipment_lines sl ON sl.shipment_id = s.id
    WHERE s.order_id = o.id AND s.status = 'delivered') AS delivered,
  (SELECT SUM(cl.quantity) FROM order_cancellations c JOIN order_cancellation_lines cl ON cl.cancellation_id = c.id
    WHERE c.order_id = o.id) AS cancelled,
  (SELECT SUM(rl.restocked + rl.written_off) FROM order_returns r JOIN order_return_lines rl ON rl.return_id = r.id
    WHERE r.order_id = o.id) AS returned`;

export class SqlOrderReadModel implements OrderReadModel {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  detail(id: string, scope: OrderScope): Promise<OrderDetail | undefined> {
    return readOrderDetail(this.#sql, id, scope);
  }

  /** Two statements, whatever the page holds. */
  async page(scope: AccountScope, filter: OrderFilter, request: PageRequest): Promise<Page<OrderSummary>> {
    const { where, params } = conditions(scope, filter, request.cursor);
    const rows = await this.#sql.query<SummaryRow>(
      `SELECT ${ORDER_SELECT}, ${UNITS} FROM orders o ${where} ORDER BY o.placed_at DESC, o.id DESC LIMIT ?`,
      [...params, request.limit + 1],
    );
    const payments = await this.#attempts(rows.map((row) => row.id));
    const summaries = rows.map((row) => toSummary(row, payments.get(row.id) ?? []));
    return toPage(summaries, request.limit, ({ order }) =>
      encodeCursor(SORT, [order.placedAt.getTime(), order.id]),
    );
  }

  async expired(now: Date, limit: number): Promise<readonly string[]> {
    const rows = await this.#sql.query<{ id: string }>(
      "SELECT id FROM orders WHERE status = 'pending_payment' AND expires_at <= ? ORDER BY expires_at, id LIMIT ?",
      [now, limit],
    );
    return rows.map((row) => row.id);
  }

  async #attempts(orderIds: readonly string[]): Promise<Map<string, Attempt[]>> {
    const attempts = new Map<string, Attempt[]>();
    if (orderIds.length === 0) return attempts;
    const rows = await this.#sql.query<AttemptRow>(
      `SELECT p.order_id, p.status, ${CAPTURED}, ${REFUNDED} FROM payments p WHERE p.order_id IN (${list(orderIds.length)})`,
      orderIds,
    );
    for (const { order_id, status, captured, refunded } of rows) {
      const ledger = { captured: toBigint(captured), refunded: toBigint(refunded) };
      attempts.set(order_id, [...(attempts.get(order_id) ?? []), { status, ledger }]);
    }
    return attempts;
  }
}

function conditions(
  scope: AccountScope,
  filter: OrderFilter,
  cursor: string | undefined,
): { where: string; params: SqlParam[] } {
  const parts: string[] = [];
  const params: SqlParam[] = [];
  if (scope !== 'any') {
    parts.push('o.user_id = ?');
    params.push(scope.ownerId);
  }
  if (filter.status !== undefined) {
    parts.push('o.status = ?');
    params.push(filter.status);
  }
  if (cursor !== undefined) {
    const [at, id] = decodeCursor(cursor, SORT, 2);
    const placedAt = new Date(Number(at));
    parts.push('(o.placed_at < ? OR (o.placed_at = ? AND o.id < ?))');
    params.push(placedAt, placedAt, String(id));
  }
  return { where: parts.length === 0 ? '' : `WHERE ${parts.join(' AND ')}`, params };
}

function toSummary(row: SummaryRow, payments: readonly Attempt[]): OrderSummary {
  const ordered = toInt(row.units ?? 0);
  const order = toOrder(row);
  return {
    order,
    units: ordered,
    paymentStatus: paymentStatus(payments, order.totals.total),
    fulfilmentStatus: fulfilmentOf({
      ordered: ordered - toInt(row.cancelled ?? 0),
      shipped: toInt(row.shipped ?? 0),
      delivered: toInt(row.delivered ?? 0),
      returned: toInt(row.returned ?? 0),
    }),
  };
}

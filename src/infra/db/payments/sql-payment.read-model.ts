import type { PaymentReadModel, RefundFilter, Unresolved } from '../../../domain/payments/payment.store.ts';
import type { Payment } from '../../../domain/payments/payment.ts';
import type { Refund } from '../../../domain/payments/refund.ts';
import {
  decodeCursor,
  encodeCursor,
  type Page,
  type PageRequest,
  toPage,
} from '../../../domain/shared/page.ts';
import type { Sql } from '../sql.ts';
import { type RawInteger, type SqlParam, toInt } from '../values.ts';
import { PAYMENT_SELECT, type PaymentRow, toPayment } from './payment-rows.ts';
import { NEEDS_ATTENTION, REFUND_COLUMNS, type RefundRow, refundsOfOrder, toRefund } from './refund-rows.ts';

const SORT = 'refunds.newest';

export class SqlPaymentReadModel implements PaymentReadModel {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  async find(id: string, ownerId?: string): Promise<Payment | undefined> {
    const [payment] = await this.#read(`WHERE p.id = ?${owned(ownerId)}`, [id, ...key(ownerId)]);
    return payment;
  }

  ofOrder(orderId: string, ownerId?: string): Promise<readonly Payment[]> {
    return this.#read(`WHERE p.order_id = ?${owned(ownerId)} ORDER BY p.id`, [orderId, ...key(ownerId)]);
  }

  refundsOf(orderId: string): Promise<readonly Refund[]> {
    return refundsOfOrder(this.#sql, orderId);
  }

  async refunds({ status, attention }: RefundFilter, request: PageRequest): Promise<Page<Refund>> {
    const parts: string[] = attention === true ? [NEEDS_ATTENTION] : [];
    const params: SqlParam[] = [];
    if (status !== undefined) {
      parts.push('r.status = ?');
      params.push(status);
    }
    if (request.cursor !== undefined) {
      const [id] = decodeCursor(request.cursor, SORT, 1);
      parts.push('r.id < ?');
      params.push(String(id));
    }
    const rows = await this.#sql.query<RefundRow>(
      `SELECT ${REFUND_COLUMNS.map((column) => `r.${column}`).join(', ')} FROM refunds r
       JOIN payment_captures c ON c.payment_id = r.payment_id
       ${parts.length === 0 ? '' : `WHERE ${parts.join(' AND ')}`} ORDER BY r.id DESC LIMIT ?`,
      [...params, request.limit + 1],
    );
    return toPage(rows.map(toRefund), request.limit, (refund) => encodeCursor(SORT, [refund.id]));
  }

  async ordersToGiveBack(provider: string, limit: number, after = ''): Promise<readonly string[]> {
    const rows = await this.#sql.query<{ order_id: string }>(
      `SELECT p.order_id AS order_id FROM payments p
       WHERE p.status = 'void_pending' AND p.provider = ? AND p.order_id > ?
       UNION SELECT r.order_id AS order_id FROM refunds r JOIN payments p ON p.id = r.payment_id
       WHERE r.status = 'pending' AND p.provider = ? AND r.order_id > ?
       ORDER BY order_id LIMIT ?`,
      [provider, after, provider, after, limit],
    );
    return rows.map((row) => row.order_id);
  }

  unresolved(
    { provider, before, abandoned }: Unresolved,
    limit: number,
    after?: Payment,
  ): Promise<readonly Payment[]> {
    const beyond = after === undefined ? [] : [after.updatedAt, after.updatedAt, after.id];
    return this.#read(
      `WHERE p.provider = ?
         AND ((p.status IN ('pending', 'capture_pending') AND p.updated_at < ?)
           OR (p.status = 'requires_action' AND p.updated_at < ?))
         ${after === undefined ? '' : BEYOND}
       ORDER BY p.updated_at, p.id LIMIT ?`,
      [provider, before, abandoned, ...beyond, limit],
    );
  }

  authorizedSince(
    { provider, before }: { readonly provider: string; readonly before: Date },
    limit: number,
    after?: Payment,
  ): Promise<readonly Payment[]> {
    const beyond = after === undefined ? [] : [after.updatedAt, after.updatedAt, after.id];
    return this.#read(
      `WHERE p.status = 'authorized' AND p.updated_at < ? AND p.provider = ?
         ${after === undefined ? '' : BEYOND}
       ORDER BY p.updated_at, p.id LIMIT ?`,
      [before, provider, ...beyond, limit],
    );
  }

  async countElsewhere(provider: string): Promise<number> {
    const [row] = await this.#sql.query<{ n: RawInteger }>(
      `SELECT COUNT(*) AS n FROM payments
       WHERE status IN ('pending', 'capture_pending', 'requires_action', 'void_pending') AND provider <> ?`,
      [provider],
    );
    return toInt(row?.n ?? 0);
  }

  async #read(where: string, params: readonly SqlParam[]): Promise<readonly Payment[]> {
    const rows = await this.#sql.query<PaymentRow>(
      `SELECT ${PAYMENT_SELECT} FROM payments p ${where}`,
      params,
    );
    return rows.map(toPayment);
  }
}

/** In the order of age. */
const BEYOND = 'AND (p.updated_at > ? OR (p.updated_at = ? AND p.id > ?))';

const owned = (ownerId: string | undefined): string =>
  ownerId === undefined
    ? ''
    : ' AND EXISTS (SELECT 1 FROM orders o WHERE o.id = p.order_id AND o.user_id = ?)';
const key = (ownerId: string | undefined): string[] => (ownerId === undefined ? [] : [ownerId]);

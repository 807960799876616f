import type { PaymentReadModel, Unresolved } from '../../../domain/payments/payment.store.ts';
import type { Payment } from '../../../domain/payments/payment.ts';
import type { Refund } from '../../../domain/payments/refund.ts';
import type { Sql } from '../sql.ts';
import { type RawInteger, type SqlParam, toInt } from '../values.ts';
import { PAYMENT_SELECT, type PaymentRow, toPayment } from './payment-rows.ts';
import { refundsOfOrder } from './refund-rows.ts';

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
         ${after === undefined ? '' : 'AND (p.updated_at > ? OR (p.updated_at = ? AND p.id > ?))'}
       ORDER BY p.updated_at, p.id LIMIT ?`,
      [provider, before, abandoned, ...beyond, limit],
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

const owned = (ownerId: string | undefined): string =>
  ownerId === undefined
    ? ''
    : ' AND EXISTS (SELECT 1 FROM orders o WHERE o.id = p.order_id AND o.user_id = ?)';
const key = (ownerId: string | undefined): string[] => (ownerId === undefined ? [] : [ownerId]);

import type { PaymentReadModel } from '../../../domain/payments/payment.store.ts';
import type { Payment } from '../../../domain/payments/payment.ts';
import type { Refund } from '../../../domain/payments/refund.ts';
import type { Sql } from '../sql.ts';
import type { SqlParam } from '../values.ts';
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

  async ordersToGiveBack(limit: number): Promise<readonly string[]> {
    const rows = await this.#sql.query<{ order_id: string }>(
      `SELECT order_id FROM payments WHERE status = 'void_pending'
       UNION SELECT order_id FROM refunds WHERE status = 'pending' LIMIT ?`,
      [limit],
    );
    return rows.map((row) => row.order_id);
  }

  unresolved(before: Date, abandoned: Date, limit: number): Promise<readonly Payment[]> {
    return this.#read(
      `WHERE (p.status IN ('pending', 'capture_pending') AND p.updated_at < ?)
         OR (p.status = 'requires_action' AND p.updated_at < ?)
       ORDER BY p.updated_at, p.id LIMIT ?`,
      [before, abandoned, limit],
    );
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

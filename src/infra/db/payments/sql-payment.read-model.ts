import type { PaymentReadModel } from '../../../domain/payments/payment.store.ts';
import type { Payment } from '../../../domain/payments/payment.ts';
import type { Sql } from '../sql.ts';
import type { SqlParam } from '../values.ts';
import { PAYMENT_SELECT, type PaymentRow, toPayment } from './payment-rows.ts';

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

  toGiveBack(limit: number): Promise<readonly Payment[]> {
    return this.#read(
      "WHERE p.status IN ('refund_pending', 'void_pending') ORDER BY p.updated_at, p.id LIMIT ?",
      [limit],
    );
  }

  unresolved(before: Date, limit: number): Promise<readonly Payment[]> {
    return this.#read("WHERE p.status = 'pending' AND p.updated_at < ? ORDER BY p.updated_at, p.id LIMIT ?", [
      before,
      limit,
    ]);
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

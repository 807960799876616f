import type { PaymentStore, ReceivedWebhook } from '../../../domain/payments/payment.store.ts';
import { isActive, type Payment } from '../../../domain/payments/payment.ts';
import { REFUND_SOURCES, type Refund, type RefundResult } from '../../../domain/payments/refund.ts';
import { DomainError } from '../../../domain/shared/errors.ts';
import type { Money } from '../../../domain/shared/money.ts';
import { list, placeholders, type Sql } from '../sql.ts';
import { violatedKey } from '../unique-violation.ts';
import { PAYMENT_SELECT, type PaymentRow, toPayment } from './payment-rows.ts';
import { REFUND_COLUMNS, type RefundRow, refundsOfOrder, toRefund } from './refund-rows.ts';

/** The order's id while the attempt is active: a unique column, so a second one cannot be. */
const activeOrderId = (payment: Payment): string | null =>
  isActive(payment.status) ? payment.orderId : null;

export class SqlPaymentStore implements PaymentStore {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  async insert(payment: Payment): Promise<void> {
    try {
      await this.#sql.run(
        `INSERT INTO payments (id, order_id, active_order_id, provider, status, amount, currency, created_at, updated_at, version)
         VALUES ${placeholders(1, 10)}`,
        [
          payment.id,
          payment.orderId,
          activeOrderId(payment),
          payment.provider,
          payment.status,
          payment.amount.amount,
          payment.amount.currency,
          payment.createdAt,
          payment.updatedAt,
          payment.version,
        ],
      );
    } catch (error) {
      if (!violatedKey(error)?.includes('active_order')) throw error;
      throw new DomainError('payment_in_progress', 'the order has a payment in progress', { cause: error });
    }
  }

  async find(id: string): Promise<Payment | undefined> {
    const [row] = await this.#sql.query<PaymentRow>(
      `SELECT ${PAYMENT_SELECT} FROM payments p WHERE p.id = ?`,
      [id],
    );
    return row && toPayment(row);
  }

  async ofOrder(orderId: string): Promise<readonly Payment[]> {
    const rows = await this.#sql.query<PaymentRow>(
      `SELECT ${PAYMENT_SELECT} FROM payments p WHERE p.order_id = ? ORDER BY p.id`,
      [orderId],
    );
    return rows.map(toPayment);
  }

  async update(payment: Payment): Promise<Payment> {
    const { affected } = await this.#sql.run(
      `UPDATE payments SET status = ?, active_order_id = ?, provider_reference = ?, failure_code = ?, next_action_url = ?,
         updated_at = ?, version = version + 1 WHERE id = ? AND version = ?`,
      [
        payment.status,
        activeOrderId(payment),
        payment.providerReference,
        payment.failureCode,
        payment.nextActionUrl,
        payment.updatedAt,
        payment.id,
        payment.version,
      ],
    );
    if (affected !== 1)
      throw new DomainError('version_conflict', 'the payment was changed meanwhile', { retryAfter: 1 });
    return { ...payment, version: payment.version + 1 };
  }

  async recordCapture(payment: Payment, { amount, currency }: Money, at: Date): Promise<void> {
    await this.#sql.run(
      `INSERT INTO payment_captures (payment_id, order_id, amount, currency, promised, captured_at) VALUES ${placeholders(1, 6)}`,
      [payment.id, payment.orderId, amount, currency, 0, at],
    );
  }

  async requestRefund(refund: Refund): Promise<boolean> {
    const { amount, currency } = refund.amount;
    const { affected } = await this.#sql.run(
      'UPDATE payment_captures SET promised = promised + ? WHERE payment_id = ? AND currency = ? AND promised + ? <= amount',
      [amount, refund.paymentId, currency, amount],
    );
    if (affected !== 1) return false;
    await this.#sql.run(
      `INSERT INTO refunds (${REFUND_COLUMNS.join(', ')}) VALUES ${placeholders(1, REFUND_COLUMNS.length)}`,
      [
        refund.id,
        refund.paymentId,
        refund.orderId,
        amount,
        currency,
        refund.reason,
        refund.note,
        refund.actor,
        refund.status,
        refund.providerReference,
        refund.failureCode,
        refund.replacedBy,
        refund.closedNote,
        refund.createdAt,
        refund.updatedAt,
      ],
    );
    return true;
  }

  async findRefund(id: string): Promise<Refund | undefined> {
    const [row] = await this.#sql.query<RefundRow>(
      `SELECT ${REFUND_COLUMNS.join(', ')} FROM refunds WHERE id = ?`,
      [id],
    );
    return row && toRefund(row);
  }

  refundsOf(orderId: string): Promise<readonly Refund[]> {
    return refundsOfOrder(this.#sql, orderId);
  }

  async settleRefund(refund: Refund, result: RefundResult, at: Date): Promise<boolean> {
    if (result.type === 'pending') return false;
    const from = REFUND_SOURCES[result.type];
    const { affected } = await this.#sql.run(
      `UPDATE refunds SET status = ?, provider_reference = COALESCE(?, provider_reference), failure_code = ?, updated_at = ?
       WHERE id = ? AND status IN (${list(from.length)})`,
      [
        result.type,
        result.reference,
        result.type === 'failed' ? result.failureCode : undefined,
        at,
        refund.id,
        ...from,
      ],
    );
    if (affected !== 1) return false;
    if (result.type === 'failed') {
      await this.#sql.run('UPDATE payment_captures SET promised = promised - ? WHERE payment_id = ?', [
        refund.amount.amount,
        refund.paymentId,
      ]);
    }
    return true;
  }

  async attendRefund(
    id: string,
    by: { readonly replacedBy: string } | { readonly note: string },
    at: Date,
  ): Promise<boolean> {
    const [column, value] = 'note' in by ? ['closed_note', by.note] : ['replaced_by', by.replacedBy];
    const { affected } = await this.#sql.run(
      `UPDATE refunds SET ${column} = ?, updated_at = ?
       WHERE id = ? AND status = 'failed' AND replaced_by IS NULL AND closed_note IS NULL`,
      [value, at, id],
    );
    return affected === 1;
  }

  async claimWebhook(webhook: ReceivedWebhook): Promise<boolean> {
    try {
      await this.#sql.run(
        'INSERT INTO payment_webhooks (provider, event_id, received_at, payload) VALUES (?, ?, ?, ?)',
        [webhook.provider, webhook.eventId, webhook.receivedAt, webhook.payload],
      );
      return true;
    } catch (error) {
      if (violatedKey(error) === undefined) throw error;
      return false;
    }
  }
}

import { ACTIVE_STATUSES, type PaymentStatus } from '../../../domain/payments/payment.ts';
import type { Invariant } from './invariant.ts';

const list = (statuses: readonly PaymentStatus[]): string => statuses.map((s) => `'${s}'`).join(', ');
const ACTIVE = list(ACTIVE_STATUSES);

export const paymentInvariants: readonly Invariant[] = [
  {
    name: 'payment-active-once',
    promise: 'an order has at most one active payment',
    sql: `SELECT order_id, COUNT(*) AS active_payments FROM payments WHERE status IN (${ACTIVE})
      GROUP BY order_id HAVING COUNT(*) > 1`,
  },
  {
    name: 'payment-active-mark',
    promise: 'the column that holds an order to one active payment says what the status says',
    sql: `SELECT id AS payment_id, order_id, status, active_order_id FROM payments
      WHERE (status IN (${ACTIVE}) AND (active_order_id IS NULL OR active_order_id <> order_id))
        OR (status NOT IN (${ACTIVE}) AND active_order_id IS NOT NULL)`,
  },
  {
    name: 'payment-amount',
    promise: "a payment is of its order's total, in its order's currency",
    sql: `SELECT p.id AS payment_id, p.order_id, p.amount, p.currency, o.total, o.currency AS order_currency
      FROM payments p JOIN orders o ON o.id = p.order_id
      WHERE p.currency <> o.currency OR p.amount <> o.total`,
  },
  {
    name: 'ledger-capture',
    promise: 'what was captured is in the ledger once, never more than the payment, and nothing else is',
    sql: `SELECT p.id AS payment_id, p.order_id, p.status, p.amount, c.amount AS captured FROM payments p
      LEFT JOIN payment_captures c ON c.payment_id = p.id
      WHERE (p.status IN ('captured', 'refund_pending', 'refunded') AND c.payment_id IS NULL)
        OR (p.status NOT IN ('captured', 'refund_pending', 'refunded') AND c.payment_id IS NOT NULL)
        OR c.amount <= 0 OR c.amount > p.amount OR c.currency <> p.currency OR c.order_id <> p.order_id`,
  },
  {
    name: 'ledger-refunds',
    promise: 'what refunds took of a capture is the sum of them, and never more than the capture',
    sql: `SELECT c.payment_id, c.order_id, c.amount, c.promised, COALESCE(r.amount, 0) AS refunds FROM payment_captures c
      LEFT JOIN (SELECT payment_id, SUM(amount) AS amount FROM refunds WHERE status IN ('pending', 'succeeded')
        GROUP BY payment_id) r ON r.payment_id = c.payment_id
      WHERE c.promised <> COALESCE(r.amount, 0) OR c.promised < 0 OR c.promised > c.amount`,
  },
  {
    name: 'ledger-refunded',
    promise: 'a payment is refunded if and only if refunds that were done add up to all of it',
    sql: `SELECT p.id AS payment_id, p.order_id, p.status, c.amount, COALESCE(r.amount, 0) AS refunded FROM payments p
      JOIN payment_captures c ON c.payment_id = p.id
      LEFT JOIN (SELECT payment_id, SUM(amount) AS amount FROM refunds WHERE status = 'succeeded'
        GROUP BY payment_id) r ON r.payment_id = p.id
      WHERE (p.status = 'refunded' AND COALESCE(r.amount, 0) <> c.amount)
        OR (p.status <> 'refunded' AND COALESCE(r.amount, 0) >= c.amount)`,
  },
  {
    name: 'refund-replaced',
    promise:
      'a refund that was made in the place of another is of the same payment, and the other one failed',
    sql: `SELECT r.id AS refund_id, r.payment_id, r.order_id, r.status, r.replaced_by FROM refunds r
      LEFT JOIN refunds n ON n.id = r.replaced_by AND n.payment_id = r.payment_id
      WHERE (r.replaced_by IS NOT NULL AND (n.id IS NULL OR n.amount > r.amount))
        OR (r.status <> 'failed' AND (r.replaced_by IS NOT NULL OR r.closed_note IS NOT NULL))`,
  },
  {
    name: 'ledger-orphan',
    promise: 'every refund is of a capture of its order, in its currency, and of more than nothing',
    sql: `SELECT r.id AS refund_id, r.payment_id, r.order_id, r.amount, r.currency FROM refunds r
      LEFT JOIN payment_captures c ON c.payment_id = r.payment_id AND c.order_id = r.order_id AND c.currency = r.currency
      WHERE c.payment_id IS NULL OR r.amount <= 0`,
  },
  {
    name: 'order-paid',
    promise:
      'an order that counts as paid has a capture that was not returned as a mistake, or costs nothing',
    sql: `SELECT o.id AS order_id, o.number, o.status FROM orders o
      WHERE o.status IN ('paid', 'completed') AND o.total > 0 AND NOT EXISTS (SELECT 1 FROM payments p
        WHERE p.order_id = o.id AND p.status IN ('captured', 'refund_pending', 'refunded'))`,
  },
  {
    name: 'order-unpaid',
    promise: 'whatever was captured for an order that is not paid, or not any more, goes back, or failed to',
    sql: `SELECT o.id AS order_id, o.number, o.status, c.payment_id, c.amount, c.promised, COALESCE(f.amount, 0) AS failed FROM orders o
      JOIN payment_captures c ON c.order_id = o.id
      LEFT JOIN (SELECT payment_id, SUM(amount) AS amount FROM refunds WHERE status = 'failed'
        GROUP BY payment_id) f ON f.payment_id = c.payment_id
      WHERE o.status NOT IN ('paid', 'completed') AND c.amount - c.promised > COALESCE(f.amount, 0)`,
  },
];

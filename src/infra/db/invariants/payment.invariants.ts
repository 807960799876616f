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
    name: 'payment-of-paid-order',
    promise: 'an order is paid if and only if one of its payments is captured',
    sql: `SELECT o.id AS order_id, o.number, o.status, COUNT(p.id) AS captured_payments FROM orders o
      LEFT JOIN payments p ON p.order_id = o.id AND p.status = 'captured'
      GROUP BY o.id, o.number, o.status
      HAVING (o.status IN ('paid', 'completed') AND COUNT(p.id) <> 1)
        OR (o.status NOT IN ('paid', 'completed') AND COUNT(p.id) <> 0)`,
  },
];

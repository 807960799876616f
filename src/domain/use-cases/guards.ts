import type { OrderScope } from '../orders/order.store.ts';
import { notFound } from '../shared/errors.ts';
import type { Guard } from './tx.ts';

/**
 * What a request names must be its caller's before its Idempotency-Key is looked at: what is another's is not found,
 * whatever the key has answered, or was used for, before. None of these takes a lock.
 */
export const seesOrder =
  (orderId: string, scope: OrderScope): Guard =>
  async (tx) => {
    if (!(await tx.orders.exists(orderId, scope))) throw notFound('order');
  };

export const seesPayment =
  (paymentId: string, scope: OrderScope): Guard =>
  async (tx) => {
    const payment = await tx.payments.find(paymentId);
    if (payment === undefined || !(await tx.orders.exists(payment.orderId, scope))) throw notFound('payment');
  };

export const seesRefund =
  (refundId: string): Guard =>
  async (tx) => {
    if ((await tx.payments.findRefund(refundId)) === undefined) throw notFound('refund');
  };

export const seesReturn =
  (returnId: string, scope: OrderScope): Guard =>
  async (tx) => {
    const orderId = await tx.returns.orderOf(returnId);
    if (orderId === undefined || !(await tx.orders.exists(orderId, scope))) throw notFound('return');
  };

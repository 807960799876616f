import type { Order } from '../orders/order.ts';
import type { Charged } from '../payments/payment.gateway.ts';
import type { Payment } from '../payments/payment.ts';
import { moneyJson } from '../shared/money.ts';

/** What every payment event says. */
export const paymentFacts = (order: Order, payment: Payment) => ({
  paymentId: payment.id,
  orderId: order.id,
  number: order.number,
  provider: payment.provider,
  amount: moneyJson(payment.amount),
});

/** How the gateway is told which attempt is meant. */
export const chargedOf = (payment: Payment): Charged => ({
  paymentId: payment.id,
  reference: payment.providerReference,
  amount: payment.amount,
  orderId: payment.orderId,
  createdAt: payment.createdAt,
});

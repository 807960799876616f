import { z } from 'zod';
import { defineEvent } from '../shared/event.ts';
import { moneyPayload } from '../shared/event-payload.ts';

/** A payment belongs to its order's aggregate: its events are in one sequence with the order's. */
const onOrders = { topic: 'order-events', aggregateType: 'order' } as const;
const payment = {
  paymentId: z.string(),
  orderId: z.string(),
  number: z.string(),
  provider: z.string(),
  amount: moneyPayload,
};

export const PaymentAuthorized = defineEvent({
  ...onOrders,
  type: 'payment.authorized.v1',
  summary: 'The provider guarantees the amount',
  schema: z.object(payment),
});

export const PaymentCaptured = defineEvent({
  ...onOrders,
  type: 'payment.captured.v1',
  summary: 'The amount was taken from the buyer',
  schema: z.object(payment),
});

export const PaymentFailed = defineEvent({
  ...onOrders,
  type: 'payment.failed.v1',
  summary: 'The attempt ended without money: declined, cancelled by the buyer, or unknown to the provider',
  schema: z.object({ ...payment, failureCode: z.string() }),
});

export const PaymentRefundRequested = defineEvent({
  ...onOrders,
  type: 'payment.refund_requested.v1',
  summary: 'The money of the attempt must go back: its order was cancelled, or did not wait for it any more',
  schema: z.object({ ...payment, reason: z.enum(['order_cancelled', 'late']) }),
});

export const PaymentRefunded = defineEvent({
  ...onOrders,
  type: 'payment.refunded.v1',
  summary: 'The captured amount went back to the buyer',
  schema: z.object(payment),
});

export const PaymentVoided = defineEvent({
  ...onOrders,
  type: 'payment.voided.v1',
  summary: 'The authorization was given up; nothing had been taken',
  schema: z.object(payment),
});

export const paymentEvents = [
  PaymentAuthorized,
  PaymentCaptured,
  PaymentFailed,
  PaymentRefundRequested,
  PaymentRefunded,
  PaymentVoided,
] as const;

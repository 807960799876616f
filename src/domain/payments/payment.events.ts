import { z } from 'zod';
import { defineEvent } from '../shared/event.ts';
import { moneyPayload } from '../shared/event-payload.ts';
import { REFUND_REASONS } from './refund.ts';

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
  summary:
    'The amount was taken from the buyer: a part of the payment where somebody captured no more by hand',
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
  summary: 'The amount must go back, by a refund, or (refundId null) by giving up an authorization',
  schema: z.object({ ...payment, refundId: z.string().nullable(), reason: z.enum(REFUND_REASONS) }),
});

export const PaymentRefunded = defineEvent({
  ...onOrders,
  type: 'payment.refunded.v1',
  summary: 'The amount, all or a part of what was captured, went back to the buyer',
  schema: z.object({ ...payment, refundId: z.string() }),
});

export const PaymentRefundFailed = defineEvent({
  ...onOrders,
  type: 'payment.refund_failed.v1',
  summary: 'The provider refused the refund: somebody must look after it',
  schema: z.object({ ...payment, refundId: z.string(), failureCode: z.string() }),
});

export const PaymentVoided = defineEvent({
  ...onOrders,
  type: 'payment.voided.v1',
  summary: 'The attempt was given up at the provider; nothing had been taken',
  schema: z.object(payment),
});

export const paymentEvents = [
  PaymentAuthorized,
  PaymentCaptured,
  PaymentFailed,
  PaymentRefundRequested,
  PaymentRefunded,
  PaymentRefundFailed,
  PaymentVoided,
] as const;

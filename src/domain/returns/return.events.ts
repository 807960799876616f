import { z } from 'zod';
import { defineEvent } from '../shared/event.ts';
import { moneyPayload } from '../shared/event-payload.ts';

/** A return belongs to its order's aggregate: its events are in one sequence with the order's. */
const onOrders = { topic: 'order-events', aggregateType: 'order' } as const;
const reference = { returnId: z.string(), orderId: z.string(), number: z.string() };
/** `user:<id>` or `system:<name>`. */
const actor = z.string();
const reason = z.string().nullable();

export const ReturnRequested = defineEvent({
  ...onOrders,
  type: 'return.requested.v1',
  summary: 'The buyer asks to send delivered units back',
  schema: z.object({
    ...reference,
    lines: z.array(z.object({ lineId: z.string(), quantity: z.int().positive(), reason: z.string() })).min(1),
  }),
});

export const ReturnApproved = defineEvent({
  ...onOrders,
  type: 'return.approved.v1',
  summary: 'Staff agreed that the units may come back',
  schema: z.object({ ...reference, actor, reason }),
});

export const ReturnRejected = defineEvent({
  ...onOrders,
  type: 'return.rejected.v1',
  summary: 'Staff refused the return',
  schema: z.object({ ...reference, actor, reason }),
});

export const ReturnWithdrawn = defineEvent({
  ...onOrders,
  type: 'return.withdrawn.v1',
  summary: 'The return was given up before anything arrived',
  schema: z.object({ ...reference, actor, reason }),
});

export const ReturnReceived = defineEvent({
  ...onOrders,
  type: 'return.received.v1',
  summary: 'Units of a return arrived; amount is owed to the buyer for them',
  schema: z.object({
    ...reference,
    amount: moneyPayload,
    lines: z
      .array(
        z.object({
          lineId: z.string(),
          restocked: z.int().nonnegative(),
          writtenOff: z.int().nonnegative(),
          amount: moneyPayload,
        }),
      )
      .min(1),
  }),
});

export const ReturnRefunded = defineEvent({
  ...onOrders,
  type: 'return.refunded.v1',
  summary:
    'The refund of a return was ordered, of what is owed or of what is left of the payment; its payment tells when the money went',
  schema: z.object({ ...reference, amount: moneyPayload, actor }),
});

export const returnEvents = [
  ReturnRequested,
  ReturnApproved,
  ReturnRejected,
  ReturnWithdrawn,
  ReturnReceived,
  ReturnRefunded,
] as const;

import { z } from 'zod';
import { defineEvent } from '../shared/event.ts';
import { instantPayload, moneyPayload } from '../shared/event-payload.ts';

const onOrders = { topic: 'order-events', aggregateType: 'order' } as const;
const reference = { orderId: z.string(), number: z.string() };
/** `user:<id>` or `system:<name>`. */
const actor = z.string();
const reason = z.string().nullable();

const line = z.object({
  lineId: z.string(),
  variantId: z.string(),
  sku: z.string(),
  name: z.string(),
  quantity: z.int().positive(),
  unitPrice: moneyPayload,
  /** Before the discount. */
  total: moneyPayload,
  /** Absent in events of before there were promotions. */
  discount: moneyPayload.optional(),
  /** Charged with an order that is DDP; absent in events of before there were landed costs. Duty is with fees. */
  tax: moneyPayload.optional(),
  duty: moneyPayload.optional(),
  warehouseId: z.string(),
});

export const OrderCreated = defineEvent({
  ...onOrders,
  type: 'order.created.v1',
  summary: 'An order was placed; its stock is reserved until it is paid, cancelled or expired',
  schema: z.object({
    ...reference,
    /** Null for guests. */
    userId: z.string().nullable(),
    locale: z.string(),
    country: z.string(),
    total: moneyPayload,
    /** What is charged for shipping; absent in events of before there were shipping methods. */
    shipping: moneyPayload.optional(),
    /** Who pays the import; absent in events of before there were landed costs, which were all DAP. */
    incoterm: z.string().optional(),
    lines: z.array(line).min(1),
    placedAt: instantPayload,
    expiresAt: instantPayload,
  }),
});

export const OrderAuthorized = defineEvent({
  ...onOrders,
  type: 'order.authorized.v1',
  summary: 'The amount of the order is guaranteed by a payment, and not yet captured',
  schema: z.object({ ...reference, total: moneyPayload }),
});

export const OrderPaid = defineEvent({
  ...onOrders,
  type: 'order.paid.v1',
  summary: 'The amount of the order was captured: it may be shipped',
  schema: z.object({ ...reference, total: moneyPayload }),
});

export const OrderCancelled = defineEvent({
  ...onOrders,
  type: 'order.cancelled.v1',
  summary: 'The order was cancelled before it was shipped; its stock was released',
  schema: z.object({ ...reference, actor, reason }),
});

export const OrderLinesCancelled = defineEvent({
  ...onOrders,
  type: 'order.lines_cancelled.v1',
  summary:
    'Units of a paid order were cancelled before they left; their stock was released, amount is owed for them',
  schema: z.object({
    ...reference,
    cancellationId: z.string(),
    actor,
    reason,
    amount: moneyPayload,
    lines: z
      .array(z.object({ lineId: z.string(), quantity: z.int().positive(), amount: moneyPayload }))
      .min(1),
  }),
});

export const OrderClaimed = defineEvent({
  ...onOrders,
  type: 'order.claimed.v1',
  summary: "A guest's order became that of an account, whose holder reads the mail of its address",
  schema: z.object({ ...reference, userId: z.string() }),
});

export const OrderExpired = defineEvent({
  ...onOrders,
  type: 'order.expired.v1',
  summary: 'The order was not paid in time; its stock was released',
  schema: z.object({ ...reference, expiresAt: instantPayload }),
});

export const OrderConfirmed = defineEvent({
  ...onOrders,
  type: 'order.confirmed.v1',
  summary: 'Staff accepted the order for fulfilment',
  schema: z.object({ ...reference, actor }),
});

export const OrderShipped = defineEvent({
  ...onOrders,
  type: 'order.shipped.v1',
  summary: 'A shipment of the order left; other lines may follow in another one',
  schema: z.object({
    ...reference,
    shipmentId: z.string(),
    carrier: z.string(),
    trackingNumber: z.string(),
    trackingUrl: z.string().nullable(),
    lines: z.array(z.object({ lineId: z.string(), sku: z.string(), quantity: z.int().positive() })).min(1),
  }),
});

export const OrderDelivered = defineEvent({
  ...onOrders,
  type: 'order.delivered.v1',
  summary: 'A shipment of the order arrived',
  schema: z.object({ ...reference, shipmentId: z.string() }),
});

export const OrderCompleted = defineEvent({
  ...onOrders,
  type: 'order.completed.v1',
  summary: 'Every line of the order was delivered',
  schema: z.object(reference),
});

export const orderEvents = [
  OrderCreated,
  OrderAuthorized,
  OrderPaid,
  OrderCancelled,
  OrderLinesCancelled,
  OrderClaimed,
  OrderExpired,
  OrderConfirmed,
  OrderShipped,
  OrderDelivered,
  OrderCompleted,
] as const;

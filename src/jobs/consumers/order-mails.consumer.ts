import type { OrderMailKind, Tracking } from '../../domain/notifications/order-mail.ts';
import { SendOrderMail } from '../../domain/notifications/send-order-mail.job.ts';
import {
  OrderCancelled,
  OrderCreated,
  OrderDelivered,
  OrderExpired,
  OrderPaid,
  OrderShipped,
} from '../../domain/orders/order.events.ts';
import { PaymentRefunded } from '../../domain/payments/payment.events.ts';
import type { EventType } from '../../domain/shared/event.ts';
import type { MoneyJson } from '../../domain/shared/money.ts';
import type { Tx } from '../../domain/use-cases/tx.ts';
import { defineConsumer } from './define-consumer.ts';

const GROUP = 'notifications';

interface Reference {
  readonly orderId: string;
}

/** What the mail tells besides the order. */
interface News {
  readonly tracking?: Tracking;
  readonly refund?: MoneyJson;
}

/** The mail is a job of the transaction: it is sent if and only if the event counts as handled. */
const mail = <P extends Reference>(
  kind: OrderMailKind,
  event: EventType<P>,
  newsOf: (payload: P) => News = () => ({}),
) =>
  defineConsumer({
    group: GROUP,
    event,
    handle: (tx, { id }, payload) => enqueueMail(tx, kind, payload, id, newsOf(payload)),
  });

const enqueueMail = (tx: Tx, kind: OrderMailKind, { orderId }: Reference, eventId: string, news: News) =>
  tx.jobs.enqueue(SendOrderMail, { kind, orderId, eventId, ...news }, { uniqueKey: `order-mail:${eventId}` });

/** The confirmation at once, and the warning when a third of the time to pay is left. */
const placed = defineConsumer({
  group: GROUP,
  event: OrderCreated,
  handle: async (tx, { id }, payload) => {
    await enqueueMail(tx, 'created', payload, id, {});
    const [from, to] = [Date.parse(payload.placedAt), Date.parse(payload.expiresAt)];
    await tx.jobs.enqueue(
      SendOrderMail,
      { kind: 'expiring', orderId: payload.orderId, eventId: id },
      { uniqueKey: `order-mail:${id}:expiring`, runAt: new Date(to - Math.round((to - from) / 3)) },
    );
  },
});

export const orderMailConsumers = [
  placed,
  mail('paid', OrderPaid),
  mail('shipped', OrderShipped, ({ carrier, trackingNumber, trackingUrl }) => ({
    tracking: { carrier, trackingNumber, trackingUrl },
  })),
  mail('delivered', OrderDelivered),
  mail('refunded', PaymentRefunded, ({ amount }) => ({ refund: amount })),
  mail('cancelled', OrderCancelled),
  mail('expired', OrderExpired),
] as const;

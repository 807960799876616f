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
import type { EventType } from '../../domain/shared/event.ts';
import { defineConsumer } from './define-consumer.ts';

const GROUP = 'notifications';

interface Reference {
  readonly orderId: string;
}

/** The mail is a job of the transaction: it is sent if and only if the event counts as handled. */
const mail = <P extends Reference>(
  kind: OrderMailKind,
  event: EventType<P>,
  trackingOf?: (payload: P) => Tracking,
) =>
  defineConsumer({
    group: GROUP,
    event,
    handle: (tx, { id }, payload) =>
      tx.jobs.enqueue(
        SendOrderMail,
        {
          kind,
          orderId: payload.orderId,
          eventId: id,
          ...(trackingOf === undefined ? {} : { tracking: trackingOf(payload) }),
        },
        { uniqueKey: `order-mail:${id}` },
      ),
  });

export const orderMailConsumers = [
  mail('created', OrderCreated),
  mail('paid', OrderPaid),
  mail('shipped', OrderShipped, ({ carrier, trackingNumber, trackingUrl }) => ({
    carrier,
    trackingNumber,
    trackingUrl,
  })),
  mail('delivered', OrderDelivered),
  mail('cancelled', OrderCancelled),
  mail('expired', OrderExpired),
] as const;

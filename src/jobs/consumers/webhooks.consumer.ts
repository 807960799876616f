import type { EventType } from '../../domain/shared/event.ts';
import { eventCatalog } from '../../domain/use-cases/event-catalog.ts';
import { queueWebhooks } from '../../domain/use-cases/queue-webhooks.ts';
import { type Consumer, defineConsumer } from './define-consumer.ts';

const events: readonly EventType<unknown>[] = eventCatalog;

/** Every event, for the endpoints that want it. */
export const webhookConsumers: readonly Consumer[] = events.map((event) =>
  defineConsumer({ group: 'webhooks', event, handle: (tx, received) => queueWebhooks(tx, received) }),
);

import type { GroupTopics } from '../../domain/eventstream/event-log.ts';
import type { EventEffect } from '../../domain/use-cases/consume-event.ts';
import type { Consumer } from './define-consumer.ts';
import { lowStockConsumers } from './low-stock.consumer.ts';
import { orderMailConsumers } from './order-mails.consumer.ts';
import { paymentFinalisationConsumers } from './payment-finalisation.consumer.ts';
import { stockProjectionConsumers } from './stock-projection.consumer.ts';
import { webhookConsumers } from './webhooks.consumer.ts';

/** Everything that is done about events. Each group has an offset of its own, and fails for itself. */
const CONSUMERS: readonly Consumer[] = [
  ...orderMailConsumers,
  ...paymentFinalisationConsumers,
  ...stockProjectionConsumers,
  ...lowStockConsumers,
  ...webhookConsumers,
];

const consumersOf = (group: string): readonly Consumer[] => CONSUMERS.filter((c) => c.group === group);

export const CONSUMER_GROUPS: readonly (GroupTopics & { readonly consumers: readonly Consumer[] })[] = [
  ...new Set(CONSUMERS.map((c) => c.group)),
].map((group) => ({
  group,
  consumers: consumersOf(group),
  topics: [...new Set(consumersOf(group).map((c) => c.event.topic))],
}));

export const effectOf = (group: string, type: string): EventEffect | undefined =>
  consumersOf(group).find((c) => c.event.type === type)?.effect;

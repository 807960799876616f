import { cloudEventOf, type ReceivedEvent } from '../eventstream/cloud-event.ts';
import { newId } from '../shared/ids.ts';
import { DeliverWebhooks } from '../webhooks/webhook.jobs.ts';
import type { Tx } from './tx.ts';

/** Queues the event for every endpoint that wants it: once, for it is the effect of a consumer. */
export async function queueWebhooks(tx: Tx, event: ReceivedEvent): Promise<void> {
  const endpoints = await tx.webhooks.wanting(event.type);
  if (endpoints.length === 0) return;
  const body = JSON.stringify(cloudEventOf(event));
  for (const { id: endpointId } of endpoints) {
    const id = newId();
    const first = await tx.webhooks.queue(endpointId, { id, eventId: event.id, eventType: event.type, body });
    if (first) await tx.jobs.enqueue(DeliverWebhooks, { endpointId }, { uniqueKey: `webhook:${id}` });
  }
}

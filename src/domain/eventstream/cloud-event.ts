import { z } from 'zod';
import type { EventMessage, ReceivedMessage } from './event-log.ts';
import type { OutboxEntry } from './outbox.store.ts';

const CONTENT_TYPE = 'application/cloudevents+json';
const SOURCE = '/crossborder-trade';

/** CloudEvents 1.0, JSON format, structured mode. Extension names are lower case by its rules. */
export const CloudEvent = z.object({
  specversion: z.literal('1.0'),
  id: z.string().min(1).max(64),
  type: z.string().min(1),
  source: z.string().min(1),
  subject: z.string().min(1).max(36),
  time: z.iso.datetime(),
  datacontenttype: z.literal('application/json'),
  aggregatetype: z.string().min(1).max(40),
  aggregatesequence: z.int32().positive(),
  correlationid: z.string().optional(),
  traceparent: z.string().optional(),
  data: z.unknown(),
});

/** An event as a consumer sees it; `data` has not been checked against the schema of its type yet. */
export interface ReceivedEvent {
  readonly id: string;
  readonly type: string;
  readonly aggregateType: string;
  readonly aggregateId: string;
  readonly sequence: number;
  readonly occurredAt: Date;
  readonly correlationId: string | undefined;
  readonly traceparent: string | undefined;
  readonly data: unknown;
}

/** A message that no number of tries will make readable. */
export class PoisonMessage extends Error {
  override readonly name = 'PoisonMessage';
}

/** The event in the JSON format of CloudEvents. */
export const cloudEventOf = (event: ReceivedEvent): z.infer<typeof CloudEvent> => ({
  specversion: '1.0',
  id: event.id,
  type: event.type,
  source: SOURCE,
  subject: event.aggregateId,
  time: event.occurredAt.toISOString(),
  datacontenttype: 'application/json',
  aggregatetype: event.aggregateType,
  aggregatesequence: event.sequence,
  ...(event.correlationId !== undefined && { correlationid: event.correlationId }),
  ...(event.traceparent !== undefined && { traceparent: event.traceparent }),
  data: event.data,
});

export function toMessage(entry: OutboxEntry): EventMessage {
  const { correlationId, traceparent } = entry;
  const event = cloudEventOf({ ...entry, data: entry.payload });
  const headers = {
    'content-type': CONTENT_TYPE,
    id: entry.id,
    type: entry.type,
    aggregate: `${entry.aggregateType}:${entry.aggregateId}`,
    sequence: String(entry.sequence),
    'idempotency-key': entry.id,
    ...(correlationId !== undefined && { 'correlation-id': correlationId }),
    ...(traceparent !== undefined && { traceparent }),
  };
  return { id: entry.id, topic: entry.topic, key: entry.aggregateId, headers, value: JSON.stringify(event) };
}

/** @throws PoisonMessage */
export function fromMessage(message: ReceivedMessage): ReceivedEvent {
  for (const header of ['id', 'type']) {
    if (!message.headers[header]) throw new PoisonMessage(`the message has no header ${header}`);
  }
  let json: unknown;
  try {
    json = JSON.parse(message.value);
  } catch {
    throw new PoisonMessage('the message is not JSON');
  }
  const parsed = CloudEvent.safeParse(json);
  if (!parsed.success) throw new PoisonMessage(`not a CloudEvent: ${z.prettifyError(parsed.error)}`);
  const event = parsed.data;
  return {
    id: event.id,
    type: event.type,
    aggregateType: event.aggregatetype,
    aggregateId: event.subject,
    sequence: event.aggregatesequence,
    occurredAt: new Date(event.time),
    correlationId: event.correlationid,
    traceparent: event.traceparent,
    data: event.data,
  };
}

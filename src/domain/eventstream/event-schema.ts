import { z } from 'zod';
import type { EventType } from '../shared/event.ts';
import { CloudEvent } from './cloud-event.ts';

/** JSON Schema, draft 2020-12. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** The whole message of one type and version: the envelope with its payload. */
export function eventSchemaOf(event: EventType<unknown>): JsonSchema {
  const schema = z.toJSONSchema(CloudEvent.extend({ type: z.literal(event.type), data: event.schema }), {
    target: 'draft-2020-12',
  });
  return {
    ...openly(schema),
    $id: `${event.type}.schema.json`,
    title: event.type,
    description: event.summary,
  };
}

/** Where the schemas of all events are. */
export const eventSchemaIndex = (events: readonly EventType<unknown>[]) => ({
  asyncapi: '/api/schema/asyncapi.json',
  events: events.map(({ type, topic, aggregateType, summary }) => ({
    type,
    topic,
    aggregateType,
    summary,
    schema: `/api/schema/events/${type}`,
  })),
});

/** Readers must pass over fields that they do not know: new ones are added within a version. */
function openly(node: unknown): JsonSchema {
  const walk = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(walk);
    if (value === null || typeof value !== 'object') return value;
    const entries = Object.entries(value).filter(([key, v]) => key !== 'additionalProperties' || v !== false);
    return Object.fromEntries(entries.map(([key, v]) => [key, walk(v)]));
  };
  return walk(node) as JsonSchema;
}

const titleOf = (type: string): string => type.replaceAll('.', '_');

/** An AsyncAPI 3 document of the topics and everything that is on them. `topicNames` are the configured ones. */
export function asyncApiDocument(
  events: readonly EventType<unknown>[],
  {
    version,
    topicNames,
  }: { readonly version: string; readonly topicNames: Readonly<Record<string, string>> },
): JsonSchema {
  const topics = [...new Set(events.map(({ topic }) => topic))];
  const of = (topic: string) => events.filter((e) => e.topic === topic);
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Crossborder Trade events',
      version,
      description:
        'CloudEvents 1.0 in structured mode. The key of a message is the id of its aggregate, so its events are in one partition and in order; each may come more than once, with the same id.',
    },
    defaultContentType: 'application/cloudevents+json',
    channels: Object.fromEntries(
      topics.map((topic) => [
        topic,
        {
          address: topicNames[topic] ?? topic,
          messages: Object.fromEntries(
            of(topic).map(({ type }) => [titleOf(type), { $ref: `#/components/messages/${titleOf(type)}` }]),
          ),
        },
      ]),
    ),
    operations: Object.fromEntries(
      topics.map((topic) => [
        `publish-${topic}`,
        { action: 'send', channel: { $ref: `#/channels/${topic}` }, summary: `Everything on ${topic}` },
      ]),
    ),
    components: {
      messages: Object.fromEntries(
        events.map((event) => [
          titleOf(event.type),
          {
            name: event.type,
            title: event.type,
            summary: event.summary,
            contentType: 'application/cloudevents+json',
            headers: HEADERS,
            payload: eventSchemaOf(event),
          },
        ]),
      ),
    },
  };
}

const text = { type: 'string' };
const HEADERS = {
  type: 'object',
  required: ['content-type', 'id', 'type', 'aggregate', 'sequence', 'idempotency-key'],
  properties: {
    'content-type': text,
    id: text,
    type: text,
    aggregate: text,
    sequence: text,
    'idempotency-key': text,
    'correlation-id': text,
    traceparent: text,
  },
};

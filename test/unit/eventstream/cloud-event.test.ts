import { describe, expect, it } from '@jest/globals';
import { CloudEvent, HTTP } from 'cloudevents';
import { fromMessage, PoisonMessage, toMessage } from '../../../src/domain/eventstream/cloud-event.ts';
import type { OutboxEntry } from '../../../src/domain/eventstream/outbox.store.ts';

const entry: OutboxEntry = {
  id: '0196f2a8-0000-7000-8000-000000000001',
  type: 'order.created.v1',
  topic: 'order-events',
  aggregateType: 'order',
  aggregateId: '0196f2a8-0000-7000-8000-000000000002',
  sequence: 3,
  occurredAt: new Date('2026-01-02T03:04:05.678Z'),
  payload: { number: 'CB-1', lines: [{ name: '茶' }] },
  correlationId: 'request-1',
  traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  attempts: 0,
};
const received = (changes: object = {}) => ({ ...toMessage(entry), partition: 0, position: '1', ...changes });

describe('an event on the wire', () => {
  it('is a CloudEvent by the rules of its library', () => {
    const message = toMessage(entry);
    const event = HTTP.toEvent({
      headers: { 'content-type': message.headers['content-type'] },
      body: message.value,
    });
    if (!(event instanceof CloudEvent)) throw new Error('one event was expected');
    expect(event.validate()).toBe(true);
    expect(event).toMatchObject({
      id: entry.id,
      type: entry.type,
      subject: entry.aggregateId,
      data: entry.payload,
    });
  });

  it('is keyed by its aggregate, and says in its headers what the design lists', () => {
    const { key, headers } = toMessage(entry);
    expect(key).toBe(entry.aggregateId);
    expect(headers).toEqual({
      'content-type': 'application/cloudevents+json',
      id: entry.id,
      type: 'order.created.v1',
      aggregate: `order:${entry.aggregateId}`,
      sequence: '3',
      'idempotency-key': entry.id,
      'correlation-id': 'request-1',
      traceparent: entry.traceparent,
    });
  });

  it('is read as it was written', () => {
    const { id, type, aggregateType, aggregateId, sequence, occurredAt, correlationId, traceparent } = entry;
    expect(fromMessage(received())).toEqual({
      ...{ id, type, aggregateType, aggregateId, sequence, occurredAt, correlationId, traceparent },
      data: entry.payload,
    });
  });

  it('is not read when anything of it is missing', () => {
    for (const value of ['', 'null', '[]', '{}', JSON.stringify({ specversion: '0.3' })]) {
      expect(() => fromMessage(received({ value }))).toThrow(PoisonMessage);
    }
  });
});

import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { toMessage } from '../../../src/domain/eventstream/cloud-event.ts';
import type { ReceivedMessage } from '../../../src/domain/eventstream/event-log.ts';
import { DomainError } from '../../../src/domain/shared/errors.ts';
import { defineEvent } from '../../../src/domain/shared/event.ts';
import { newId } from '../../../src/domain/shared/ids.ts';
import { ConsumeEvent } from '../../../src/domain/use-cases/consume-event.ts';
import type { Tx } from '../../../src/domain/use-cases/tx.ts';
import { defineConsumer } from '../../../src/jobs/consumers/define-consumer.ts';
import { GroupConsumer } from '../../../src/jobs/consumers/group-consumer.ts';
import { setupApp, type TestApp } from '../../support/setup-app.ts';

const Happened = defineEvent({
  type: 'test.happened.v1',
  topic: 'order-events',
  aggregateType: 'order',
  summary: 'for tests',
  schema: z.object({ what: z.string() }),
});

describe('a consumer group', () => {
  let t: TestApp;
  let handled: string[];
  let fail: (attempt: number) => void;
  const never = new AbortController().signal;
  const group = (): GroupConsumer =>
    new GroupConsumer({
      group: 'g',
      knownTypes: new Set([Happened.type, 'test.other.v1']),
      consumeEvent: new ConsumeEvent(t.app.db),
      log: t.app.log,
      consumers: [
        defineConsumer({
          group: 'g',
          event: Happened,
          handle: async (tx: Tx, _event, { what }) => {
            handled.push(what);
            await tx.audit.append({
              at: t.clock.now(),
              actor: 'system:test',
              action: 'handled',
              subject: what,
            });
            fail(handled.length);
          },
        }),
      ],
    });
  let position = 0;
  let newest = 0;
  const message = (
    data: unknown,
    changes: Partial<ReceivedMessage> = {},
    type = Happened.type,
    sequence?: number,
  ): ReceivedMessage => {
    const sent = toMessage({
      id: newId(),
      type,
      topic: 'order-events',
      aggregateType: 'order',
      aggregateId: 'a',
      sequence: sequence ?? ++newest,
      occurredAt: new Date(),
      payload: data,
      correlationId: undefined,
      traceparent: undefined,
      attempts: 0,
    });
    return { ...sent, partition: 0, position: String(++position), ...changes };
  };
  const deadLetters = () =>
    t.app.connections.read.query<{ cause: string; position: string }>(
      'SELECT cause, position FROM consumer_dead_letters ORDER BY created_at',
    );
  const effects = async () =>
    (await t.app.connections.read.query<{ subject: string }>('SELECT subject FROM audit_log')).map(
      (r) => r.subject,
    );

  beforeAll(async () => {
    t = await setupApp({ env: { LOG_LEVEL: 'silent' } });
  });
  beforeEach(async () => {
    handled = [];
    fail = () => undefined;
    newest = 0;
    for (const table of ['inbox', 'consumer_positions', 'consumer_dead_letters', 'audit_log']) {
      await t.app.connections.write((sql) => sql.run(`DELETE FROM ${table}`));
    }
  });
  afterAll(() => t.close());

  it('has the effect of an event once, however often it is delivered', async () => {
    const delivered = message({ what: 'sale' });
    await group().handle(delivered, never);
    await Promise.all([1, 2, 3].map((n) => group().handle({ ...delivered, position: `1${n}` }, never)));
    expect(await effects()).toEqual(['sale']);
    expect(await deadLetters()).toEqual([]);
  });

  it('passes over events that it has no consumer for', async () => {
    await group().handle(message({}, {}, 'test.other.v1'), never);
    expect(await deadLetters()).toEqual([]);
  });

  it('tries again after a failure, whose half effect is gone', async () => {
    fail = (attempt) => {
      if (attempt < 3) throw new Error('not yet');
    };
    await group().handle(message({ what: 'sale' }), never);
    expect(handled).toHaveLength(3);
    expect(await effects()).toEqual(['sale']);
  });

  it.each([
    ['malformed JSON', () => message({}, { value: '{"specversion"' }), 'not JSON'],
    ['no CloudEvent', () => message({}, { value: '{"a":1}' }), 'not a CloudEvent'],
    ['no headers', () => message({}, { headers: {} }), 'no header id'],
    ['an unknown type', () => message({}, {}, 'test.unknown.v1'), 'unknown event type test.unknown.v1'],
    ['an unknown version', () => message({}, {}, 'test.happened.v9'), 'unknown event type test.happened.v9'],
    ['a payload that is not of its type', () => message({ what: 7 }), 'not a test.happened.v1'],
  ])('buries %s with the reason, once, and moves on', async (_, make, reason) => {
    const poison = make();
    await group().handle(poison, never);
    await group().handle(poison, never);
    expect(await deadLetters()).toEqual([
      { cause: expect.stringContaining(reason), position: poison.position },
    ]);
    await group().handle(message({ what: 'next' }), never);
    expect(await effects()).toEqual(['next']);
  });

  it('buries an event whose effect goes on failing, and forgets that it was begun', async () => {
    fail = () => {
      throw new Error('a defect');
    };
    await group().handle(message({ what: 'sale' }), never);
    expect(handled).toHaveLength(5);
    expect(await deadLetters()).toMatchObject([{ cause: 'Error: a defect' }]);
    expect(await effects()).toEqual([]);
  });

  it('does not count tries that found something away against an event', async () => {
    fail = (attempt) => {
      if (attempt <= 4) throw new DomainError('unavailable', 'away');
      if (attempt === 5) throw new Error('not yet');
    };
    await group().handle(message({ what: 'sale' }), never);
    expect(handled).toHaveLength(6);
    expect(await deadLetters()).toEqual([]);
    expect(await effects()).toEqual(['sale']);
  }, 60_000);

  it('goes on trying while something is away, and stops with the worker without losing the event', async () => {
    const stopping = new AbortController();
    fail = (attempt) => {
      if (attempt === 6) stopping.abort();
      throw new DomainError('unavailable', 'away');
    };
    const consumer = group();
    await expect(consumer.handle(message({ what: 'sale' }), stopping.signal)).rejects.toThrow();
    expect(await deadLetters()).toEqual([]);
    expect(handled).toHaveLength(6);
  });
});

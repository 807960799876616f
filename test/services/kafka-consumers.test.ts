import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Kafka, logLevel, type Producer } from 'kafkajs';
import { toMessage } from '../../src/domain/eventstream/cloud-event.ts';
import type { EventLog, EventMessage } from '../../src/domain/eventstream/event-log.ts';
import { OrderCompleted } from '../../src/domain/orders/order.events.ts';
import { newId } from '../../src/domain/shared/ids.ts';
import { ConsumeEvent } from '../../src/domain/use-cases/consume-event.ts';
import { SqlDeadLetterReadModel } from '../../src/infra/db/eventstream/sql-dead-letters.ts';
import { KafkaEventLog } from '../../src/infra/events/kafka.event-log.ts';
import { LocalEventLog } from '../../src/infra/events/local.event-log.ts';
import { defineConsumer } from '../../src/jobs/consumers/define-consumer.ts';
import { GroupConsumer } from '../../src/jobs/consumers/group-consumer.ts';
import { startWorker } from '../../src/jobs/worker.ts';
import { realServices, type Services } from '../support/services.ts';
import { setupApp, type TestApp } from '../support/setup-app.ts';
import { until } from '../support/until.ts';

/** On Kafka with the embedded database: what is tested is the way from the broker to an effect. */
describe('consumers of Kafka', () => {
  let services: Services;
  let t: TestApp;
  let producer: Producer;
  let topic: string;
  const open: EventLog[] = [];

  beforeAll(async () => {
    services = realServices();
    const { KAFKA_BOOTSTRAP_SERVERS, KAFKA_CLIENT_ID, KAFKA_ORDERS_TOPIC, KAFKA_STOCK_TOPIC } = services.env;
    t = await setupApp({
      env: {
        LOG_LEVEL: 'silent',
        ...{ KAFKA_BOOTSTRAP_SERVERS, KAFKA_CLIENT_ID, KAFKA_ORDERS_TOPIC, KAFKA_STOCK_TOPIC },
      },
    });
    topic = KAFKA_ORDERS_TOPIC ?? '';
    producer = new Kafka({
      brokers: (KAFKA_BOOTSTRAP_SERVERS ?? '').split(','),
      logLevel: logLevel.NOTHING,
    }).producer();
    await producer.connect();
  }, 60_000);
  afterAll(async () => {
    await Promise.all(open.map((log) => log.close()));
    await producer.disconnect();
    await t.close();
    await services.drop();
  }, 60_000);

  const log = (): EventLog => {
    const { kafka } = t.app.config;
    if (kafka === undefined) throw new Error('the test needs Kafka');
    const made = new KafkaEventLog({ ...kafka, sendTimeoutSeconds: 10 }, t.app.log);
    open.push(made);
    return made;
  };
  /** One more process of the group, as far as the broker can tell. */
  const join = (group: string) => {
    const consumer = new GroupConsumer({
      group,
      knownTypes: new Set([OrderCompleted.type]),
      consumeEvent: new ConsumeEvent(t.app.db),
      log: t.app.log,
      consumers: [
        defineConsumer({
          group,
          event: OrderCompleted,
          handle: (tx, { aggregateId, sequence }) =>
            tx.audit.append({
              at: t.clock.now(),
              actor: 'system:test',
              action: group,
              subject: `${aggregateId}#${sequence}`,
            }),
        }),
      ],
    });
    return log().subscribe({
      group,
      topics: ['order-events'],
      handle: (message, signal) => consumer.handle(message, signal),
    });
  };
  const effects = async (group: string) =>
    (
      await t.app.connections.read.query<{ subject: string }>(
        'SELECT subject FROM audit_log WHERE action = ? ORDER BY id',
        [group],
      )
    ).map((row) => row.subject);
  const event = (aggregateId: string, sequence: number): EventMessage =>
    toMessage({
      id: newId(),
      type: OrderCompleted.type,
      topic: 'order-events',
      aggregateType: 'order',
      aggregateId,
      sequence,
      occurredAt: new Date(),
      payload: { orderId: aggregateId, number: String(sequence) },
      correlationId: undefined,
      traceparent: undefined,
      attempts: 0,
    });

  it('bury what they cannot read, with the reason, and its partition moves on', async () => {
    await log().ensureTopics();
    const good = event('good', 1);
    const unknown = good.value.replaceAll(OrderCompleted.type, 'order.eaten.v1');
    const version = good.value.replaceAll(OrderCompleted.type, 'order.completed.v9');
    await producer.send({
      topic,
      messages: [
        { partition: 0, key: 'k', value: '{"specversion":', headers: { ...good.headers } },
        { partition: 0, key: 'k', value: good.value },
        { partition: 0, key: 'k', value: unknown, headers: { ...good.headers, type: 'order.eaten.v1' } },
        { partition: 0, key: 'k', value: version, headers: { ...good.headers, type: 'order.completed.v9' } },
        { partition: 0, key: null, value: null },
        { partition: 0, key: 'k', value: good.value, headers: { ...good.headers } },
      ],
    });
    const subscription = await join('poison');
    await until(async () => (await effects('poison')).length === 1, 'the good one', 60_000);
    await subscription.stop();
    expect(await effects('poison')).toEqual(['good#1']);
    const letters = await new SqlDeadLetterReadModel(t.app.connections.read).page(
      { group: 'poison', status: 'dead' },
      { limit: 10 },
    );
    expect(letters.items.map(({ position, cause }) => `${position} ${cause}`)).toEqual([
      '0 PoisonMessage: the message is not JSON',
      '1 PoisonMessage: the message has no header id',
      '2 PoisonMessage: unknown event type order.eaten.v1',
      '3 PoisonMessage: unknown event type order.completed.v9',
      '4 PoisonMessage: the message has no header id',
    ]);
  }, 120_000);

  it('lose and double nothing while others join and leave in the midst of it, and keep each order', async () => {
    const aggregates = Array.from({ length: 12 }, (_, i) => `order-${i}`);
    const writer = log();
    const total = 20;
    const first = await join('rebalance');
    const write = async (from: number, to: number) => {
      for (let n = from; n <= to; n++) await writer.publish(aggregates.map((a) => event(a, n)));
    };
    // The topic holds what other tests wrote, too.
    const ofOrders = async () => (await effects('rebalance')).filter((s) => s.startsWith('order-'));
    const some = (count: number) =>
      until(async () => (await ofOrders()).length >= count, `${count} effects`, 60_000);
    await write(1, 5);
    await some(1);
    const [second] = await Promise.all([join('rebalance'), write(6, 10)]);
    await some(60);
    const [third] = await Promise.all([join('rebalance'), first.stop(), write(11, 15)]);
    await some(100);
    await Promise.all([second.stop(), write(16, total)]);
    await some(aggregates.length * total);
    await third.stop();
    const seen = await ofOrders();
    expect(seen).toHaveLength(aggregates.length * total);
    for (const aggregate of aggregates) {
      const own = seen.filter((subject) => subject.startsWith(`${aggregate}#`));
      expect(own).toEqual(Array.from({ length: total }, (_, i) => `${aggregate}#${i + 1}`));
    }
  }, 180_000);

  it('tell how far each partition is behind', async () => {
    const reader = log();
    const groups = [
      { group: 'rebalance', topics: ['order-events'] as const },
      { group: 'never-started', topics: ['order-events'] as const },
    ];
    const lags = await reader.lag(groups);
    expect(lags.map(({ group, partition }) => `${group}/${partition}`).sort()).toEqual(
      ['never-started', 'rebalance'].flatMap((g) => [0, 1, 2].map((p) => `${g}/${p}`)),
    );
    const sum = (group: string) => lags.filter((l) => l.group === group).reduce((n, l) => n + l.lag, 0);
    expect(sum('rebalance')).toBe(0);
    expect(sum('never-started')).toBe(246);
  }, 60_000);

  it('begin with what the embedded log still holds, in a shop that moves to Kafka', async () => {
    const aggregateId = newId();
    const [older, newer] = [event(aggregateId, 1), event(aggregateId, 2)];
    await new LocalEventLog(t.app.connections, t.clock, t.app.log).publish([older]);
    await log().publish([newer]);
    const worker = await startWorker(t.app, { queues: ['default'] });
    const handled = async () =>
      (
        await t.app.connections.read.query<{ event_id: string }>(
          "SELECT event_id FROM inbox WHERE consumer_group = 'webhooks' AND event_id IN (?, ?) ORDER BY event_id",
          [older.id, newer.id],
        )
      ).map((row) => row.event_id);
    await until(async () => (await handled()).includes(newer.id), 'the event on Kafka', 60_000);
    await worker.stop();
    expect(await handled()).toEqual([older.id, newer.id]);
  }, 120_000);
});

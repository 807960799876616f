import { CompressionTypes, Kafka, logLevel, Partitioners } from 'kafkajs';
import { type App, createApp } from '../src/app.ts';
import { loadConfig } from '../src/config.ts';
import { toMessage } from '../src/domain/eventstream/cloud-event.ts';
import type { EventMessage } from '../src/domain/eventstream/event-log.ts';
import type { NewEvent } from '../src/domain/shared/event.ts';
import { newId } from '../src/domain/shared/ids.ts';
import { Migrator } from '../src/infra/db/migrator.ts';
import { createDatabase, type DatabaseOptions } from '../src/infra/db/open-database.ts';
import { startRelay } from '../src/jobs/relay.ts';
import type { RelayObserver, WorkingApp } from '../src/jobs/work.ts';
import { serverEnvironment } from './database.ts';
import type { Options } from './options.ts';
import { median } from './report.ts';
import { fillSent } from './sent-rows.ts';

const EVENTS = 10_000;
const PER_AGGREGATE = 5;
const LATENCIES = 200;

export interface EventsResult {
  readonly scenario: 'events';
  readonly db: string;
  readonly sentRows: number;
  readonly batchSize: number;
  /** Events a second from the outbox to Kafka, and of bare `sendBatch` calls with the same messages and batches. */
  readonly relay: number;
  readonly bare: number;
  readonly ratio: number;
  readonly goal: number;
  readonly rounds: readonly number[];
  /** Milliseconds from the commit to the consumer, one event at a time. */
  readonly idle: { readonly p50: number; readonly p99: number };
}

/** The relay and a bare producer in turns, on the broker that KAFKA_BOOTSTRAP_SERVERS names. */
export async function benchEvents(
  options: Options,
  target: DatabaseOptions,
  folder: string,
): Promise<EventsResult> {
  const config = loadConfig({
    env: { ...serverEnvironment(target, folder), ...kafkaSettings(), LOG_LEVEL: 'error' },
  });
  const connections = await createDatabase(target);
  await new Migrator(connections.dataSource).migrate();
  await connections.close();
  const app = await createApp(config);
  const bare = await bareProducer();
  try {
    await fillSent(app.connections, options.sent);
    await (await app.work()).eventLog.ensureTopics();
    const { batchSize } = config.outbox;
    const rounds: { ours: number; bare: number }[] = [];
    for (let i = 0; i <= options.rounds; i++) {
      const messages = await append(app, EVENTS);
      const ours = EVENTS / (await drain(app, EVENTS));
      const theirs = EVENTS / (await bare.send(messages, config.kafka?.ordersTopic ?? '', batchSize));
      // The first warms both up.
      if (i > 0) rounds.push({ ours, bare: theirs });
    }
    const ratios = rounds.map((r) => Number((r.ours / r.bare).toFixed(3)));
    return {
      scenario: 'events',
      db: options.db,
      sentRows: options.sent,
      batchSize,
      relay: Math.round(median(rounds.map((r) => r.ours))),
      bare: Math.round(median(rounds.map((r) => r.bare))),
      ratio: Number(median(ratios).toFixed(2)),
      goal: 0.5,
      rounds: ratios,
      idle: await latency(app),
    };
  } finally {
    await bare.close();
    await app.close();
  }
}

const TOPIC = `bench-${process.pid}`;

function kafkaSettings(): NodeJS.ProcessEnv {
  const { KAFKA_BOOTSTRAP_SERVERS, OUTBOX_DISPATCH_BATCH_SIZE } = process.env;
  if (KAFKA_BOOTSTRAP_SERVERS === undefined) throw new Error('the events need KAFKA_BOOTSTRAP_SERVERS');
  return {
    KAFKA_BOOTSTRAP_SERVERS,
    KAFKA_CLIENT_ID: TOPIC,
    KAFKA_ORDERS_TOPIC: `${TOPIC}-orders`,
    KAFKA_STOCK_TOPIC: `${TOPIC}-stock`,
    ...(OUTBOX_DISPATCH_BATCH_SIZE && { OUTBOX_DISPATCH_BATCH_SIZE }),
  };
}

/** As large as an order's events are. */
const event = (aggregateId: string, sequence: number): NewEvent => ({
  type: 'order.completed.v1',
  topic: 'order-events',
  aggregateType: 'order',
  aggregateId,
  sequence,
  occurredAt: new Date(),
  payload: {
    orderId: aggregateId,
    number: `CB-${aggregateId.slice(-8)}`,
    userId: newId(),
    total: { amount: String(sequence * 1999), currency: 'EUR' },
    lines: [1, 2].map((n) => ({ variantId: newId(), sku: `SKU-${n}`, quantity: n })),
  },
});

/** @returns the messages that the events become */
async function append(app: App, count: number): Promise<EventMessage[]> {
  const events = Array.from({ length: count / PER_AGGREGATE }, () => newId()).flatMap((id) =>
    Array.from({ length: PER_AGGREGATE }, (_, i) => event(id, i + 1)),
  );
  for (let i = 0; i < events.length; i += 100) {
    await app.db.transaction((tx) => tx.outbox.append(events.slice(i, i + 100)));
  }
  return events.map((e) =>
    toMessage({ ...e, id: newId(), correlationId: undefined, traceparent: undefined, attempts: 0 }),
  );
}

/** @returns the seconds until a relay had published `count` events */
async function drain(app: App, count: number): Promise<number> {
  const work = await app.work();
  let left = count;
  let done: () => void = () => undefined;
  const all = new Promise<void>((resolve) => {
    done = resolve;
  });
  const relayed: RelayObserver = {
    batch: ({ sent }) => {
      left -= sent;
      if (left <= 0) done();
    },
    failure: () => undefined,
  };
  const counting: WorkingApp = { ...app, work: () => Promise.resolve({ ...work, relayed }) };
  const started = performance.now();
  const relay = await startRelay(counting);
  await all;
  const seconds = (performance.now() - started) / 1000;
  await relay.stop();
  return seconds;
}

async function latency(app: App): Promise<EventsResult['idle']> {
  const work = await app.work();
  const committed = new Map<string, number>();
  const times: number[] = [];
  let arrived: () => void = () => undefined;
  const subscription = await work.eventLog.subscribe({
    group: 'bench',
    topics: ['order-events'],
    handle: ({ key }) => {
      const at = key === undefined ? undefined : committed.get(key);
      if (at !== undefined) times.push(performance.now() - at);
      if (at !== undefined) arrived();
      return Promise.resolve();
    },
  });
  const relay = await startRelay(app);
  // The first ones come while the group reads what the rounds before have left.
  for (let i = 0; i < LATENCIES + 20; i++) {
    const key = newId();
    const there = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    // The consumer may be quicker than the answer to the commit.
    committed.set(key, performance.now());
    await app.db.transaction((tx) => tx.outbox.append([event(key, 1)]));
    committed.set(key, performance.now());
    await there;
  }
  await relay.stop();
  await subscription.stop();
  const sorted = times.slice(20).sort((a, b) => a - b);
  const at = (share: number): number => Number((sorted[Math.floor(sorted.length * share)] ?? 0).toFixed(1));
  return { p50: at(0.5), p99: at(0.99) };
}

/** kafkajs with the same guarantees, and nothing around it. */
async function bareProducer() {
  const kafka = new Kafka({
    brokers: (process.env.KAFKA_BOOTSTRAP_SERVERS ?? '').split(','),
    logLevel: logLevel.NOTHING,
  });
  const producer = kafka.producer({
    createPartitioner: Partitioners.DefaultPartitioner,
    idempotent: true,
    maxInFlightRequests: 1,
  });
  await producer.connect();
  return {
    /** @returns the seconds it took */
    send: async (messages: readonly EventMessage[], topic: string, batchSize: number): Promise<number> => {
      const started = performance.now();
      for (let i = 0; i < messages.length; i += batchSize) {
        const batch = messages.slice(i, i + batchSize);
        await producer.sendBatch({
          acks: -1,
          compression: CompressionTypes.GZIP,
          topicMessages: [
            {
              topic,
              messages: batch.map(({ key, value, headers }) => ({ key, value, headers: { ...headers } })),
            },
          ],
        });
      }
      return (performance.now() - started) / 1000;
    },
    close: async () => {
      await producer.disconnect();
      const admin = kafka.admin();
      await admin.connect();
      const there = await admin.listTopics();
      await admin.deleteTopics({ topics: there.filter((t) => t.startsWith(`${TOPIC}-`)) });
      await admin.disconnect();
    },
  };
}

export function printEvents(r: EventsResult): string {
  return [
    `outbox on ${r.db} to Kafka, batches of ${r.batchSize}, beside ${r.sentRows} sent rows`,
    `relay         ${r.relay} events/s`,
    `bare kafkajs  ${r.bare} events/s`,
    `ratio ${r.ratio} (goal ${r.goal}; rounds ${r.rounds.join(', ')})`,
    `commit to consumer, idle: p50 ${r.idle.p50} ms, p99 ${r.idle.p99} ms`,
  ].join('\n');
}

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
import { BareKafka } from './bare-kafka.ts';
import { serverEnvironment } from './database.ts';
import { type EventLatency, measureLatency, printLatency } from './event-latency.ts';
import type { Options } from './options.ts';
import { median } from './report.ts';
import { fillSent } from './sent-rows.ts';

const EVENTS = 10_000;
const PER_AGGREGATE = 5;

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
  readonly latency: EventLatency;
}

/** The relay and a bare producer in turns, on the broker that KAFKA_BOOTSTRAP_SERVERS names. */
export async function benchEvents(
  options: Options,
  target: DatabaseOptions,
  folder: string,
): Promise<EventsResult> {
  const env = { ...serverEnvironment(target, folder), ...kafkaSettings() };
  const config = loadConfig({ env: { ...env, LOG_LEVEL: 'error' } });
  const connections = await createDatabase(target);
  await new Migrator(connections.dataSource).migrate();
  await connections.close();
  const app = await createApp(config);
  const bare = await BareKafka.open(env.KAFKA_BOOTSTRAP_SERVERS ?? '');
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
      latency: await measureLatency({ app, bare, env, bareTopic: env.KAFKA_STOCK_TOPIC ?? '', event }),
    };
  } finally {
    await bare.close(`${TOPIC}-`);
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

export function printEvents(r: EventsResult): string {
  return [
    `outbox on ${r.db} to Kafka, batches of ${r.batchSize}, beside ${r.sentRows} sent rows`,
    `relay         ${r.relay} events/s`,
    `bare kafkajs  ${r.bare} events/s`,
    `ratio ${r.ratio} (goal ${r.goal}; rounds ${r.rounds.join(', ')})`,
    ...printLatency(r.latency),
  ].join('\n');
}

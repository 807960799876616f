import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Kafka, logLevel } from 'kafkajs';
import type { EventMessage, ReceivedMessage } from '../../src/domain/eventstream/event-log.ts';
import { newId } from '../../src/domain/shared/ids.ts';
import { KafkaEventLog } from '../../src/infra/events/kafka.event-log.ts';
import { Program } from '../support/process.ts';
import { realServices, type Services } from '../support/services.ts';
import { until } from '../support/until.ts';
import { Workspace } from '../support/workspace.ts';

let services: Services;
let at: Workspace;
let log: KafkaEventLog;

beforeAll(async () => {
  services = realServices();
  const { KAFKA_BOOTSTRAP_SERVERS, KAFKA_CLIENT_ID, KAFKA_ORDERS_TOPIC, KAFKA_STOCK_TOPIC } = services.env;
  at = new Workspace({
    ...{ KAFKA_BOOTSTRAP_SERVERS, KAFKA_CLIENT_ID, KAFKA_ORDERS_TOPIC, KAFKA_STOCK_TOPIC },
    DATABASE_URL: '',
  });
  await at.run(['migrate', '--json']);
  const { kafka } = at.config;
  if (kafka === undefined) throw new Error('the test needs Kafka');
  const quiet = {
    debug: () => undefined,
    info: () => undefined,
    warn: () => undefined,
    error: () => undefined,
  };
  log = new KafkaEventLog({ ...kafka, sendTimeoutSeconds: 10 }, quiet);
  await log.ensureTopics();
}, 120_000);
afterAll(async () => {
  await log.close();
  await at.remove();
  await services.drop();
}, 60_000);

const message = (key: string, sequence: number): EventMessage => {
  const id = newId();
  const headers = { id, type: 'test', sequence: String(sequence) };
  return { id, topic: 'order-events', key, headers, value: JSON.stringify({ sequence }) };
};

const browsers = async (): Promise<string[]> => {
  const brokers = (services.env.KAFKA_BOOTSTRAP_SERVERS ?? '').split(',');
  const admin = new Kafka({ brokers, logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  const { groups } = await admin.listGroups();
  await admin.disconnect();
  const own = `${services.env.KAFKA_CLIENT_ID ?? ''}.browse`;
  return groups.map(({ groupId }) => groupId).filter((id) => id.startsWith(own));
};

it('events tail follows what is published to Kafka from then on, and leaves no group behind', async () => {
  await log.publish([message('earlier', 1)]);
  const tail = new Program(['events', 'tail', '--json'], { cwd: at.cwd, env: at.env });
  const lines = () =>
    tail.stdout
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as { key: string; headers: { sequence: string }; event: unknown });
  // It follows as soon as it shows anything: what was published to the partition before that may have been missed.
  await until(async () => {
    await log.publish([message('live', 0)]);
    return lines().length > 0;
  }, 'a first line');
  expect(await browsers()).toHaveLength(1);
  await log.publish([1, 2, 3].map((n) => message('live', n)));
  await log.publish([message('live', 4)]);
  const live = () => lines().filter(({ key, headers }) => key === 'live' && headers.sequence !== '0');
  await until(() => live().length >= 4, 'four lines', 60_000);
  expect(live().map(({ headers, event }) => [headers.sequence, event])).toEqual(
    [1, 2, 3, 4].map((sequence) => [String(sequence), { sequence }]),
  );
  expect(lines().filter(({ key }) => key === 'earlier')).toEqual([]);
  tail.kill('SIGINT');
  expect((await tail.ended).code).toBe(0);
  expect(await browsers()).toEqual([]);
}, 120_000);

it('reads each message once, though its group is divided anew in the midst of it', async () => {
  const seen: ReceivedMessage[] = [];
  const end = new AbortController();
  const browsing = log.browse({
    topics: ['order-events'],
    follow: true,
    signal: end.signal,
    handle: (m) => void seen.push(m),
  });
  const [groupId = ''] = await until(
    async () => (await browsers()).length > 0 && (await browsers()),
    'a group',
  );
  const keys = Array.from({ length: 20 }, (_, i) => `key-${i}`);
  const sent = [1, 2, 3].map((n) => keys.map((key) => message(key, n)));
  await log.publish(sent[0] ?? []);
  await until(() => seen.length === keys.length, 'the first of each key', 40_000);
  const brokers = (services.env.KAFKA_BOOTSTRAP_SERVERS ?? '').split(',');
  const second = new Kafka({ brokers, logLevel: logLevel.NOTHING }).consumer({ groupId });
  const joined = new Promise((resolve) => second.on(second.events.GROUP_JOIN, resolve));
  await second.connect();
  await second.subscribe({ topics: [services.env.KAFKA_ORDERS_TOPIC ?? ''] });
  await second.run({ autoCommit: false, eachMessage: () => Promise.resolve() });
  await joined;
  await log.publish(sent[1] ?? []);
  await second.disconnect();
  await log.publish(sent[2] ?? []);
  await until(() => seen.some((m) => m.headers.sequence === '3'), 'the last', 40_000);
  await until(() => seen.length >= 3 * keys.length, 'all that was published', 40_000);
  end.abort();
  await browsing;
  for (const key of keys)
    expect([key, seen.filter((m) => m.key === key).map((m) => m.headers.sequence)]).toEqual([
      key,
      ['1', '2', '3'],
    ]);
}, 120_000);

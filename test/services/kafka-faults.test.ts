import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import kafkajs, { type Admin, Kafka, logLevel } from 'kafkajs';
import { z } from 'zod';
import { examine } from '../../src/app/doctor/doctor.ts';
import type { EventMessage, ReceivedMessage } from '../../src/domain/eventstream/event-log.ts';
import { newId } from '../../src/domain/shared/ids.ts';
import { KafkaEventLog } from '../../src/infra/events/kafka.event-log.ts';
import type { KafkaSettings } from '../../src/infra/events/kafka-settings.ts';
import { kafkaSettings } from '../support/kafka-settings.ts';
import { realServices, type Services } from '../support/services.ts';
import { SwallowingLink } from '../support/swallowing-link.ts';
import { until } from '../support/until.ts';
import { Workspace } from '../support/workspace.ts';

const quiet = () => undefined;
const silent = { debug: quiet, info: quiet, warn: quiet, error: quiet };
/** Each lane's keys spread over all partitions. */
const LANES = [Array.from({ length: 12 }, (_, i) => `a${i}`), Array.from({ length: 12 }, (_, i) => `b${i}`)];
const BATCHES = 20;

describe('Kafka, when answers get lost', () => {
  let services: Services;
  let link: SwallowingLink;
  let settings: KafkaSettings;

  beforeAll(async () => {
    services = realServices();
    const { env } = services;
    const [host = '', port = ''] = (env.KAFKA_BOOTSTRAP_SERVERS ?? '').split(':');
    link = new SwallowingLink({ host, port: Number(port) });
    settings = kafkaSettings(services, { brokers: [`127.0.0.1:${await link.open()}`], retries: 0 });
  });
  afterAll(async () => {
    await link.close();
    await services.drop();
  }, 30_000);

  it('loses nothing, and keeps the order of first occurrences, though the producer is idempotent', async () => {
    const log = new KafkaEventLog(settings, silent);
    const lanes = LANES.map((keys) =>
      Array.from({ length: BATCHES }, (_, i) =>
        keys.flatMap((key) => [message(key, 2 * i + 1), message(key, 2 * i + 2)]),
      ),
    );
    let failures = 0;
    // What was not answered is sent again, after another batch: as a relay does that has others to claim.
    for (let turn = 0; lanes.some((lane) => lane.length > 0); turn++) {
      const lane = lanes[turn % lanes.length];
      const batch = lane?.[0];
      if (batch === undefined) continue;
      if (turn % 3 === 2) link.left = 2;
      try {
        await log.publish(batch);
        lane?.shift();
      } catch (error) {
        if (++failures > 3 * BATCHES) throw error;
      }
    }
    expect(link.swallowed).toBeGreaterThanOrEqual(6);
    expect(failures).toBeGreaterThanOrEqual(6);
    const keys = LANES.flat();
    const firsts = await firstOccurrences(log, keys.length * 2 * BATCHES);
    for (const key of keys) {
      const sequences = firsts.filter((m) => m.key === key).map((m) => Number(m.headers.sequence));
      expect(sequences).toEqual(Array.from({ length: 2 * BATCHES }, (_, i) => i + 1));
    }
    await log.close();
  }, 180_000);

  async function firstOccurrences(log: KafkaEventLog, count: number): Promise<ReceivedMessage[]> {
    const firsts = new Map<string, ReceivedMessage>();
    const subscription = await log.subscribe({
      group: 'all',
      topics: ['order-events'],
      handle: (m) => {
        const id = m.headers.id ?? '';
        if (!firsts.has(id)) firsts.set(id, m);
        return Promise.resolve();
      },
    });
    await until(() => firsts.size === count, 'every message', 30_000);
    await subscription.stop();
    return [...firsts.values()];
  }
});

function message(key: string, sequence: number): EventMessage {
  const id = newId();
  return { id, topic: 'order-events', key, headers: { id, sequence: String(sequence) }, value: '{}' };
}

const Answer = z.looseObject({
  topics: z.array(z.looseObject({ problems: z.array(z.string()) })).optional(),
});

describe('topics ensure', () => {
  let services: Services;
  let at: Workspace;
  beforeAll(async () => {
    services = realServices();
    at = new Workspace(services.env);
    await at.run(['migrate', '--json']);
  }, 120_000);
  afterAll(async () => {
    await at.remove();
    await services.drop();
  }, 60_000);
  const ensure = async (flags: readonly string[], env: NodeJS.ProcessEnv = {}) => {
    const { code, stdout } = await at.run(['topics', 'ensure', '--json', ...flags], { env });
    return { code, ...Answer.parse(JSON.parse(stdout)) };
  };

  const withAdmin = async (work: (admin: Admin) => Promise<unknown>): Promise<void> => {
    const brokers = (services.env.KAFKA_BOOTSTRAP_SERVERS ?? '').split(',');
    const admin = new Kafka({ brokers, logLevel: logLevel.NOTHING }).admin();
    await admin.connect();
    await work(admin);
    await admin.disconnect();
  };

  it('makes what is missing, leaves what is there, and says what should be otherwise', async () => {
    expect(await ensure(['--partitions', '2', '--retention-days', '3'])).toMatchObject({
      code: 0,
      topics: [1, 2].map(() => ({ created: true, partitions: 2, retentionDays: 3, problems: [] })),
    });
    const wanting = await ensure(['--partitions', '4', '--retention-days', '7']);
    expect(wanting).toMatchObject({
      code: 1,
      topics: [1, 2].map(() => ({ created: false, partitions: 2 })),
    });
    for (const { problems } of wanting.topics ?? []) {
      expect(problems).toEqual([expect.stringContaining('partitions'), expect.stringContaining('days')]);
    }
  }, 60_000);

  it('makes topics with as many copies as asked for, and says where they are fewer', async () => {
    const own = `test-${newId().slice(-12)}-copies`;
    const env = { KAFKA_ORDERS_TOPIC: own, KAFKA_STOCK_TOPIC: `${own}-2` };
    expect(await ensure(['--replicas', '1', '--min-insync', '1'], env)).toMatchObject({
      code: 0,
      topics: [1, 2].map(() => ({ created: true, replicas: 1, minInSyncReplicas: 1, problems: [] })),
    });
    const { code, topics = [] } = await ensure(['--replicas', '3', '--min-insync', '2'], env);
    await withAdmin((admin) => admin.deleteTopics({ topics: Object.values(env) }));
    expect(code).toBe(1);
    for (const { problems } of topics)
      expect(problems).toEqual([
        'it has 1 replicas, not 3: reassign its partitions',
        'min.insync.replicas is 1, not 2: set it on the topic',
      ]);
    expect(topics).toHaveLength(2);
  }, 60_000);

  it('says which setting to look at when no broker answers', async () => {
    const nowhere = { KAFKA_BOOTSTRAP_SERVERS: '127.0.0.1:1', KAFKA_PRODUCER_RETRIES: '0' };
    expect(await ensure([], nowhere)).toMatchObject({
      code: 3,
      error: { code: 'unavailable', message: expect.stringContaining('KAFKA_BOOTSTRAP_SERVERS') },
    });
  }, 60_000);

  it('finds a topic to which nothing can be written, as the doctor does', async () => {
    await ensure(['--partitions', '2']);
    const name = services.env.KAFKA_STOCK_TOPIC ?? '';
    const configEntries = [
      { name: 'min.insync.replicas', value: '2' },
      { name: 'retention.ms', value: '-1' },
    ];
    const { ConfigResourceTypes } = kafkajs;
    await withAdmin((admin) =>
      admin.alterConfigs({
        validateOnly: false,
        resources: [{ type: ConfigResourceTypes.TOPIC, name, configEntries }],
      }),
    );
    const { code, topics = [] } = await ensure(['--partitions', '2']);
    expect(code).toBe(1);
    expect(topics.map(({ problems }) => problems)).toEqual([
      [],
      [expect.stringContaining('min.insync.replicas is 2 of 1 replicas: nothing can be written')],
    ]);
    const { checks } = await examine(() => at.config);
    expect(checks.filter(({ name: n }) => n.startsWith('kafka'))).toMatchObject([
      { name: 'kafka', status: 'ok' },
      { name: 'kafka retention', status: 'warn' },
      {
        name: 'kafka topic',
        status: 'fail',
        detail: expect.stringContaining(`${name}: min.insync.replicas`),
      },
    ]);
  }, 60_000);
});

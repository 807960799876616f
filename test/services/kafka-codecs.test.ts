import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import kafkajs, { type Admin, Kafka, logLevel, type Producer } from 'kafkajs';
import type { ReceivedMessage } from '../../src/domain/eventstream/event-log.ts';
import type { Log } from '../../src/domain/shared/log.ts';
import { KafkaEventLog } from '../../src/infra/events/kafka.event-log.ts';
import { registerCodecs, UnreadableBatch } from '../../src/infra/events/kafka-codecs.ts';
import { kafkaSettings } from '../support/kafka-settings.ts';
import { realServices, type Services } from '../support/services.ts';
import { until } from '../support/until.ts';

const { CompressionCodecs, CompressionTypes, ConfigResourceTypes } = kafkajs;

/** Small, larger than one block of any codec, and one that no codec makes smaller. */
const VALUES = ['{}', JSON.stringify('abcdefgh'.repeat(60_000)), randomBytes(150_000).toString('base64')];

describe('Kafka with batches that other programs have compressed', () => {
  let services: Services;
  let admin: Admin;
  let producer: Producer;
  let topic: string;
  let log: KafkaEventLog;
  const errors: object[] = [];
  const quiet = () => undefined;
  const said: Log = { debug: quiet, info: quiet, warn: quiet, error: (facts) => void errors.push(facts) };

  beforeAll(async () => {
    services = realServices();
    const { env } = services;
    topic = env.KAFKA_ORDERS_TOPIC ?? '';
    const brokers = (env.KAFKA_BOOTSTRAP_SERVERS ?? '').split(',');
    const kafka = new Kafka({ brokers, logLevel: logLevel.NOTHING });
    admin = kafka.admin();
    producer = kafka.producer();
    await Promise.all([admin.connect(), producer.connect()]);
    log = new KafkaEventLog(kafkaSettings(services, { retries: 2, compression: 'none' }), said);
    await log.ensureTopics();
  }, 60_000);
  afterEach(registerCodecs);
  afterAll(async () => {
    await Promise.all([log.close(), admin.disconnect(), producer.disconnect()]);
    await services.drop();
  }, 60_000);

  /** The broker compresses with the library of Java's producers, whatever it is sent. */
  const send = async (codec: string, values: readonly string[]) => {
    const configEntries = [{ name: 'compression.type', value: codec }];
    await admin.alterConfigs({
      validateOnly: false,
      resources: [{ type: ConfigResourceTypes.TOPIC, name: topic, configEntries }],
    });
    const messages = values.map((value) => ({ partition: 0, key: codec, value }));
    await producer.send({ topic, messages });
  };
  const read = async (group: string) => {
    const seen: ReceivedMessage[] = [];
    const subscription = await log.subscribe({
      group,
      topics: ['order-events'],
      handle: (m) => Promise.resolve(void seen.push(m)),
    });
    return { seen, stop: () => subscription.stop() };
  };

  it('reads each, and goes on behind them', async () => {
    const codecs = ['snappy', 'lz4', 'zstd', 'gzip', 'uncompressed'];
    for (const codec of codecs) await send(codec, VALUES);
    const { seen, stop } = await read('every-codec');
    const expected = codecs.flatMap((codec) => VALUES.map((value) => [codec, value]));
    await until(() => seen.length >= expected.length, 'every message', 40_000);
    await stop();
    expect(seen.map(({ key, value }) => [key, value])).toEqual(expected);
    expect(
      (await log.lag([{ group: 'every-codec', topics: ['order-events'] }])).map(({ lag }) => lag),
    ).toEqual([0, 0, 0]);
    expect(errors).toEqual([]);
  }, 90_000);

  it('says which group stands where, when one cannot be unpacked, and goes on when it can', async () => {
    const { seen, stop } = await read('damaged');
    await until(() => seen.length > 0, 'what is there', 40_000);
    const before = (await admin.fetchTopicOffsets(topic)).find(({ partition }) => partition === 0)?.high;
    CompressionCodecs[CompressionTypes.ZSTD] = () => ({
      decompress: () => Promise.reject(new UnreadableBatch('zstd', new Error('a bit has fallen over'))),
    });
    await until(() => seen.length === 5 * VALUES.length, 'every message');
    await send('zstd', ['behind']);
    await until(() => errors.length > 1, 'a second complaint', 40_000);
    expect(errors[0]).toMatchObject({ group: 'damaged', codec: 'zstd', behind: [`${topic}/0 at ${before}`] });
    registerCodecs();
    await until(() => seen.some(({ value }) => value === 'behind'), 'the message', 40_000);
    await stop();
  }, 120_000);
});

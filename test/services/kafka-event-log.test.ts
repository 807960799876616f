import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Kafka, logLevel } from 'kafkajs';
import type { EventMessage, ReceivedMessage } from '../../src/domain/eventstream/event-log.ts';
import { memoryOf } from '../../src/domain/eventstream/remembering.ts';
import { newId } from '../../src/domain/shared/ids.ts';
import type { Log } from '../../src/domain/shared/log.ts';
import { KafkaEventLog } from '../../src/infra/events/kafka.event-log.ts';
import type { KafkaSettings } from '../../src/infra/events/kafka-settings.ts';
import { kafkaSettings } from '../support/kafka-settings.ts';
import { realServices, type Services } from '../support/services.ts';
import { SwallowingLink } from '../support/swallowing-link.ts';
import { until } from '../support/until.ts';

const silent: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

describe('the event log in Kafka', () => {
  let services: Services;
  let settings: KafkaSettings;
  let open: KafkaEventLog[] = [];
  const log = (changes: Partial<KafkaSettings> = {}): KafkaEventLog => {
    const made = new KafkaEventLog({ ...settings, ...changes }, silent);
    open.push(made);
    return made;
  };
  const message = (key: string, sequence: number, value = '{}'): EventMessage => ({
    id: newId(),
    topic: 'order-events',
    key,
    headers: { id: newId(), sequence: String(sequence) },
    value,
  });
  const collect = async (group: string, from = log()) => {
    const seen: ReceivedMessage[] = [];
    const subscription = await from.subscribe({
      group,
      topics: ['order-events'],
      handle: (m) => Promise.resolve(void seen.push(m)),
    });
    return { seen, stop: () => subscription.stop() };
  };

  beforeAll(() => {
    services = realServices();
    settings = kafkaSettings(services, { retries: 2 });
  });
  beforeEach(() => {
    open = [];
  });
  const monthly = `test-${newId().slice(-12)}-monthly`;
  afterAll(async () => {
    const admin = new Kafka({ brokers: [...settings.brokers], logLevel: logLevel.NOTHING }).admin();
    await admin.connect();
    await admin.deleteTopics({ topics: [monthly] });
    await admin.disconnect();
    await services.drop();
  }, 30_000);

  it('creates its topics, keeps the order of each key, and goes on where a group has stopped', async () => {
    const writer = log();
    const batch = ['a', 'b', 'c', 'd'].flatMap((key) => [1, 2, 3].map((n) => message(key, n)));
    expect((await writer.publish(batch)).size).toBe(0);
    const first = await collect('g');
    await until(() => first.seen.length === 12, 'twelve messages', 40_000);
    await first.stop();
    for (const key of ['a', 'b', 'c', 'd']) {
      const ofKey = first.seen.filter((m) => m.key === key);
      expect(ofKey.map((m) => m.headers.sequence)).toEqual(['1', '2', '3']);
      expect(new Set(ofKey.map((m) => m.partition)).size).toBe(1);
    }
    await writer.publish([message('a', 4)]);
    const second = await collect('g');
    await until(() => second.seen.length > 0, 'the new message', 40_000);
    await second.stop();
    expect(second.seen.map((m) => m.headers.sequence)).toEqual(['4']);
    await Promise.all(open.map((l) => l.close()));
  }, 90_000);

  it('names the message that the broker refuses, and stores the others of its batch', async () => {
    const writer = log({ compression: 'none' });
    const large = message('a', 1, JSON.stringify('x'.repeat(3_000_000)));
    const batch = [message('b', 1), large, message('c', 1)];
    const refusals = await writer.publish(batch);
    expect([...refusals.keys()]).toEqual([large.id]);
    expect(refusals.get(large.id)).toContain('MESSAGE_TOO_LARGE');
    expect((await writer.publish([message('a', 2)])).size).toBe(0);
    await writer.close();
  }, 60_000);

  it('is unavailable, soon, when no broker answers', async () => {
    const nowhere = log({ brokers: ['127.0.0.1:1'], retries: 1 });
    await expect(nowhere.publish([message('a', 1)])).rejects.toMatchObject({ kind: 'unavailable' });
    await expect(nowhere.ping()).rejects.toMatchObject({ kind: 'unavailable' });
    await nowhere.close();
  });

  it('hands the partitions of a member that leaves to another, without waiting for an idle fetch', async () => {
    const writer = log();
    const first = await collect('takeover', log());
    const second = await collect('takeover', log());
    const keys = Array.from({ length: 12 }, (_, i) => `takeover-${i}`);
    const publish = (round: number, of = keys) => writer.publish(of.map((key) => message(key, round)));
    const had = ({ seen }: typeof first, round: number) =>
      keys.filter((key) => seen.some((m) => m.key === key && m.headers.sequence === String(round)));
    let round = 0;
    await until(
      async () => {
        await publish(++round);
        const has = (member: typeof first) => had(member, round - 1).length > 0;
        return has(first) && has(second);
      },
      'a share each',
      60_000,
    );
    await until(() => had(first, round).length + had(second, round).length >= keys.length, 'the last round');
    const moving = had(first, round);
    expect(moving.length).toBeGreaterThan(0);
    // Both have just begun to wait for news, which by default takes five seconds.
    const begun = Date.now();
    await first.stop();
    await publish(++round, moving);
    await until(() => had(second, round).length === moving.length, 'what the first would have had');
    expect(Date.now() - begun).toBeLessThan(4500);
    await second.stop();
    await Promise.all(open.map((l) => l.close()));
  }, 120_000);

  it('fetches a megabyte at most before it has handled that', async () => {
    const [host = '', port = ''] = (settings.brokers[0] ?? '').split(':');
    const link = new SwallowingLink({ host, port: Number(port) });
    const reader = log({ brokers: [`127.0.0.1:${await link.open()}`] });
    const writer = log({ compression: 'none' });
    const keys = Array.from({ length: 12 }, (_, i) => `large-${i}`);
    // Two megabytes and more for each partition; a batch is larger than the broker takes.
    for (const key of keys)
      for (let n = 1; n <= 3; n++)
        await writer.publish([message(key, n, JSON.stringify(randomBytes(200_000).toString('base64')))]);
    let handled = 0;
    let fetched = 0;
    let release = (): void => undefined;
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    const subscription = await reader.subscribe({
      group: 'backpressure',
      topics: ['order-events'],
      handle: async ({ key }) => {
        if (!key?.startsWith('large')) return;
        fetched ||= link.received;
        await released;
        handled++;
      },
    });
    const before = link.received;
    await until(() => fetched > 0, 'a first large message', 40_000);
    expect(fetched - before).toBeLessThan(2_000_000);
    release();
    await until(() => handled === 3 * keys.length, 'all of them', 40_000);
    await subscription.stop();
    await Promise.all(open.map((l) => l.close()));
    await link.close();
  }, 120_000);

  it('sets no timer in the past, of which Node would warn', async () => {
    const timers = jest.spyOn(globalThis, 'setTimeout');
    try {
      const { seen, stop } = await collect('timers');
      await log().publish([message('timers', 1)]);
      await until(() => seen.some(({ key }) => key === 'timers'), 'the message', 40_000);
      await stop();
      const delays = timers.mock.calls.map(([, delay]) => delay ?? 0);
      expect(delays.length).toBeGreaterThan(0);
      expect(delays.filter((delay) => delay < 0)).toEqual([]);
    } finally {
      timers.mockRestore();
    }
    await Promise.all(open.map((l) => l.close()));
  }, 60_000);

  it('delivers a message again whose handler failed', async () => {
    const both = log();
    await both.publish([message('a', 1)]);
    let tries = 0;
    const subscription = await both.subscribe({
      group: 'failing',
      topics: ['order-events'],
      handle: () => (++tries === 1 ? Promise.reject(new Error('not yet')) : Promise.resolve()),
    });
    await until(() => tries > 1, 'a second try', 40_000);
    await subscription.stop();
    await both.close();
  }, 60_000);

  it('says for how long its topics make consumers remember', async () => {
    const remembered = async (changes: Partial<KafkaSettings>, retentionDays?: number) => {
      const own = log(changes);
      await own.ensureTopics({ partitions: 1, retentionDays });
      const days = await memoryOf(own);
      await own.close();
      return days;
    };
    // A week is what brokers keep when nothing else is said.
    expect(await remembered({})).toBe(15);
    expect(await remembered({ stockTopic: settings.ordersTopic, ordersTopic: monthly }, 30)).toBe(38);
  }, 60_000);

  it('says of each partition whether it has lost old messages, also where it is empty now', async () => {
    const own = log();
    await own.publish([message('a', 1)]);
    const { seen, stop } = await collect('trimming', own);
    await until(() => seen.length > 0, 'a message', 40_000);
    await stop();
    const partition = seen[0]?.partition ?? 0;
    const admin = new Kafka({ brokers: [...settings.brokers], logLevel: logLevel.NOTHING }).admin();
    await admin.connect();
    // kafkajs deletes only in topics that it has looked at.
    await admin.fetchTopicOffsets(settings.ordersTopic);
    await admin.deleteTopicRecords({
      topic: settings.ordersTopic,
      partitions: [{ partition, offset: '-1' }],
    });
    await admin.disconnect();
    const trimmed = (await own.beginnings(['order-events', 'stock-events'])).filter((b) => b.trimmed);
    expect(trimmed).toEqual([{ topic: 'order-events', partition, trimmed: true }]);
    await own.close();
  }, 60_000);
});

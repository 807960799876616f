import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Admin, Kafka, logLevel } from 'kafkajs';
import type { EventMessage } from '../../src/domain/eventstream/event-log.ts';
import { newId } from '../../src/domain/shared/ids.ts';
import { KafkaEventLog } from '../../src/infra/events/kafka.event-log.ts';
import { KafkaPair } from '../support/kafka-pair.ts';
import { until } from '../support/until.ts';

const quiet = () => undefined;
const silent = { debug: quiet, info: quiet, warn: quiet, error: quiet };
const TOPIC = 'pair-orders';
const KEYS = Array.from({ length: 40 }, (_, i) => `order-${i}`);

describe('Kafka with two brokers', () => {
  const pair = new KafkaPair();
  let log: KafkaEventLog;
  let admin: Admin;

  beforeAll(async () => {
    await pair.start();
    log = new KafkaEventLog(
      {
        brokers: pair.brokers,
        clientId: 'pair',
        ordersTopic: TOPIC,
        stockTopic: 'pair-stock',
        idempotence: true,
        acks: -1,
        retries: 20,
        compression: 'gzip',
        ssl: false,
        sendTimeoutSeconds: 30,
      },
      silent,
    );
    const plan = { partitions: 6, replicas: 2, minInSyncReplicas: 1 };
    await until(async () => (await log.ensureTopics(plan)).every((t) => t.replicas === 2), 'two replicas');
    const kafka = new Kafka({ brokers: [pair.brokers[0]], requestTimeout: 1000, logLevel: logLevel.NOTHING });
    admin = kafka.admin({ retry: { retries: 0 } });
    await admin.connect();
  }, 120_000);
  afterAll(async () => {
    await Promise.all([admin.disconnect(), log.close()]).finally(() => pair.stop());
  }, 60_000);

  const leaders = async (): Promise<Map<number, number>> => {
    const { topics } = await admin.fetchTopicMetadata({ topics: [TOPIC] });
    return new Map((topics[0]?.partitions ?? []).map((p) => [p.partitionId, p.leader]));
  };

  it('calls nothing published that a broker did not store which died with its part of a batch', async () => {
    await until(async () => new Set((await leaders()).values()).size === 2, 'partitions on both brokers');
    await log.publish(batch());
    const before = await ends();
    const kept = [...(await leaders())].flatMap(([partition, leader]) => (leader === 1 ? [partition] : []));
    pair.freezeSecond();
    const messages = batch();
    const published = log.publish(messages).then(
      () => true,
      () => false,
    );
    // The first broker stores its part, and takes over the partitions of the second, whose answer is open.
    const asked = (ask: () => Promise<boolean>) => until(() => ask().catch(() => false), 'the first broker');
    await asked(async () => [...(await leaders()).values()].every((leader) => leader === 1));
    await asked(async () => {
      const now = await ends();
      return kept.some((partition) => (now.get(partition) ?? 0) > (before.get(partition) ?? 0));
    });
    pair.killSecond();
    // As the outbox does, until it is told that all is stored.
    if (!(await published)) await asked(() => log.publish(messages).then(() => true));
    const there = new Set((await stored()).map((m) => m.id));
    expect(messages.filter((m) => !there.has(m.id))).toEqual([]);
  }, 180_000);

  const ends = async (): Promise<Map<number, number>> =>
    new Map((await admin.fetchTopicOffsets(TOPIC)).map((p) => [p.partition, Number(p.high)]));

  async function stored(): Promise<{ id: string }[]> {
    const found: { id: string }[] = [];
    await log.browse({
      topics: ['order-events'],
      follow: false,
      signal: new AbortController().signal,
      handle: (m) => {
        found.push({ id: m.headers.id ?? '' });
      },
    });
    return found;
  }
});

const batch = (): EventMessage[] =>
  KEYS.map((key) => {
    const id = newId();
    return { id, topic: 'order-events', key, headers: { id }, value: '{}' };
  });

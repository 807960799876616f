import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Kafka, logLevel } from 'kafkajs';
import type { EventMessage } from '../../src/domain/eventstream/event-log.ts';
import { newId } from '../../src/domain/shared/ids.ts';
import type { Log } from '../../src/domain/shared/log.ts';
import { KafkaEventLog } from '../../src/infra/events/kafka.event-log.ts';
import type { KafkaSettings } from '../../src/infra/events/kafka-settings.ts';
import { kafkaSettings } from '../support/kafka-settings.ts';
import { realServices, type Services } from '../support/services.ts';
import { SwallowingLink } from '../support/swallowing-link.ts';
import { until } from '../support/until.ts';

const message = (): EventMessage => {
  const id = newId();
  return { id, topic: 'order-events', key: id, headers: { id }, value: '{}' };
};

describe('Kafka, when it goes away and comes back', () => {
  let services: Services;
  let link: SwallowingLink;
  let settings: KafkaSettings;
  let said: { level: keyof Log; text: string; group?: string }[] = [];
  const say = (level: keyof Log) => (facts: object, text: string) => {
    said.push({ level, text, ...('group' in facts ? { group: String(facts.group) } : {}) });
  };
  const log: Log = { debug: say('debug'), info: say('info'), warn: say('warn'), error: say('error') };

  beforeAll(async () => {
    services = realServices();
    const { env } = services;
    const [host = '', port = ''] = (env.KAFKA_BOOTSTRAP_SERVERS ?? '').split(':');
    link = new SwallowingLink({ host, port: Number(port) });
    settings = kafkaSettings(services, {
      brokers: [`127.0.0.1:${await link.open()}`],
      retries: 1,
      sendTimeoutSeconds: 2,
    });
  });
  afterEach(() => {
    link.thaw();
  });
  afterAll(async () => {
    await link.close();
    await services.drop();
  }, 60_000);

  it('makes its topics again, when they are deleted under a running relay', async () => {
    const events = new KafkaEventLog({ ...settings, sendTimeoutSeconds: 10 }, log);
    await events.publish([message()]);
    const brokers = (services.env.KAFKA_BOOTSTRAP_SERVERS ?? '').split(',');
    const admin = new Kafka({ brokers, logLevel: logLevel.NOTHING }).admin();
    await admin.connect();
    await admin.deleteTopics({ topics: [settings.ordersTopic] });
    await until(
      async () => !(await admin.listTopics()).includes(settings.ordersTopic),
      'the end of the topic',
    );
    await until(
      () =>
        events.publish([message()]).then(
          () => true,
          () => false,
        ),
      'a message that is taken',
      40_000,
    );
    expect(await admin.listTopics()).toContain(settings.ordersTopic);
    await admin.disconnect();
    await events.close();
  }, 90_000);

  it('gives up in time on a broker that freezes, and leaves no connection open when it answers again', async () => {
    const events = new KafkaEventLog({ ...settings, retries: 5 }, log);
    await events.publish([message()]);
    link.freeze();
    const refusedInTime = async () => {
      const begun = Date.now();
      await expect(events.publish([message()])).rejects.toMatchObject({ kind: 'unavailable' });
      // The time of a send, and a second for the end of its producer.
      expect(Date.now() - begun).toBeLessThan(4500);
    };
    // At first while it sends, then while it connects.
    await refusedInTime();
    await refusedInTime();
    await events.close();
    link.thaw();
    await until(() => link.connections === 0, 'the end of every connection', 40_000);
    // What goes on with a send that was given up connects again; it is watched until its last retry is over.
    await until(() => link.quietFor(5000), 'no connection for five seconds', 40_000);
  }, 120_000);

  it('is reported once per reason, not by every group and every try, and when it is over', async () => {
    const events = new KafkaEventLog(settings, log);
    await events.publish([message()]);
    const groups = ['first', 'second', 'third'];
    const seen = new Map<string, number>();
    for (const group of groups)
      await events.subscribe({
        group,
        topics: ['order-events'],
        handle: () => Promise.resolve(void seen.set(group, (seen.get(group) ?? 0) + 1)),
      });
    await until(() => seen.size === groups.length, 'every group', 40_000);
    said = [];
    await link.close();
    const about = (level: keyof Log) =>
      said.filter((line) => line.level === level && line.group !== undefined);
    await until(
      () => groups.every((g) => about('debug').filter((l) => l.group === g).length > 2),
      'tries',
      60_000,
    );
    const reasons = new Set(about('warn').map(({ text }) => text));
    expect(about('warn').length).toBe(reasons.size);
    expect(reasons.size).toBeGreaterThan(0);
    expect(about('info')).toEqual([]);
    await link.open();
    await until(() => about('info').length === groups.length, 'every group that is back', 60_000);
    expect(new Set(about('info').map(({ group }) => group))).toEqual(new Set(groups));
    await events.close();
  }, 180_000);
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import kafkajs, { Kafka, logLevel } from 'kafkajs';
import { z } from 'zod';
import { examine } from '../../src/app/doctor/doctor.ts';
import { createApp } from '../../src/app.ts';
import { loadConfig } from '../../src/config.ts';
import { memoryOf } from '../../src/domain/eventstream/remembering.ts';
import { newId } from '../../src/domain/shared/ids.ts';
import { append, orderEvent } from '../support/events.ts';
import { GuardedKafka } from '../support/guarded-kafka.ts';
import { Program } from '../support/process.ts';
import { setupApp, type TestApp } from '../support/setup-app.ts';
import { until } from '../support/until.ts';
import { Workspace } from '../support/workspace.ts';

const Doctor = z.looseObject({ checks: z.array(z.looseObject({ name: z.string(), status: z.string() })) });

describe('a Kafka that wants a sign-in', () => {
  let kafka: GuardedKafka;
  let right: NodeJS.ProcessEnv;
  beforeAll(async () => {
    kafka = await GuardedKafka.open();
    right = {
      KAFKA_BOOTSTRAP_SERVERS: kafka.plain,
      KAFKA_SASL_MECHANISM: 'SCRAM-SHA-512',
      KAFKA_SASL_USERNAME: GuardedKafka.user,
      KAFKA_SASL_PASSWORD: GuardedKafka.password,
      KAFKA_PRODUCER_RETRIES: '1',
    };
  }, 240_000);
  afterAll(() => kafka.close(), 60_000);

  it.each(['PLAIN', 'SCRAM-SHA-512'])(
    'is written to and read from with %s',
    async (mechanism) => {
      const t: TestApp = await setupApp({
        env: { LOG_LEVEL: 'silent', ...right, KAFKA_SASL_MECHANISM: mechanism },
      });
      const { eventLog, dispatchOutbox } = await t.app.work();
      const id = newId();
      await append(t, orderEvent(id, 1, new Date()));
      expect(await dispatchOutbox.drain({})).toMatchObject({ sent: 1 });
      const seen: (string | undefined)[] = [];
      const subscription = await eventLog.subscribe({
        group: mechanism.toLowerCase(),
        topics: ['order-events'],
        handle: ({ key }) => Promise.resolve(void seen.push(key)),
      });
      await until(() => seen.includes(id), 'the event', 60_000);
      await subscription.stop();
      await t.close();
    },
    120_000,
  );

  it('is spoken to over TLS by who knows its CA', async () => {
    const at = new Workspace({
      ...right,
      DATABASE_URL: '',
      KAFKA_BOOTSTRAP_SERVERS: kafka.secure,
      KAFKA_SSL: 'true',
      NODE_EXTRA_CA_CERTS: kafka.caFile,
      LOG_FORMAT: 'json',
    });
    await at.run(['migrate', '--json']);
    const [ensured, examined] = [
      await at.run(['topics', 'ensure', '--json']),
      await at.run(['doctor', '--json']),
    ];
    expect(ensured.code).toBe(0);
    expect(Doctor.parse(JSON.parse(examined.stdout)).checks).toContainEqual(
      expect.objectContaining({ name: 'kafka', status: 'ok' }),
    );
    const app = await createApp(at.config);
    const id = newId();
    await append({ app }, orderEvent(id, 1, new Date()));
    await app.close();
    const relayed = await at.run(['outbox-dispatch', '--once', '--json']);
    expect(JSON.parse(relayed.stdout)).toMatchObject({ sent: 1, refused: 0 });
    const { code, stdout } = await at.run(['events', 'tail', '--all', '--no-follow', '--json']);
    expect([code, stdout.trim().split('\n').length]).toEqual([0, 3]);
    expect(stdout).toContain(id);
    await at.remove();
  }, 240_000);

  it('is enough to write and read where a user may do no more, and what it cannot see is said', async () => {
    const admin = new Kafka({ brokers: [kafka.open], logLevel: logLevel.NOTHING }).admin();
    await admin.connect();
    const topics = { KAFKA_ORDERS_TOPIC: 'limited-orders', KAFKA_STOCK_TOPIC: 'limited-stock' };
    await admin.createTopics({
      waitForLeaders: true,
      topics: Object.values(topics).map((topic) => ({ topic })),
    });
    const { READ, WRITE, DESCRIBE } = kafkajs.AclOperationTypes;
    await admin.createAcls({
      acl: Object.values(topics).flatMap((resourceName) =>
        [READ, WRITE, DESCRIBE].map((operation) => ({
          resourceType: kafkajs.AclResourceTypes.TOPIC,
          resourceName,
          resourcePatternType: kafkajs.ResourcePatternTypes.LITERAL,
          principal: `User:${GuardedKafka.limited}`,
          host: '*',
          operation,
          permissionType: kafkajs.AclPermissionTypes.ALLOW,
        })),
      ),
    });
    await admin.disconnect();
    const env = {
      ...right,
      ...topics,
      KAFKA_SASL_MECHANISM: 'PLAIN',
      KAFKA_SASL_USERNAME: GuardedKafka.limited,
    };
    const t: TestApp = await setupApp({ env: { LOG_LEVEL: 'silent', ...env } });
    const { eventLog, dispatchOutbox } = await t.app.work();
    const id = newId();
    await append(t, orderEvent(id, 1, new Date()));
    expect(await dispatchOutbox.drain({})).toMatchObject({ sent: 1 });
    const seen: (string | undefined)[] = [];
    const subscription = await eventLog.subscribe({
      group: 'limited',
      topics: ['order-events'],
      handle: ({ key }) => Promise.resolve(void seen.push(key)),
    });
    await until(() => seen.includes(id), 'the event', 60_000);
    await subscription.stop();
    expect(await memoryOf(eventLog)).toBe(Number.POSITIVE_INFINITY);
    const { checks } = await examine(() => t.app.config);
    expect(checks.filter(({ name }) => name.startsWith('kafka'))).toMatchObject([
      { name: 'kafka', status: 'ok' },
      { name: 'kafka retention', status: 'warn' },
      ...Object.values(topics).map((topic) => ({
        name: 'kafka topic',
        status: 'warn',
        detail: expect.stringMatching(`${topic}: .*DESCRIBE_CONFIGS`),
      })),
    ]);
    await t.close();
  }, 120_000);

  const detail = async (changes: NodeJS.ProcessEnv): Promise<string | undefined> => {
    const env = { SECRET_KEY: 'a-key-for-tests-only-0123456789-0123456789', ...right, ...changes };
    const { checks } = await examine(() => loadConfig({ env }));
    const found = checks.find(({ name }) => name === 'kafka');
    expect(found).toMatchObject({ status: 'fail', unreachable: true });
    expect(JSON.stringify(found)).not.toContain('password"');
    return found?.detail;
  };

  it.each([
    ['a wrong password', { KAFKA_SASL_PASSWORD: 'wrong' }, /refuse the sign-in.*KAFKA_SASL_PASSWORD/],
    [
      'a wrong password of PLAIN',
      { KAFKA_SASL_PASSWORD: 'wrong', KAFKA_SASL_MECHANISM: 'PLAIN' },
      /refuse the sign-in/,
    ],
    ['an unknown user', { KAFKA_SASL_USERNAME: 'nobody' }, /refuse the sign-in.*KAFKA_SASL_USERNAME/],
    [
      'a mechanism that it lacks',
      { KAFKA_SASL_MECHANISM: 'SCRAM-SHA-256' },
      /refuse the sign-in.*KAFKA_SASL_MECHANISM/,
    ],
    ['TLS where there is none', { KAFKA_SSL: 'true' }, /no TLS.*KAFKA_SSL/],
    [
      'a port where nobody listens',
      { KAFKA_BOOTSTRAP_SERVERS: '127.0.0.1:1' },
      /nobody listens.*KAFKA_BOOTSTRAP_SERVERS/,
    ],
    [
      'a host that does not exist',
      { KAFKA_BOOTSTRAP_SERVERS: 'kafka.invalid:9092' },
      /unknown.*KAFKA_BOOTSTRAP_SERVERS/,
    ],
  ])(
    'has the doctor say which setting is wrong: %s',
    async (_, changes, why) => {
      expect(await detail(changes)).toMatch(why);
    },
    60_000,
  );

  it('has the doctor say so when its certificate is of a CA that nobody knows', async () => {
    const secure = { KAFKA_BOOTSTRAP_SERVERS: kafka.secure, KAFKA_SSL: 'true' };
    expect(await detail(secure)).toMatch(/no TLS.*certificate.*NODE_EXTRA_CA_CERTS/);
  }, 60_000);

  it('has the doctor name what is missing: no sign-in, and no TLS where it is wanted', async () => {
    const none = { KAFKA_SASL_MECHANISM: '', KAFKA_SASL_USERNAME: '', KAFKA_SASL_PASSWORD: '' };
    expect(await detail(none)).toMatch(/KAFKA_SASL_MECHANISM/);
    expect(await detail({ KAFKA_BOOTSTRAP_SERVERS: kafka.secure })).toMatch(/KAFKA_SSL/);
  }, 60_000);

  it('has a relay say at its start that the sign-in is refused, and go on', async () => {
    const at = new Workspace({
      ...right,
      DATABASE_URL: '',
      KAFKA_SASL_PASSWORD: 'wrong',
      LOG_FORMAT: 'json',
    });
    await at.run(['migrate', '--json']);
    const relay = new Program(['outbox-dispatch'], { cwd: at.cwd, env: at.env });
    const [line] = await relay.line(/.*the event log cannot be reached: events wait until it is.*/);
    expect(line).toContain('the brokers refuse the sign-in: check KAFKA_SASL_MECHANISM');
    await relay.line(/"relaying"/);
    relay.kill('SIGTERM');
    expect((await relay.ended).code).toBe(0);
    await at.remove();
  }, 120_000);
});

import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import type { Admin } from 'kafkajs';
import type { Config, KafkaConfig } from '../../config.ts';
import { CONFIG_HIDDEN } from '../../domain/eventstream/event-log.ts';
import { daysToRemember, KEPT_FOR_EVER } from '../../domain/eventstream/remembering.ts';
import { type Finding, fail, ok, reasonOf, unreachable, warn, within } from './check.ts';

/** How long one service may take to answer, in milliseconds. */
const PATIENCE = 5000;

const quiet = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

export async function checkRedis({ redisUrl }: Config): Promise<Finding> {
  if (redisUrl === undefined) return ok('redis', 'not configured: memory');
  const { connectRedis } = await import('../../infra/cache/redis.ts');
  const client = connectRedis(redisUrl, quiet);
  try {
    await within(PATIENCE, client.ping());
    return ok('redis', 'answers');
  } catch (error) {
    const remedy = 'start it, or check REDIS_URL; without it every process limits requests by itself';
    return unreachable('redis', reasonOf(error), remedy);
  } finally {
    client.disconnect();
  }
}

export async function checkKafka({ kafka, outbox }: Config): Promise<Finding | Finding[]> {
  if (kafka === undefined) return ok('kafka', 'not configured: the event log is a table of the database');
  const { kafkaClient } = await import('../../infra/events/kafka-client.ts');
  const settings = { ...kafka, retries: 0, sendTimeoutSeconds: outbox.sendTimeoutSeconds };
  const admin = kafkaClient(settings, quiet).admin();
  try {
    await within(PATIENCE, admin.connect());
    const present = await within(PATIENCE, admin.listTopics());
    return [topicsOf(kafka, present), ...(await within(PATIENCE, detailsOf(admin, kafka, present)))];
  } catch (error) {
    const { failureReason } = await import('../../infra/events/kafka-failure.ts');
    const remedy =
      'start a broker, or check KAFKA_BOOTSTRAP_SERVERS, KAFKA_SSL and KAFKA_SASL_*; events wait in the outbox';
    return unreachable('kafka', failureReason(error), remedy);
  } finally {
    await admin.disconnect().catch(() => undefined);
  }
}

function topicsOf({ ordersTopic, stockTopic }: KafkaConfig, present: readonly string[]): Finding {
  const missing = [ordersTopic, stockTopic].filter((topic) => !present.includes(topic));
  return missing.length === 0
    ? ok('kafka', `answers, with the topics ${ordersTopic} and ${stockTopic}`)
    : warn(
        'kafka',
        `answers, without ${missing.join(' and ')}`,
        'run "crossborder topics ensure", or start outbox-dispatch, which makes them',
      );
}

async function detailsOf(
  admin: Admin,
  { ordersTopic, stockTopic }: KafkaConfig,
  present: readonly string[],
): Promise<Finding[]> {
  const names = [ordersTopic, stockTopic].filter((topic) => present.includes(topic));
  if (names.length === 0) return [];
  const { describeKafkaTopics } = await import('../../infra/events/kafka-topics.ts');
  const states = await describeKafkaTopics(admin, names);
  const days = Math.ceil(daysToRemember(states));
  return [
    Number.isFinite(days)
      ? ok('kafka retention', `handled events are remembered for ${days} days at least`)
      : warn('kafka retention', KEPT_FOR_EVER, 'set retention.ms (crossborder topics ensure shows it)'),
    ...states.flatMap(({ topic, problems }) =>
      problems.map((problem) =>
        (problem === CONFIG_HIDDEN ? warn : fail)(
          'kafka topic',
          `${topic}: ${problem}`,
          'alter the configuration of the topic',
        ),
      ),
    ),
  ];
}

export async function checkMongo({ mongoUrl }: Config): Promise<Finding> {
  if (mongoUrl === undefined) return ok('mongodb', 'not configured: jobs live in the database');
  const { MongoClient } = await import('mongodb');
  const client = new MongoClient(mongoUrl, {
    serverSelectionTimeoutMS: PATIENCE,
    appName: 'crossborder doctor',
  });
  try {
    await within(PATIENCE + 500, client.db().command({ ping: 1 }));
    return ok('mongodb', 'answers');
  } catch (error) {
    return unreachable(
      'mongodb',
      reasonOf(error),
      'start it, or check MONGO_URL; jobs do not run without it',
    );
  } finally {
    await client.close();
  }
}

export async function checkMail(config: Config): Promise<Finding> {
  const { smtpUrl } = config.mail;
  if (smtpUrl === undefined) {
    const detail = 'not configured: mails are written as files under DATA_DIR';
    return config.env === 'production' ? warn('mail', detail, 'set SMTP_URL') : ok('mail', detail);
  }
  const { createTransport } = await import('nodemailer');
  const transport = createTransport({
    url: smtpUrl,
    connectionTimeout: PATIENCE,
    greetingTimeout: PATIENCE,
    socketTimeout: PATIENCE,
  });
  try {
    await within(2 * PATIENCE, transport.verify());
    return ok('mail', 'the server takes our mails');
  } catch (error) {
    return unreachable('mail', reasonOf(error), 'start it, or check SMTP_URL; mails are tried again later');
  } finally {
    transport.close();
  }
}

export async function checkMedia({ mediaRoot }: Config): Promise<Finding> {
  const code = await access(mediaRoot, constants.R_OK).then(() => undefined, reasonOf);
  if (code === undefined) return ok('media', mediaRoot);
  return code === 'ENOENT'
    ? ok('media', `${mediaRoot} will be made`)
    : warn(
        'media',
        `${mediaRoot} cannot be read (${code})`,
        'give this user the right to read it, or set MEDIA_ROOT',
      );
}

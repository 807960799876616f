import { Kafka, logLevel } from 'kafkajs';
import { MongoClient } from 'mongodb';
import { newId } from '../../src/domain/shared/ids.ts';

export interface Services {
  /** The settings of a program that works on them, with names of its own on each. */
  readonly env: NodeJS.ProcessEnv;
  drop(): Promise<void>;
}

const variable = (name: string): string => {
  const value = process.env[name];
  if (value === undefined) throw new Error(`the tests of real services need ${name}: see .ci/run`);
  return value;
};

/** MySQL, Redis, Kafka and MongoDB as the environment names them; keys, topics and databases belong to one test. */
export function realServices(): Services {
  const name = `test-${newId().slice(-12)}`;
  const brokers = variable('KAFKA_BOOTSTRAP_SERVERS');
  const mongo = new URL(variable('MONGO_URL'));
  mongo.pathname = `/${name}`;
  const redis = new URL(variable('REDIS_URL'));
  // Tests run beside each other on one Redis: a limit that one of them counts must not be another's.
  redis.searchParams.set('keyPrefix', `${name}:`);
  const topics = { orders: `${name}-orders`, stock: `${name}-stock` };
  return {
    env: {
      DB_HOST: variable('DB_HOST'),
      DB_PORT: variable('DB_PORT'),
      DB_USER: variable('DB_USER'),
      DB_PASSWORD: variable('DB_PASSWORD'),
      DB_NAME: name.replaceAll('-', '_'),
      MONGO_URL: mongo.href,
      REDIS_URL: redis.href,
      KAFKA_BOOTSTRAP_SERVERS: brokers,
      KAFKA_CLIENT_ID: name,
      KAFKA_ORDERS_TOPIC: topics.orders,
      KAFKA_STOCK_TOPIC: topics.stock,
    },
    drop: async () => {
      const client = new MongoClient(mongo.href);
      await client.db().dropDatabase();
      await client.close();
      const admin = new Kafka({ brokers: brokers.split(','), logLevel: logLevel.NOTHING }).admin();
      await admin.connect();
      const there = await admin.listTopics();
      await admin.deleteTopics({ topics: Object.values(topics).filter((t) => there.includes(t)) });
      await admin.disconnect();
    },
  };
}

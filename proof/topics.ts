import { Kafka, logLevel } from 'kafkajs';
import { newId } from '../src/domain/shared/ids.ts';
import type { Options } from './options.ts';

export interface ProofTopics {
  readonly settings: NodeJS.ProcessEnv;
  drop(): Promise<void>;
}

const NONE: ProofTopics = { settings: {}, drop: () => Promise.resolve() };

/** Topics and groups of the proof's own, where it is about consumers, and the environment names brokers. */
export function proofTopics({ proof, db }: Pick<Options, 'proof' | 'db'>): ProofTopics {
  const brokers = process.env.KAFKA_BOOTSTRAP_SERVERS;
  if (proof !== 'consumer-kill' || db === 'sqlite' || brokers === undefined) return NONE;
  const name = `proof-${newId().slice(-12)}`;
  const topics = [`${name}-orders`, `${name}-stock`];
  return {
    settings: {
      KAFKA_BOOTSTRAP_SERVERS: brokers,
      KAFKA_CLIENT_ID: name,
      KAFKA_ORDERS_TOPIC: `${name}-orders`,
      KAFKA_STOCK_TOPIC: `${name}-stock`,
    },
    drop: async () => {
      const admin = new Kafka({ brokers: brokers.split(','), logLevel: logLevel.NOTHING }).admin();
      await admin.connect();
      const there = await admin.listTopics();
      await admin.deleteTopics({ topics: topics.filter((topic) => there.includes(topic)) });
      await admin.disconnect();
    },
  };
}

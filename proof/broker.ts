import { Kafka, logLevel } from 'kafkajs';
import { newId } from '../src/domain/shared/ids.ts';
import { killKafka, startKafka } from '../test/support/kafka-process.ts';
import type { ProofName } from './options.ts';

const OWN: readonly ProofName[] = ['broker-kill', 'broker-down'];
const SHARED: readonly ProofName[] = ['relay-kill', 'refused', 'consumer-kill'];

/** Kafka for one proof: topics of its own on a broker that is there, or a broker of its own, which can be killed. */
export interface Broker {
  readonly settings: NodeJS.ProcessEnv;
  /** As a power cut would; not for a broker that is shared. */
  kill(): Promise<void>;
  start(): Promise<void>;
  close(): Promise<void>;
}

export async function openBroker(proof: ProofName, folder: string): Promise<Broker | undefined> {
  const servers = process.env.KAFKA_BOOTSTRAP_SERVERS;
  if (SHARED.includes(proof) && servers !== undefined) return onShared(servers);
  if (!OWN.includes(proof)) return undefined;
  const broker = new OwnBroker(`${folder}/kafka`);
  await broker.start();
  return broker;
}

function settingsOf(servers: string): NodeJS.ProcessEnv {
  const name = `proof-${newId().slice(-12)}`;
  return {
    KAFKA_BOOTSTRAP_SERVERS: servers,
    KAFKA_CLIENT_ID: name,
    KAFKA_ORDERS_TOPIC: `${name}-orders`,
    KAFKA_STOCK_TOPIC: `${name}-stock`,
    KAFKA_PRODUCER_RETRIES: '2',
  };
}

function onShared(servers: string): Broker {
  const settings = settingsOf(servers);
  const refuse = (): Promise<never> => Promise.reject(new Error('this broker is shared'));
  return {
    settings,
    kill: refuse,
    start: refuse,
    close: async () => {
      const admin = new Kafka({ brokers: servers.split(','), logLevel: logLevel.NOTHING }).admin();
      await admin.connect();
      const own = [settings.KAFKA_ORDERS_TOPIC, settings.KAFKA_STOCK_TOPIC];
      await admin.deleteTopics({ topics: (await admin.listTopics()).filter((topic) => own.includes(topic)) });
      await admin.disconnect();
    },
  };
}

class OwnBroker implements Broker {
  readonly settings: NodeJS.ProcessEnv;
  readonly #folder: string;
  /** It takes the next one as well. */
  readonly #port = 31_000 + 2 * Math.floor(Math.random() * 500);
  #pid: number | undefined;

  constructor(folder: string) {
    this.#folder = folder;
    this.settings = settingsOf(`127.0.0.1:${this.#port}`);
  }

  async start(): Promise<void> {
    this.#pid = await startKafka(this.#folder, this.#port);
  }

  async kill(): Promise<void> {
    const pid = this.#pid;
    this.#pid = undefined;
    if (pid !== undefined) await killKafka(pid);
  }

  close(): Promise<void> {
    return this.kill();
  }
}

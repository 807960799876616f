import { CompressionTypes, Kafka, logLevel, Partitioners } from 'kafkajs';
import type { EventMessage } from '../src/domain/eventstream/event-log.ts';

/** kafkajs with the guarantees of the relay, and nothing around it. */
export class BareKafka {
  readonly #kafka: Kafka;
  readonly #producer;

  private constructor(kafka: Kafka) {
    this.#kafka = kafka;
    this.#producer = kafka.producer({
      createPartitioner: Partitioners.DefaultPartitioner,
      idempotent: true,
      maxInFlightRequests: 1,
    });
  }

  static async open(brokers: string): Promise<BareKafka> {
    const bare = new BareKafka(new Kafka({ brokers: brokers.split(','), logLevel: logLevel.NOTHING }));
    await bare.#producer.connect();
    return bare;
  }

  /** @returns the seconds it took */
  async send(messages: readonly EventMessage[], topic: string, batchSize: number): Promise<number> {
    const started = performance.now();
    for (let i = 0; i < messages.length; i += batchSize) {
      const batch = messages.slice(i, i + batchSize);
      await this.#producer.sendBatch({
        acks: -1,
        compression: CompressionTypes.GZIP,
        topicMessages: [
          {
            topic,
            messages: batch.map(({ key, value, headers }) => ({ key, value, headers: { ...headers } })),
          },
        ],
      });
    }
    return (performance.now() - started) / 1000;
  }

  /** Calls back with the key of each message from now on. @returns how to end that */
  async consume(topic: string, arrived: (key: string) => void): Promise<() => Promise<void>> {
    const consumer = this.#kafka.consumer({ groupId: `${topic}-bare` });
    await consumer.connect();
    await consumer.subscribe({ topics: [topic], fromBeginning: true });
    await consumer.run({
      eachMessage: ({ message }) => {
        arrived(String(message.key));
        return Promise.resolve();
      },
    });
    return () => consumer.disconnect();
  }

  /** @param prefix of topics that are deleted */
  async close(prefix: string): Promise<void> {
    await this.#producer.disconnect();
    const admin = this.#kafka.admin();
    await admin.connect();
    const there = await admin.listTopics();
    await admin.deleteTopics({ topics: there.filter((t) => t.startsWith(prefix)) });
    await admin.disconnect();
  }
}

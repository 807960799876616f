import { CompressionTypes, type Kafka, Partitioners, type Producer, type TopicMessages } from 'kafkajs';
import { quickRetries } from './kafka-client.ts';
import type { KafkaSettings } from './kafka-settings.ts';

/**
 * A kafkajs producer that knows which partitions its batch went to. When a broker dies with its part of a batch,
 * kafkajs does not send it again to the broker that takes over, if that one has answered for its own part, and calls
 * the whole batch sent: so the answers must name every partition that was chosen. One batch at a time.
 */
export class KafkaProducer {
  readonly #producer: Producer;
  readonly #settings: KafkaSettings;
  readonly #chosen: Set<string>;

  private constructor(producer: Producer, settings: KafkaSettings, chosen: Set<string>) {
    this.#producer = producer;
    this.#settings = settings;
    this.#chosen = chosen;
  }

  static async connect(kafka: Kafka, settings: KafkaSettings): Promise<KafkaProducer> {
    const chosen = new Set<string>();
    const producer = kafka.producer({
      createPartitioner: () => {
        const choose = Partitioners.DefaultPartitioner();
        return (args) => {
          const partition = choose(args);
          chosen.add(`${args.topic}-${partition}`);
          return partition;
        };
      },
      allowAutoTopicCreation: false,
      idempotent: settings.idempotence,
      maxInFlightRequests: 1,
      // kafkajs refuses an idempotent producer that never tries again.
      retry: quickRetries(Math.max(1, settings.retries)),
    });
    try {
      await producer.connect();
    } catch (error) {
      // What it has opened meanwhile would stay open.
      await producer.disconnect().catch(() => undefined);
      throw error;
    }
    return new KafkaProducer(producer, settings, chosen);
  }

  /** @throws Error when a part of it may not be stored; the producer must not be used again */
  async send(topicMessages: TopicMessages[]): Promise<void> {
    const { acks, compression, sendTimeoutSeconds } = this.#settings;
    this.#chosen.clear();
    const answers = await this.#producer.sendBatch({
      topicMessages,
      acks,
      timeout: sendTimeoutSeconds * 1000,
      compression: compression === 'gzip' ? CompressionTypes.GZIP : CompressionTypes.None,
    });
    const named = new Set(answers.map(({ topicName, partition }) => `${topicName}-${partition}`));
    const missing = [...this.#chosen].filter((partition) => !named.has(partition));
    if (missing.length > 0) throw new Error(`no broker answered for ${missing.join(', ')}`);
  }

  disconnect(): Promise<void> {
    return this.#producer.disconnect();
  }
}

import type { Topic } from '../../domain/shared/event.ts';

/** The part of the configuration that this adapter takes. */
export interface KafkaSettings {
  readonly brokers: readonly string[];
  readonly clientId: string;
  readonly ordersTopic: string;
  readonly stockTopic: string;
  readonly idempotence: boolean;
  readonly acks: -1 | 1;
  readonly retries: number;
  readonly compression: 'none' | 'gzip';
  readonly ssl: boolean;
  readonly sasl?: {
    readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512';
    readonly username: string;
    readonly password: string;
  };
  readonly sendTimeoutSeconds: number;
}

/** Logical topics and their configured names. */
export class TopicNames {
  readonly #names: Readonly<Record<Topic, string>>;

  constructor({ ordersTopic, stockTopic }: Pick<KafkaSettings, 'ordersTopic' | 'stockTopic'>) {
    this.#names = { 'order-events': ordersTopic, 'stock-events': stockTopic };
  }

  of(topic: Topic): string {
    return this.#names[topic];
  }

  all(): string[] {
    return Object.values(this.#names);
  }

  logical(name: string): Topic {
    if (name === this.#names['order-events']) return 'order-events';
    if (name === this.#names['stock-events']) return 'stock-events';
    throw new Error(`a message of the topic ${name}, which nobody subscribed to`);
  }
}

import type { Admin, Kafka, Message } from 'kafkajs';
import {
  type Beginning,
  type BrowseOptions,
  byTopic,
  CONFIG_HIDDEN,
  type ConsumerLag,
  type EventLog,
  type EventMessage,
  type GroupTopics,
  type Refusals,
  type SubscribeOptions,
  type Subscription,
  type TopicPlan,
  type TopicState,
  withoutRefused,
} from '../../domain/eventstream/event-log.ts';
import { DomainError } from '../../domain/shared/errors.ts';
import type { Topic } from '../../domain/shared/event.ts';
import { errorFacts, type Log } from '../../domain/shared/log.ts';
import { Mutex } from '../db/mutex.ts';
import { KafkaSubscription } from './kafka.subscription.ts';
import { browseKafka } from './kafka-browser.ts';
import { kafkaClient } from './kafka-client.ts';
import { failureReason, refusalReason } from './kafka-failure.ts';
import { kafkaBeginnings, kafkaLag } from './kafka-lag.ts';
import { Outages } from './kafka-outages.ts';
import { KafkaProducer } from './kafka-producer.ts';
import { type KafkaSettings, TopicNames } from './kafka-settings.ts';
import { createMissingTopics, ensureKafkaTopics } from './kafka-topics.ts';

const PARTITIONS = 3;
/** Far above what brokers take: beyond it they cut the connection instead of answering. */
const MAX_MESSAGE_BYTES = 16_000_000;

/**
 * Kafka through kafkajs, whose idempotent producer acknowledges messages that it lost: after a failed produce it
 * uses the same sequence numbers again, and the broker takes the next batch for a repetition. So there is one
 * sendBatch in flight, and a producer that has failed once is never used again. A rejection means "unknown": the
 * outbox sends again, and consumers drop what they have had.
 */
export class KafkaEventLog implements EventLog {
  readonly kind = 'kafka';
  readonly #settings: KafkaSettings;
  readonly #kafka: Kafka;
  readonly #log: Log;
  readonly #topics: TopicNames;
  readonly #sending = new Mutex();
  readonly #subscriptions = new Set<KafkaSubscription>();
  readonly #outages: Outages;
  #producer: Promise<KafkaProducer> | undefined;
  #creating: Promise<unknown> | undefined;

  constructor(settings: KafkaSettings, log: Log) {
    this.#settings = settings;
    this.#log = log;
    this.#kafka = kafkaClient(settings, log);
    this.#topics = new TopicNames(settings);
    this.#outages = new Outages(log);
  }

  publish(batch: readonly EventMessage[]): Promise<Refusals> {
    return this.#sending.run(() => this.#publish(batch));
  }

  async #publish(batch: readonly EventMessage[]): Promise<Refusals> {
    const refusals = new Map<string, string>();
    for (const m of batch) {
      const size = Buffer.byteLength(m.value);
      if (size > MAX_MESSAGE_BYTES)
        refusals.set(m.id, `the message has ${size} bytes, ${MAX_MESSAGE_BYTES} at most`);
    }
    await this.#narrow(withoutRefused(batch, refusals), refusals);
    return refusals;
  }

  /**
   * Brokers refuse a partition's part of a batch as a whole: halving it shows which message it was. What has been
   * stored meanwhile is stored once more, which consumers drop, and never behind a later message of its key.
   */
  async #narrow(batch: readonly EventMessage[], refusals: Map<string, string>): Promise<void> {
    const open = withoutRefused(batch, refusals);
    const reason = await this.#send(open);
    const [first] = open;
    if (reason === undefined || first === undefined) return;
    if (open.length === 1) {
      refusals.set(first.id, reason);
      return;
    }
    const middle = Math.ceil(open.length / 2);
    await this.#narrow(open.slice(0, middle), refusals);
    await this.#narrow(behind(open.slice(0, middle), open.slice(middle), refusals), refusals);
  }

  /** @returns why the broker refused the batch, or undefined when it is stored */
  async #send(batch: readonly EventMessage[]): Promise<string | undefined> {
    if (batch.length === 0) return undefined;
    const givenUp = new AbortController();
    const sending = this.#connected().then(async (producer) => {
      // A batch that nobody waits for any more must not come behind later ones.
      givenUp.signal.throwIfAborted();
      await this.#sendBatch(producer, batch);
    });
    try {
      await withTimeout(this.#settings.sendTimeoutSeconds, sending);
      return undefined;
    } catch (error) {
      givenUp.abort();
      await this.#dropProducer(sending);
      const reason = refusalReason(error);
      if (reason !== undefined) return reason;
      throw unavailable(error);
    }
  }

  async #sendBatch(producer: KafkaProducer, batch: readonly EventMessage[]): Promise<void> {
    const topicMessages = [...byTopic(batch)].map(([topic, messages]) => ({
      topic: this.#topics.of(topic),
      messages: messages.map(toKafka),
    }));
    await producer.send(topicMessages);
  }

  #connected(): Promise<KafkaProducer> {
    this.#producer ??= this.#connect();
    return this.#producer;
  }

  async #connect(): Promise<KafkaProducer> {
    await this.#createMissing();
    return KafkaProducer.connect(this.#kafka, this.#settings);
  }

  async #dropProducer(sending?: Promise<void>): Promise<void> {
    const dropped = this.#producer;
    this.#producer = undefined;
    if (dropped === undefined) return;
    const disconnect = async (): Promise<void> => (await dropped).disconnect();
    const tell = (error: unknown): void =>
      this.#log.debug(errorFacts(error), 'a failed producer was dropped');
    // kafkajs goes on with a send that was given up, and connects again for it: that is closed when it ends.
    if (sending !== undefined) void sending.catch(tell).then(disconnect).catch(tell);
    await withTimeout(1, disconnect()).catch(tell);
  }

  subscribe(options: SubscribeOptions): Promise<Subscription> {
    const subscription = new KafkaSubscription(
      {
        kafka: this.#kafka,
        log: this.#log,
        topics: this.#topics,
        groupPrefix: this.#settings.clientId,
        ensureTopics: () => this.#createMissing(),
        outages: this.#outages,
        lag: () => this.lag([options]),
      },
      options,
    );
    this.#subscriptions.add(subscription);
    subscription.start();
    return Promise.resolve({
      stop: async () => {
        this.#subscriptions.delete(subscription);
        await subscription.stop();
      },
    });
  }

  /** Once for those that connect at the same time, and not remembered: topics may be deleted while we run. */
  async #createMissing(): Promise<void> {
    this.#creating ??= this.#withAdmin((admin) =>
      createMissingTopics(admin, this.#topics.all(), { partitions: PARTITIONS }),
    ).finally(() => {
      this.#creating = undefined;
    });
    await this.#creating;
  }

  browse(options: BrowseOptions): Promise<void> {
    const { clientId } = this.#settings;
    return this.#withAdmin((admin) =>
      browseKafka(
        { kafka: this.#kafka, admin, topics: this.#topics, groupPrefix: clientId, log: this.#log },
        options,
      ),
    );
  }

  beginnings(topics: readonly Topic[]): Promise<Beginning[]> {
    return this.#withAdmin((admin) => kafkaBeginnings(admin, this.#topics, topics));
  }

  async ensureTopics(plan: TopicPlan = { partitions: PARTITIONS }): Promise<TopicState[]> {
    const states = await this.#withAdmin((admin) => ensureKafkaTopics(admin, this.#topics.all(), plan));
    for (const { topic, problems } of states)
      if (problems.includes(CONFIG_HIDDEN))
        this.#log.warn({ topic }, `the topic is there, but ${CONFIG_HIDDEN}`);
    return states;
  }

  lag(groups: readonly GroupTopics[]): Promise<ConsumerLag[]> {
    const names = { topics: this.#topics, groupPrefix: this.#settings.clientId };
    return this.#withAdmin((admin) => kafkaLag(admin, groups, names));
  }

  async ping(): Promise<void> {
    await this.#withAdmin((admin) => admin.describeCluster());
  }

  async #withAdmin<T>(work: (admin: Admin) => Promise<T>): Promise<T> {
    const admin = this.#kafka.admin();
    try {
      await admin.connect();
      return await work(admin);
    } catch (error) {
      throw unavailable(error);
    } finally {
      await admin.disconnect().catch(() => undefined);
    }
  }

  async close(): Promise<void> {
    await Promise.all([...this.#subscriptions].map((s) => s.stop()));
    this.#subscriptions.clear();
    await this.#sending.run(() => this.#dropProducer());
  }
}

/** `later` without what a refusal in `earlier` keeps back. */
function behind(
  earlier: readonly EventMessage[],
  later: readonly EventMessage[],
  refusals: Refusals,
): EventMessage[] {
  const passed = new Set(withoutRefused([...earlier, ...later], refusals));
  return later.filter((message) => passed.has(message));
}

const toKafka = (m: EventMessage): Message => ({ key: m.key, value: m.value, headers: { ...m.headers } });

function unavailable(error: unknown): DomainError {
  if (error instanceof DomainError) return error;
  return new DomainError('unavailable', `Kafka cannot be reached: ${failureReason(error)}`, { cause: error });
}

async function withTimeout<T>(seconds: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new DomainError('timeout', `no answer in ${seconds} s`)), seconds * 1000);
  });
  try {
    return await Promise.race([work, timeout]);
  } finally {
    clearTimeout(timer);
  }
}

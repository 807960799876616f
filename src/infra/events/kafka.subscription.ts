import type { Consumer, EachBatchPayload, Kafka } from 'kafkajs';
import type { ConsumerLag, SubscribeOptions } from '../../domain/eventstream/event-log.ts';
import { backoffDelay } from '../../domain/shared/backoff.ts';
import { errorFacts, type Log } from '../../domain/shared/log.ts';
import { Wake } from '../../domain/shared/wake.ts';
import { UnreadableBatch } from './kafka-codecs.ts';
import { causesOf } from './kafka-failure.ts';
import { toReceived } from './kafka-message.ts';
import type { Outages } from './kafka-outages.ts';
import type { TopicNames } from './kafka-settings.ts';

interface Deps {
  readonly kafka: Kafka;
  readonly log: Log;
  readonly topics: TopicNames;
  /** Consumer groups are shared by everything on the brokers. */
  readonly groupPrefix: string;
  readonly ensureTopics: () => Promise<void>;
  readonly outages: Outages;
  readonly lag: () => Promise<ConsumerLag[]>;
}

const HEARTBEAT = 2000;
const CONCURRENT_PARTITIONS = 3;
const MAX_BYTES = 1_048_576;
const RESTART = { base: 250, ceiling: 10_000 };

/** One consumer of a group, made anew whenever kafkajs gives up on the old one. */
export class KafkaSubscription {
  readonly #deps: Deps;
  readonly #options: SubscribeOptions;
  readonly #stopping = new AbortController();
  readonly #wake = new Wake();
  #life: Promise<void> | undefined;

  constructor(deps: Deps, options: SubscribeOptions) {
    this.#deps = deps;
    this.#options = options;
  }

  /** Returns at once; while no broker can be reached, it goes on trying. */
  start(): void {
    this.#life = this.#live();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#wake.wake();
    await this.#life;
  }

  async #live(): Promise<void> {
    for (let attempt = 1; !this.#stopping.signal.aborted; attempt++) {
      const joined = await this.#consume().catch((error: unknown) => {
        this.#deps.outages.failed(this.#options.group, error);
        return false;
      });
      if (joined) attempt = 1;
      await this.#wake.sleep(backoffDelay(RESTART, attempt, Math.random()));
    }
  }

  /** Until the subscription stops or the consumer crashes. @returns true when it had been reading */
  async #consume(): Promise<boolean> {
    const { kafka, topics, groupPrefix, ensureTopics } = this.#deps;
    await ensureTopics();
    const consumer = kafka.consumer({
      groupId: `${groupPrefix}.${this.#options.group}`,
      allowAutoTopicCreation: false,
      // How long a fetch waits for news; a rebalance waits for it too.
      maxWaitTimeInMs: 500,
      // What is in memory at most: nothing is fetched while the batches in hand are worked on.
      maxBytes: MAX_BYTES,
      maxBytesPerPartition: MAX_BYTES,
      // A member that died keeps its partitions for so long; brokers take no less by default.
      sessionTimeout: 6000,
      rebalanceTimeout: 15_000,
      heartbeatInterval: HEARTBEAT,
    });
    try {
      await consumer.connect();
      await consumer.subscribe({
        topics: this.#options.topics.map((t) => topics.of(t)),
        fromBeginning: true,
      });
      const crashed = this.#crash(consumer);
      await consumer.run({
        autoCommit: false,
        eachBatchAutoResolve: false,
        // A partition whose message waits for something that is away holds back no other.
        partitionsConsumedConcurrently: CONCURRENT_PARTITIONS,
        eachBatch: (payload) => this.#handleBatch(payload),
      });
      const error = await Promise.race([crashed, aborted(this.#stopping.signal)]);
      const unreadable = [...causesOf(error)].find((one) => one instanceof UnreadableBatch);
      if (unreadable !== undefined) await this.#tell(unreadable);
      return unreadable === undefined;
    } finally {
      // Waits for the message in hand, then leaves the group, so that the others need no time-out to go on.
      await consumer.disconnect().catch((error: unknown) => {
        this.#deps.log.debug(errorFacts(error), 'the consumer did not leave in order');
      });
    }
  }

  /** Resolves with the error when kafkajs stops the consumer for good; what it restarts by itself is its own business. */
  #crash(consumer: Consumer): Promise<unknown> {
    const { group } = this.#options;
    const { outages } = this.#deps;
    consumer.on(consumer.events.HEARTBEAT, () => outages.reads(group));
    return new Promise((resolve) => {
      consumer.on(consumer.events.CRASH, ({ payload }) => {
        outages.failed(group, payload.error);
        if (!payload.restart) resolve(payload.error);
      });
    });
  }

  /** kafkajs does not say where the batch stands: it is at the position of a partition that has more. */
  async #tell(batch: UnreadableBatch): Promise<void> {
    const lags = await this.#deps.lag();
    const behind = lags
      .filter(({ lag }) => lag > 0)
      .map(({ topic, partition, position }) => `${this.#deps.topics.of(topic)}/${partition} at ${position}`);
    this.#deps.log.error(
      { ...errorFacts(batch), group: this.#options.group, codec: batch.codec, behind },
      'a batch at one of these positions cannot be unpacked, and until then nothing of its broker is read here: find which (kafka-dump-log.sh), and move the group past that one alone (kafka-consumer-groups.sh --reset-offsets), or delete it (kafka-delete-records.sh)',
    );
  }

  async #handleBatch(payload: EachBatchPayload): Promise<void> {
    const { batch } = payload;
    // Handling may take longer than a session lasts. A heartbeat that fails tells that the group is divided anew: the
    // partition may be another's in a moment, so no further message of it is begun, and none is waited for.
    const lost = new AbortController();
    const beat = setInterval(() => void payload.heartbeat().catch(() => lost.abort()), HEARTBEAT);
    const signal = AbortSignal.any([this.#stopping.signal, lost.signal]);
    try {
      for (const message of batch.messages) {
        if (signal.aborted || !payload.isRunning() || payload.isStale()) break;
        const topic = this.#deps.topics.logical(batch.topic);
        await this.#options.handle(toReceived(topic, batch.partition, message), signal);
        payload.resolveOffset(message.offset);
      }
    } catch (error) {
      // Given up to leave: whoever has the partition next handles the message.
      if (!signal.aborted) throw error;
    } finally {
      clearInterval(beat);
      await payload.commitOffsetsIfNecessary(payload.uncommittedOffsets());
    }
  }
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });

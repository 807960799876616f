import type { Admin, Consumer, EachBatchPayload, Kafka } from 'kafkajs';
import type { BrowseOptions } from '../../domain/eventstream/event-log.ts';
import { newId } from '../../domain/shared/ids.ts';
import { errorFacts, type Log } from '../../domain/shared/log.ts';
import { quickRetries } from './kafka-client.ts';
import { toReceived } from './kafka-message.ts';
import type { TopicNames } from './kafka-settings.ts';

/** How often it joins its group anew, with up to a second between. */
const STARTS = 15;

interface Deps {
  readonly kafka: Kafka;
  readonly admin: Admin;
  readonly topics: TopicNames;
  readonly groupPrefix: string;
  readonly log: Log;
}

/** Reads by a group of its own that commits nothing, and is deleted afterwards. */
export async function browseKafka(deps: Deps, options: BrowseOptions): Promise<void> {
  const { kafka, admin, topics, groupPrefix, log } = deps;
  const { follow, signal } = options;
  const names = options.topics.map((topic) => topics.of(topic));
  const reach = await partitionsOf(admin, names);
  const open = follow ? undefined : new Map([...reach].filter(([, { low, high }]) => high > low));
  if (open?.size === 0 || signal.aborted) return;
  // Kept here, as the group commits nothing: it would begin anew, or at the end, when kafkajs joins it again.
  const next = new Map([...reach].map(([partition, { low, high }]) => [partition, follow ? high : low]));
  const groupId = `${groupPrefix}.browse.${newId()}`;
  let starts = 0;
  const consumer = kafka.consumer({
    groupId,
    allowAutoTopicCreation: false,
    maxWaitTimeInMs: 200,
    // A broker that has just started loads its groups for some seconds.
    retry: { ...quickRetries(2), restartOnFailure: () => Promise.resolve(++starts < STARTS) },
  });
  try {
    await consumer.connect();
    await consumer.subscribe({ topics: names, fromBeginning: !follow });
    await read(consumer, deps, { ...options, open, next });
  } finally {
    await consumer.disconnect();
    // Brokers forget a group that committed nothing by themselves: not worth to fail for what was read.
    await admin.deleteGroups([groupId]).catch((error: unknown) => {
      log.debug(errorFacts(error), 'a group that has read the topics was not deleted');
    });
  }
}

interface Reach {
  readonly low: bigint;
  /** The offset after the last message. */
  readonly high: bigint;
}

const nameOf = (topic: string, partition: number): string => `${topic} ${partition}`;

async function partitionsOf(admin: Admin, names: readonly string[]): Promise<Map<string, Reach>> {
  const found = new Map<string, Reach>();
  for (const name of names) {
    for (const { partition, high, low } of await admin.fetchTopicOffsets(name))
      found.set(nameOf(name, partition), { low: BigInt(low), high: BigInt(high) });
  }
  return found;
}

interface Reading extends BrowseOptions {
  /** Partitions that have not been read to the end that they had; undefined: there is no end. */
  readonly open: Map<string, Reach> | undefined;
  /** The offset that is to be read next. */
  readonly next: Map<string, bigint>;
}

function read(consumer: Consumer, deps: Deps, reading: Reading): Promise<void> {
  const { open, next, signal } = reading;
  return new Promise((resolve, reject) => {
    // It may have come while we connected.
    if (signal.aborted) {
      resolve();
      return;
    }
    signal.addEventListener('abort', () => resolve(), { once: true });
    consumer.on(consumer.events.CRASH, ({ payload }) => {
      if (!payload.restart) reject(payload.error);
    });
    consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
      for (const [topic, partitions] of Object.entries(payload.memberAssignment))
        for (const partition of partitions) {
          const offset = next.get(nameOf(topic, partition));
          if (offset !== undefined) consumer.seek({ topic, partition, offset: String(offset) });
        }
    });
    consumer
      .run({
        autoCommit: false,
        eachBatch: (payload) => {
          readBatch(payload, deps.topics, reading);
          if (open?.size === 0) resolve();
          return Promise.resolve();
        },
      })
      .catch(reject);
  });
}

function readBatch(payload: EachBatchPayload, topics: TopicNames, reading: Reading): void {
  const { batch } = payload;
  const { open, next, signal, handle } = reading;
  const partition = nameOf(batch.topic, batch.partition);
  const end = open?.get(partition)?.high;
  for (const message of batch.messages) {
    if (signal.aborted) break;
    const offset = BigInt(message.offset);
    if (open !== undefined && (end === undefined || offset >= end)) break;
    // What had been fetched before kafkajs joined its group again comes twice.
    if (offset >= (next.get(partition) ?? 0n)) {
      handle(toReceived(topics.logical(batch.topic), batch.partition, message));
      next.set(partition, offset + 1n);
    }
    payload.resolveOffset(message.offset);
  }
  if (end !== undefined && BigInt(batch.lastOffset()) + 1n >= end) open?.delete(partition);
}

import type { Admin, Consumer, Kafka } from 'kafkajs';
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
  const open = follow ? undefined : await openPartitions(admin, names);
  if (open?.size === 0 || signal.aborted) return;
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
    await read(consumer, deps, { ...options, open });
  } finally {
    await consumer.disconnect();
    // Brokers forget a group that committed nothing by themselves: not worth to fail for what was read.
    await admin.deleteGroups([groupId]).catch((error: unknown) => {
      log.debug(errorFacts(error), 'a group that has read the topics was not deleted');
    });
  }
}

/** The partitions that hold messages, each with the offset after its last one. */
async function openPartitions(admin: Admin, names: readonly string[]): Promise<Map<string, bigint>> {
  const open = new Map<string, bigint>();
  for (const name of names) {
    for (const { partition, high, low } of await admin.fetchTopicOffsets(name))
      if (BigInt(high) > BigInt(low)) open.set(`${name} ${partition}`, BigInt(high));
  }
  return open;
}

function read(
  consumer: Consumer,
  { topics }: Deps,
  { open, signal, handle }: BrowseOptions & { readonly open: Map<string, bigint> | undefined },
): Promise<void> {
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
    consumer.on(consumer.events.CRASH, ({ payload }) => {
      if (!payload.restart) reject(payload.error);
    });
    consumer
      .run({
        autoCommit: false,
        eachBatch: (payload) => {
          const { batch } = payload;
          const partition = `${batch.topic} ${batch.partition}`;
          const end = open?.get(partition);
          for (const message of batch.messages) {
            if (signal.aborted) break;
            if (open !== undefined && (end === undefined || BigInt(message.offset) >= end)) break;
            handle(toReceived(topics.logical(batch.topic), batch.partition, message));
            payload.resolveOffset(message.offset);
          }
          if (end !== undefined && BigInt(batch.lastOffset()) + 1n >= end) open?.delete(partition);
          if (open?.size === 0) resolve();
          return Promise.resolve();
        },
      })
      .catch(reject);
  });
}

import type { Admin } from 'kafkajs';
import type { Beginning, ConsumerLag, GroupTopics } from '../../domain/eventstream/event-log.ts';
import type { Topic } from '../../domain/shared/event.ts';
import type { TopicNames } from './kafka-settings.ts';

/** A group that has committed nothing begins at the oldest message that is kept. */
export async function kafkaLag(
  admin: Admin,
  groups: readonly GroupTopics[],
  { topics, groupPrefix }: { readonly topics: TopicNames; readonly groupPrefix: string },
): Promise<ConsumerLag[]> {
  const lags: ConsumerLag[] = [];
  for (const { group, topics: read } of groups) {
    const names = read.map((topic) => topics.of(topic));
    const committed = await admin.fetchOffsets({ groupId: `${groupPrefix}.${group}`, topics: names });
    for (const topic of read) {
      const ends = await admin.fetchTopicOffsets(topics.of(topic));
      const own = committed.find((c) => c.topic === topics.of(topic))?.partitions ?? [];
      for (const { partition, low, high } of ends) {
        const offset = Number(own.find((p) => p.partition === partition)?.offset ?? -1);
        const position = Math.max(offset, Number(low));
        lags.push({ group, topic, partition, position, end: Number(high), lag: Number(high) - position });
      }
    }
  }
  return lags.sort((a, b) => a.group.localeCompare(b.group) || a.partition - b.partition);
}

export async function kafkaBeginnings(
  admin: Admin,
  topics: TopicNames,
  asked: readonly Topic[],
): Promise<Beginning[]> {
  const beginnings: Beginning[] = [];
  for (const topic of asked) {
    for (const { partition, low } of await admin.fetchTopicOffsets(topics.of(topic)))
      beginnings.push({ topic, partition, trimmed: BigInt(low) > 0n });
  }
  return beginnings;
}

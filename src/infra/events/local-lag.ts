import type { ConsumerLag, GroupTopics } from '../../domain/eventstream/event-log.ts';
import type { Topic } from '../../domain/shared/event.ts';
import { list, type Sql } from '../db/sql.ts';
import { type RawInteger, toInt } from '../db/values.ts';

export async function localLag(sql: Sql, groups: readonly GroupTopics[]): Promise<ConsumerLag[]> {
  const ends = await sql.query<{ topic: string; last_position: RawInteger }>(
    'SELECT topic, last_position FROM event_topics',
  );
  const offsets = await sql.query<{ consumer_group: string; topic: string; position: RawInteger }>(
    'SELECT consumer_group, topic, position FROM consumer_offsets',
  );
  return groups.flatMap(({ group, topics }) =>
    topics.map((topic) => {
      const end = toInt(ends.find((e) => e.topic === topic)?.last_position ?? 0);
      const own = offsets.find((o) => o.consumer_group === group && o.topic === topic);
      const position = toInt(own?.position ?? 0);
      return { group, topic, partition: 0, position, end, lag: end - position };
    }),
  );
}

const unread = (topics: readonly Topic[]): string =>
  `FROM event_log l WHERE l.topic IN (${list(topics.length)})
   AND l.position > COALESCE((SELECT o.position FROM consumer_offsets o WHERE o.consumer_group = ? AND o.topic = l.topic), 0)`;

/** Messages that the group has yet to pass: unlike its lag, without those that were purged before it ever began. */
export async function localUnread(sql: Sql, { group, topics }: GroupTopics): Promise<number> {
  const [row] = await sql.query<{ n: RawInteger }>(`SELECT COUNT(*) AS n ${unread(topics)}`, [
    ...topics,
    group,
  ]);
  return toInt(row?.n ?? 0);
}

/** Whether there is one: asked several times a second. */
export async function localHolds(sql: Sql, { group, topics }: GroupTopics): Promise<boolean> {
  const rows = await sql.query(`SELECT l.position ${unread(topics)} LIMIT 1`, [...topics, group]);
  return rows.length > 0;
}

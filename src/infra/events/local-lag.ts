import type { Beginning, ConsumerLag, GroupTopics } from '../../domain/eventstream/event-log.ts';
import type { Topic } from '../../domain/shared/event.ts';
import { list, type Sql } from '../db/sql.ts';
import { type RawInteger, toInt } from '../db/values.ts';

/** Positions of a topic. */
interface Range {
  /** Of the first message that is kept, or of the next one where none is. */
  readonly first: number;
  readonly last: number;
}

async function rangeOf(sql: Sql, topic: Topic): Promise<Range> {
  const [counter] = await sql.query<{ last_position: RawInteger }>(
    'SELECT last_position FROM event_topics WHERE topic = ?',
    [topic],
  );
  const last = toInt(counter?.last_position ?? 0);
  const [kept] = await sql.query<{ first: RawInteger | null }>(
    'SELECT MIN(position) AS first FROM event_log WHERE topic = ?',
    [topic],
  );
  return { first: toInt(kept?.first ?? last + 1), last };
}

/** A group that is not done with anything begins at the oldest message that is kept. */
export async function localLag(sql: Sql, groups: readonly GroupTopics[]): Promise<ConsumerLag[]> {
  const offsets = await sql.query<{ consumer_group: string; topic: string; position: RawInteger }>(
    'SELECT consumer_group, topic, position FROM consumer_offsets',
  );
  const ranges = new Map<Topic, Range>();
  for (const topic of new Set(groups.flatMap(({ topics }) => topics)))
    ranges.set(topic, await rangeOf(sql, topic));
  return groups.flatMap(({ group, topics }) =>
    topics.map((topic) => {
      const { first, last } = ranges.get(topic) ?? { first: 1, last: 0 };
      const own = offsets.find((o) => o.consumer_group === group && o.topic === topic);
      const position = Math.max(toInt(own?.position ?? 0), first - 1);
      // What was appended since is for the next look.
      const end = Math.max(last, position);
      return { group, topic, partition: 0, position, end, lag: end - position };
    }),
  );
}

export async function localBeginnings(sql: Sql, topics: readonly Topic[]): Promise<Beginning[]> {
  const beginnings: Beginning[] = [];
  for (const topic of topics) {
    const { first } = await rangeOf(sql, topic);
    beginnings.push({ topic, partition: 0, trimmed: first > 1 });
  }
  return beginnings;
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

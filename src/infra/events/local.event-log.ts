import {
  type Beginning,
  type BrowseOptions,
  byTopic,
  type ConsumerLag,
  type EventLog,
  type EventMessage,
  type FormerLog,
  type GroupTopics,
  type Refusals,
  type SubscribeOptions,
  type Subscription,
  type TopicState,
  withoutRefused,
} from '../../domain/eventstream/event-log.ts';
import type { Clock } from '../../domain/shared/clock.ts';
import { DomainError } from '../../domain/shared/errors.ts';
import { TOPICS, type Topic } from '../../domain/shared/event.ts';
import type { Log } from '../../domain/shared/log.ts';
import { EVENT_LOG_SIGNAL } from '../db/eventstream/signals.ts';
import { insertOrIgnore } from '../db/insert-or-ignore.ts';
import { insertRows } from '../db/insert-rows.ts';
import { type Connections, forUpdate, list, type Sql } from '../db/sql.ts';
import { type RawInteger, toInt } from '../db/values.ts';
import { LocalSubscription } from './local.subscription.ts';
import { browseTable } from './local-browser.ts';
import { localBeginnings, localHolds, localLag, localUnread } from './local-lag.ts';

/** @returns how to end the calls */
type OnAppended = (listener: () => void) => () => void;

/** As Kafka's default message.max.bytes. */
const MAX_MESSAGE_BYTES = 1_000_000;

/** A topic of the table; the job purge-events deletes from it. */
const AS_A_TABLE = {
  partitions: 1,
  replicas: 1,
  retentionDays: undefined,
  minInSyncReplicas: 1,
  problems: [],
} as const;

const COLUMNS = ['topic', 'position', 'event_id', 'message_key', 'headers', 'value', 'appended_at'];

/**
 * The event log as a table, one partition a topic, readable by every process of the database. A position is taken
 * from the topic's row, which stays locked until the commit: so positions become visible in their order, and a
 * reader that remembers the last one it saw skips nothing.
 */
export class LocalEventLog implements EventLog, FormerLog {
  readonly kind = 'local';
  readonly #db: Connections;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #onAppended: OnAppended;
  readonly #subscriptions = new Set<LocalSubscription>();

  /** @param onAppended calls back after a commit that appended messages, at the least one of this process */
  constructor(
    db: Connections,
    clock: Clock,
    log: Log,
    onAppended: OnAppended = (listener) => db.onSignal(EVENT_LOG_SIGNAL, listener),
  ) {
    this.#db = db;
    this.#clock = clock;
    this.#log = log;
    this.#onAppended = onAppended;
  }

  async publish(batch: readonly EventMessage[]): Promise<Refusals> {
    const refusals = new Map<string, string>();
    for (const m of batch) {
      const size = Buffer.byteLength(m.value);
      if (size > MAX_MESSAGE_BYTES)
        refusals.set(m.id, `the message has ${size} bytes, ${MAX_MESSAGE_BYTES} at most`);
    }
    const accepted = withoutRefused(batch, refusals);
    if (accepted.length > 0) await this.#db.write((sql) => this.#append(sql, accepted));
    return refusals;
  }

  async #append(sql: Sql, batch: readonly EventMessage[]): Promise<void> {
    for (const [topic, messages] of byTopic(batch)) await this.#appendTo(sql, topic, messages);
    sql.signal(EVENT_LOG_SIGNAL);
  }

  async #appendTo(sql: Sql, topic: Topic, batch: readonly EventMessage[]): Promise<void> {
    const last = await lastPosition(sql, topic);
    // A relay that died before it could mark its batch sends it again: the lock of the row makes this check hold.
    const there = await sql.query<{ event_id: string }>(
      `SELECT event_id FROM event_log WHERE topic = ? AND event_id IN (${list(batch.length)})`,
      [topic, ...batch.map((m) => m.id)],
    );
    const known = new Set(there.map((r) => r.event_id));
    const news = batch.filter((m) => !known.has(m.id));
    if (news.length === 0) return;
    await sql.run('UPDATE event_topics SET last_position = ? WHERE topic = ?', [last + news.length, topic]);
    const now = this.#clock.now();
    const rows = news.map((m, i) => [
      ...[topic, last + 1 + i, m.id, m.key, JSON.stringify(m.headers), m.value, now],
    ]);
    await insertRows(sql, 'event_log', COLUMNS, rows);
  }

  async subscribe(options: SubscribeOptions): Promise<Subscription> {
    const subscription = new LocalSubscription(
      { db: this.#db, clock: this.#clock, log: this.#log, onAppended: this.#onAppended },
      options,
    );
    await subscription.start();
    this.#subscriptions.add(subscription);
    return {
      stop: async () => {
        this.#subscriptions.delete(subscription);
        await subscription.stop();
      },
    };
  }

  lag(groups: readonly GroupTopics[]): Promise<ConsumerLag[]> {
    return localLag(this.#db.read, groups);
  }

  unread(group: GroupTopics): Promise<number> {
    return localUnread(this.#db.read, group);
  }

  holds(group: GroupTopics): Promise<boolean> {
    return localHolds(this.#db.read, group);
  }

  browse(options: BrowseOptions): Promise<void> {
    return browseTable(this.#db.read, this.#onAppended, options);
  }

  beginnings(topics: readonly Topic[]): Promise<Beginning[]> {
    return localBeginnings(this.#db.read, topics);
  }

  async ensureTopics(): Promise<TopicState[]> {
    return this.#db.write(async (sql) => {
      const states: TopicState[] = [];
      for (const topic of TOPICS) {
        const { affected } = await sql.run(
          `${insertOrIgnore(sql)} INTO event_topics (topic, last_position) VALUES (?, 0)`,
          [topic],
        );
        states.push({ ...AS_A_TABLE, topic, created: affected === 1 });
      }
      return states;
    });
  }

  async ping(): Promise<void> {
    try {
      await this.#db.ping();
    } catch (error) {
      throw new DomainError('unavailable', 'the event log is in the database, which gives no answer', {
        cause: error,
      });
    }
  }

  async close(): Promise<void> {
    await Promise.all([...this.#subscriptions].map((s) => s.stop()));
    this.#subscriptions.clear();
  }
}

/** Takes the topic's row until the commit. */
async function lastPosition(sql: Sql, topic: Topic): Promise<number> {
  const read = (): Promise<{ last_position: RawInteger }[]> =>
    sql.query(`SELECT last_position FROM event_topics WHERE topic = ?${forUpdate(sql)}`, [topic]);
  const [row] = await read();
  if (row !== undefined) return toInt(row.last_position);
  await sql.run(`${insertOrIgnore(sql)} INTO event_topics (topic, last_position) VALUES (?, 0)`, [topic]);
  const [made] = await read();
  if (made === undefined) throw new Error(`the topic ${topic} has no row`);
  return toInt(made.last_position);
}

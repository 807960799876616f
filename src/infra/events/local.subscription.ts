import type { SubscribeOptions } from '../../domain/eventstream/event-log.ts';
import { addSeconds, type Clock } from '../../domain/shared/clock.ts';
import type { Topic } from '../../domain/shared/event.ts';
import { newId } from '../../domain/shared/ids.ts';
import { errorFacts, type Log } from '../../domain/shared/log.ts';
import { Wake } from '../../domain/shared/wake.ts';
import { insertOrIgnore } from '../db/insert-or-ignore.ts';
import type { Connections } from '../db/sql.ts';
import { type RawInteger, toInt } from '../db/values.ts';
import { type MessageRow, toReceived } from './local-message.ts';

interface Deps {
  readonly db: Connections;
  readonly clock: Clock;
  readonly log: Log;
  /** Calls back when messages were appended: by this process, and with Redis by any. */
  readonly onAppended: (listener: () => void) => () => void;
}

/** How soon messages of another process are noticed, where no Redis tells, in milliseconds. */
const POLL = 100;
const RETRY = 1000;
const BATCH = 100;
/** One process of a group reads a topic at a time; when it dies, another may after this. */
const LEASE_SECONDS = 15;
const RENEW_SECONDS = 5;

/** Reads a group's topics, each in the order of its positions, from the last one the group was done with. */
export class LocalSubscription {
  readonly #deps: Deps;
  readonly #options: SubscribeOptions;
  readonly #owner = newId();
  readonly #stopping = new AbortController();
  #loops: readonly Promise<void>[] = [];
  #wakes: readonly Wake[] = [];
  #unsubscribe: () => void = () => undefined;

  constructor(deps: Deps, options: SubscribeOptions) {
    this.#deps = deps;
    this.#options = options;
  }

  async start(): Promise<void> {
    const { db, clock, onAppended } = this.#deps;
    await db.write(async (sql) => {
      for (const topic of this.#options.topics) {
        await sql.run(
          `${insertOrIgnore(sql)} INTO consumer_offsets (consumer_group, topic, position, updated_at) VALUES (?, ?, 0, ?)`,
          [this.#options.group, topic, clock.now()],
        );
      }
    });
    this.#wakes = this.#options.topics.map(() => new Wake());
    this.#unsubscribe = onAppended(() => {
      for (const wake of this.#wakes) wake.wake();
    });
    this.#loops = this.#options.topics.map((topic, i) => this.#loop(topic, this.#wakes[i] ?? new Wake()));
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#unsubscribe();
    for (const wake of this.#wakes) wake.wake();
    await Promise.all(this.#loops);
    await this.#deps.db.write((sql) =>
      sql.run(
        'UPDATE consumer_offsets SET lease_owner = NULL, lease_until = NULL WHERE consumer_group = ? AND lease_owner = ?',
        [this.#options.group, this.#owner],
      ),
    );
  }

  async #loop(topic: Topic, wake: Wake): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      try {
        const done = await this.#readBatch(topic);
        if (done < BATCH) await wake.sleep(POLL);
      } catch (error) {
        this.#deps.log.error(
          { ...errorFacts(error), group: this.#options.group, topic },
          'reading events failed',
        );
        await wake.sleep(RETRY);
      }
    }
  }

  /** @returns how many messages were handled */
  async #readBatch(topic: Topic): Promise<number> {
    if (!(await this.#hasNews(topic)) || !(await this.#lease(topic))) return 0;
    const rows = await this.#deps.db.read.query<MessageRow>(
      `SELECT position, message_key, headers, value FROM event_log
       WHERE topic = ? AND position > (SELECT position FROM consumer_offsets WHERE consumer_group = ? AND topic = ?)
       ORDER BY position LIMIT ?`,
      [topic, this.#options.group, topic, BATCH],
    );
    let handled = 0;
    for (const row of rows) {
      if (this.#stopping.signal.aborted) break;
      if (!(await this.#handle(topic, row))) break;
      handled++;
    }
    return handled;
  }

  async #hasNews(topic: Topic): Promise<boolean> {
    const rows = await this.#deps.db.read.query<{ last: RawInteger | null; position: RawInteger }>(
      `SELECT o.position AS position, (SELECT MAX(l.position) FROM event_log l WHERE l.topic = o.topic) AS last
       FROM consumer_offsets o WHERE o.consumer_group = ? AND o.topic = ?`,
      [this.#options.group, topic],
    );
    const row = rows[0];
    return row !== undefined && row.last !== null && toInt(row.last) > toInt(row.position);
  }

  /** @returns false when another process of the group reads this topic */
  async #lease(topic: Topic): Promise<boolean> {
    const now = this.#deps.clock.now();
    const { affected } = await this.#deps.db.write((sql) =>
      sql.run(
        `UPDATE consumer_offsets SET lease_owner = ?, lease_until = ? WHERE consumer_group = ? AND topic = ?
         AND (lease_owner IS NULL OR lease_owner = ? OR lease_until <= ?)`,
        [this.#owner, addSeconds(now, LEASE_SECONDS), this.#options.group, topic, this.#owner, now],
      ),
    );
    return affected === 1;
  }

  /** @returns false when the lease was lost meanwhile: whoever has it now handles the message again */
  async #handle(topic: Topic, row: MessageRow): Promise<boolean> {
    const message = toReceived(topic, row);
    const renewal = setInterval(() => void this.#lease(topic).catch(() => false), RENEW_SECONDS * 1000);
    try {
      await this.#options.handle(message, this.#stopping.signal);
    } finally {
      clearInterval(renewal);
    }
    const now = this.#deps.clock.now();
    const { affected } = await this.#deps.db.write((sql) =>
      sql.run(
        `UPDATE consumer_offsets SET position = ?, lease_until = ?, updated_at = ?
         WHERE consumer_group = ? AND topic = ? AND lease_owner = ?`,
        [row.position, addSeconds(now, LEASE_SECONDS), now, this.#options.group, topic, this.#owner],
      ),
    );
    return affected === 1;
  }
}

import type { ConsumerDeadLetter, InboxStore } from '../../../domain/eventstream/inbox.store.ts';
import type { Clock } from '../../../domain/shared/clock.ts';
import { newId } from '../../../domain/shared/ids.ts';
import { insertOrIgnore } from '../insert-or-ignore.ts';
import type { Sql } from '../sql.ts';

export class SqlInboxStore implements InboxStore {
  readonly #sql: Sql;
  readonly #clock: Clock;

  constructor(sql: Sql, clock: Clock) {
    this.#sql = sql;
    this.#clock = clock;
  }

  async claim(group: string, eventId: string): Promise<boolean> {
    const { affected } = await this.#sql.run(
      `${insertOrIgnore(this.#sql)} INTO inbox (consumer_group, event_id, handled_at) VALUES (?, ?, ?)`,
      [group, eventId, this.#clock.now()],
    );
    return affected === 1;
  }

  async bury(letter: ConsumerDeadLetter): Promise<void> {
    await this.#sql.run(
      `${insertOrIgnore(this.#sql)} INTO consumer_dead_letters (id, consumer_group, topic, partition_number, position, event_id, event_type,
       message_key, headers, value, cause, status, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'dead', ?)`,
      [
        newId(),
        letter.group,
        letter.topic,
        letter.partition,
        letter.position,
        letter.eventId?.slice(0, 64),
        letter.eventType?.slice(0, 100),
        letter.key?.slice(0, 200),
        JSON.stringify(letter.headers),
        JSON.stringify(letter.value),
        letter.cause.slice(0, 10_000),
        this.#clock.now(),
      ],
    );
  }
}

import { createHash } from 'node:crypto';
import type {
  AggregatePosition,
  ConsumerDeadLetter,
  InboxStore,
  Recollection,
} from '../../../domain/eventstream/inbox.store.ts';
import { addSeconds, type Clock } from '../../../domain/shared/clock.ts';
import { newId } from '../../../domain/shared/ids.ts';
import { insertOrIgnore } from '../insert-or-ignore.ts';
import type { Sql } from '../sql.ts';
import { type RawDate, toOptionalDate } from '../values.ts';

/** The job purge-inbox forgets nothing that is younger. */
const SURE_SECONDS = 24 * 3600;

export class SqlInboxStore implements InboxStore {
  readonly #sql: Sql;
  readonly #clock: Clock;

  constructor(sql: Sql, clock: Clock) {
    this.#sql = sql;
    this.#clock = clock;
  }

  async advance(group: string, to: AggregatePosition): Promise<boolean> {
    if (await this.#moveOn(group, to)) return true;
    const { affected } = await this.#sql.run(
      `${insertOrIgnore(this.#sql)} INTO consumer_positions (consumer_group, aggregate_type, aggregate_id, sequence, updated_at) VALUES (?, ?, ?, ?, ?)`,
      [group, to.aggregateType, to.aggregateId, to.sequence, this.#clock.now()],
    );
    // A row that another process inserted in between may stand at an earlier event.
    return affected === 1 || this.#moveOn(group, to);
  }

  async #moveOn(
    group: string,
    { aggregateType, aggregateId, sequence }: AggregatePosition,
  ): Promise<boolean> {
    const { affected } = await this.#sql.run(
      `UPDATE consumer_positions SET sequence = ?, updated_at = ?
       WHERE consumer_group = ? AND aggregate_type = ? AND aggregate_id = ? AND sequence < ?`,
      [sequence, this.#clock.now(), group, aggregateType, aggregateId, sequence],
    );
    return affected === 1;
  }

  async claim(group: string, eventId: string): Promise<boolean> {
    const { affected } = await this.#sql.run(
      `${insertOrIgnore(this.#sql)} INTO inbox (consumer_group, event_id, handled_at) VALUES (?, ?, ?)`,
      [group, eventId, this.#clock.now()],
    );
    return affected === 1;
  }

  async recall(group: string, { id, occurredAt }: { id: string; occurredAt: Date }): Promise<Recollection> {
    const settled = await this.#sql.query(
      `SELECT event_id FROM inbox WHERE consumer_group = ? AND event_id = ?
       UNION ALL SELECT event_id FROM consumer_dead_letters WHERE consumer_group = ? AND event_id = ?`,
      [group, id, group, id],
    );
    if (settled.length > 0) return 'settled';
    if (occurredAt >= addSeconds(this.#clock.now(), -SURE_SECONDS)) return 'unknown';
    // The oldest go first: whatever was handled since the oldest that is there is there, too.
    const [kept] = await this.#sql.query<{ oldest: RawDate | null }>(
      'SELECT MIN(handled_at) AS oldest FROM inbox',
    );
    const since = toOptionalDate(kept?.oldest ?? null);
    return since === undefined || occurredAt < since ? 'forgotten' : 'unknown';
  }

  async bury(letter: ConsumerDeadLetter): Promise<void> {
    await this.#sql.run(
      `${insertOrIgnore(this.#sql)} INTO consumer_dead_letters (id, consumer_group, topic, partition_number, position, message_hash,
       event_id, event_type, message_key, headers, value, cause, status, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'dead', ?)`,
      [
        newId(),
        letter.group,
        letter.topic,
        letter.partition,
        letter.position,
        hashOf(letter),
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

/** Of what the message holds: another one may have its offset, in a topic that was made anew. */
const hashOf = ({ key, headers, value }: ConsumerDeadLetter): string =>
  createHash('sha256')
    .update(JSON.stringify([key ?? null, headers, value]))
    .digest('hex');

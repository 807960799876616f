import { addSeconds, type Clock } from '../../domain/shared/clock.ts';
import { DomainError } from '../../domain/shared/errors.ts';
import { type Once, Replay, type StoredReply } from '../../domain/shared/once.ts';
import type { BegunOperation } from '../../domain/use-cases/tx.ts';
import type { Sql } from './sql.ts';
import { type RawDate, toDate } from './values.ts';

const KEPT_SECONDS = 24 * 3600;
/**
 * How long an operation of several transactions may be in flight before its key may be claimed again: longer than a
 * gateway is waited for.
 */
const LEASE_SECONDS = 120;

interface KeyRow {
  fingerprint: string;
  reply_status: number | null;
  reply_body: string | null;
  subject: string | null;
  lease_until: RawDate;
  expires_at: RawDate;
}

/** Keys of unsafe requests, in the transaction of their effect. */
export class SqlIdempotency {
  readonly #sql: Sql;
  readonly #clock: Clock;

  constructor(sql: Sql, clock: Clock) {
    this.#sql = sql;
    this.#clock = clock;
  }

  async claim<T>(once: Once<T>): Promise<void> {
    const row = await this.#take(once, undefined);
    if (row !== undefined) await this.#takeOver(once, this.#clock.now());
  }

  async begin<T>(
    once: Once<T>,
    subject: string,
    isDone: (subject: string) => Promise<boolean>,
  ): Promise<BegunOperation> {
    const row = await this.#take(once, subject);
    if (row === undefined) return { subject, resumed: false };
    const { subject: before } = row;
    if (before !== null && (await isDone(before))) return { subject: before, resumed: true };
    await this.#takeOver(once, this.#clock.now());
    if (before !== null) return { subject: before, resumed: true };
    await this.#sql.run('UPDATE idempotency_keys SET subject = ? WHERE scope = ? AND idempotency_key = ?', [
      subject,
      once.scope,
      once.key,
    ]);
    return { subject, resumed: false };
  }

  /**
   * Takes the key, waiting (by the row's lock) for another transaction that holds it.
   * @returns undefined when it is ours now; otherwise the row of the request that has it, and has no reply yet
   * @throws Replay when it is done; DomainError idempotency_key_reused for another body
   */
  async #take<T>(once: Once<T>, subject: string | undefined): Promise<KeyRow | undefined> {
    const now = this.#clock.now();
    if (await this.#insert(once, subject, now)) return undefined;
    const row = await this.#find(once);
    if (row === undefined || toDate(row.expires_at) <= now) {
      await this.#sql.run(
        'DELETE FROM idempotency_keys WHERE scope = ? AND idempotency_key = ? AND expires_at <= ?',
        [once.scope, once.key, now],
      );
      if (await this.#insert(once, subject, now)) return undefined;
      throw inFlight();
    }
    if (row.fingerprint !== once.fingerprint) {
      throw new DomainError(
        'idempotency_key_reused',
        'this Idempotency-Key was used with another request: use a new key',
      );
    }
    if (row.reply_status === null) return row;
    throw new Replay({
      status: row.reply_status,
      body: row.reply_body === null ? undefined : JSON.parse(row.reply_body),
    });
  }

  async complete<T>(once: Once<T>, result: T): Promise<void> {
    await this.#store(once, once.render(result));
  }

  async deleteAllOf(userId: string): Promise<void> {
    // As a range, which the primary key serves: ';' comes right after ':'.
    await this.#sql.run('DELETE FROM idempotency_keys WHERE scope >= ? AND scope < ?', [
      `user:${userId}:`,
      `user:${userId};`,
    ]);
  }

  async #store(once: Pick<Once<unknown>, 'scope' | 'key'>, reply: StoredReply): Promise<void> {
    await this.#sql.run(
      'UPDATE idempotency_keys SET reply_status = ?, reply_body = ? WHERE scope = ? AND idempotency_key = ?',
      [reply.status, reply.body === undefined ? null : JSON.stringify(reply.body), once.scope, once.key],
    );
  }

  async #insert(
    once: Pick<Once<unknown>, 'scope' | 'key' | 'fingerprint'>,
    subject: string | undefined,
    now: Date,
  ): Promise<boolean> {
    const ignore = this.#sql.kind === 'sqlite' ? 'OR IGNORE' : 'IGNORE';
    const { affected } = await this.#sql.run(
      `INSERT ${ignore} INTO idempotency_keys (scope, idempotency_key, fingerprint, subject, created_at, lease_until, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?)`,
      [
        once.scope,
        once.key,
        once.fingerprint,
        subject,
        now,
        addSeconds(now, LEASE_SECONDS),
        addSeconds(now, KEPT_SECONDS),
      ],
    );
    return affected === 1;
  }

  async #find(once: Pick<Once<unknown>, 'scope' | 'key'>): Promise<KeyRow | undefined> {
    const rows = await this.#sql.query<KeyRow>(
      'SELECT fingerprint, reply_status, reply_body, subject, lease_until, expires_at FROM idempotency_keys WHERE scope = ? AND idempotency_key = ?',
      [once.scope, once.key],
    );
    return rows[0];
  }

  /** The first holder died between its transactions: after its lease the same request may go on. */
  async #takeOver(once: Pick<Once<unknown>, 'scope' | 'key'>, now: Date): Promise<void> {
    const { affected } = await this.#sql.run(
      'UPDATE idempotency_keys SET lease_until = ? WHERE scope = ? AND idempotency_key = ? AND reply_status IS NULL AND lease_until <= ?',
      [addSeconds(now, LEASE_SECONDS), once.scope, once.key, now],
    );
    if (affected !== 1) throw inFlight();
  }
}

const inFlight = (): DomainError =>
  new DomainError('idempotency_in_flight', 'the first request with this Idempotency-Key is still in flight', {
    retryAfter: 1,
  });

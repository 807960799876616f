import { toMessage } from '../eventstream/cloud-event.ts';
import type { EventLog, Refusals } from '../eventstream/event-log.ts';
import type { OutboxEntry, OutboxReadModel, Refusal } from '../eventstream/outbox.store.ts';
import { backoffDelay } from '../shared/backoff.ts';
import { addSeconds, type Clock } from '../shared/clock.ts';
import { newId } from '../shared/ids.ts';
import type { Database } from './tx.ts';

export interface DispatchSettings {
  readonly batchSize: number;
  /** Refusals until an event is a dead letter. */
  readonly maxAttempts: number;
  readonly retryBaseSeconds: number;
  readonly maxBackoffSeconds: number;
  readonly sendTimeoutSeconds: number;
}

export interface DispatchResult {
  readonly claimed: number;
  readonly sent: number;
  /** Refused by the log, to be tried again. */
  readonly refused: number;
  /** Refused for the last time. */
  readonly dead: number;
}

export interface DispatchOutboxDeps {
  readonly db: Database;
  readonly outbox: OutboxReadModel;
  readonly log: EventLog;
  readonly clock: Clock;
  readonly settings: DispatchSettings;
  readonly random?: () => number;
}

/** A lease outlives the slowest send with its retries: nobody else publishes while the outcome is open. */
const LEASE_SENDS = 4;
const MIN_LEASE_SECONDS = 30;
const NOTHING: DispatchResult = { claimed: 0, sent: 0, refused: 0, dead: 0 };

/** Publishes one batch of the outbox: the oldest event of each aggregate that has one. */
export class DispatchOutbox {
  readonly #deps: DispatchOutboxDeps;
  readonly #random: () => number;

  constructor(deps: DispatchOutboxDeps) {
    this.#deps = deps;
    this.#random = deps.random ?? Math.random;
  }

  /** @throws DomainError unavailable when the log cannot be reached: nothing is lost, and no attempt is counted */
  async run(limit: number = this.#deps.settings.batchSize): Promise<DispatchResult> {
    const { db, outbox, clock, settings } = this.#deps;
    const now = clock.now();
    if (!(await outbox.hasDue(now))) return NOTHING;
    const seconds = Math.max(MIN_LEASE_SECONDS, LEASE_SENDS * settings.sendTimeoutSeconds);
    const lease = { owner: newId(), until: addSeconds(now, seconds) };
    const entries = await db.transaction((tx) =>
      tx.outbox.claimHeads(lease, now, Math.min(limit, settings.batchSize)),
    );
    if (entries.length === 0) return NOTHING;
    const refusals = await this.#publish(lease.owner, entries);
    return this.#settle(lease.owner, entries, refusals);
  }

  async #publish(owner: string, entries: readonly OutboxEntry[]): Promise<Refusals> {
    try {
      return await this.#deps.log.publish(entries.map(toMessage));
    } catch (error) {
      await this.#deps.db.transaction((tx) => tx.outbox.release(owner));
      throw error;
    }
  }

  async #settle(owner: string, entries: readonly OutboxEntry[], refusals: Refusals): Promise<DispatchResult> {
    const at = this.#deps.clock.now();
    const sent = entries.filter((e) => !refusals.has(e.id)).map((e) => e.id);
    const refused = entries.flatMap((e) => {
      const reason = refusals.get(e.id);
      return reason === undefined ? [] : [this.#refusal(e, reason, at)];
    });
    await this.#deps.db.transaction(async (tx) => {
      await tx.outbox.markSent(owner, sent, at);
      await tx.outbox.refuse(owner, refused);
    });
    const dead = refused.filter((r) => r.availableAt === undefined).length;
    return { claimed: entries.length, sent: sent.length, refused: refused.length - dead, dead };
  }

  #refusal(entry: OutboxEntry, reason: string, at: Date): Refusal {
    const { maxAttempts, retryBaseSeconds, maxBackoffSeconds } = this.#deps.settings;
    const attempt = entry.attempts + 1;
    if (attempt >= maxAttempts) return { id: entry.id, reason, availableAt: undefined };
    const backoff = { base: retryBaseSeconds * 1000, ceiling: maxBackoffSeconds * 1000 };
    const wait = backoffDelay(backoff, attempt, this.#random());
    return { id: entry.id, reason, availableAt: new Date(at.getTime() + wait) };
  }
}

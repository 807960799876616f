import { toMessage } from '../eventstream/cloud-event.ts';
import { type EventLog, type EventMessage, type Refusals, withoutRefused } from '../eventstream/event-log.ts';
import type { Lease, OutboxEntry, OutboxReadModel, Refusal } from '../eventstream/outbox.store.ts';
import { backoffDelay } from '../shared/backoff.ts';
import { addSeconds, type Clock } from '../shared/clock.ts';
import { newId } from '../shared/ids.ts';
import type { Database, Tx } from './tx.ts';

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

export interface DrainOptions {
  /** Events to claim at most. */
  readonly limit?: number | undefined;
  /** Ends it after the batches in hand. */
  readonly signal?: AbortSignal | undefined;
  /** Told of every batch that was settled. */
  readonly onBatch?: ((result: DispatchResult) => void) | undefined;
}

/** What only this relay may publish until the lease ends. */
interface Claimed {
  readonly lease: Lease;
  readonly entries: readonly OutboxEntry[];
  readonly messages: readonly EventMessage[];
}

interface Published extends Claimed {
  readonly stored: readonly string[];
  readonly refusals: Refusals;
  /** Why the rest was not sent. */
  readonly failure?: Error;
}

/** Batches that are claimed and settled together: so a transaction and a look at the backlog serve many events. */
const BATCHES = 10;
/** Of a claim, where batches are large: what it names goes into one statement. */
const MOST = 2000;
/** A lease outlives the slowest send with its retries: nobody else publishes while the outcome is open. */
const LEASE_SENDS = 4;
const MIN_LEASE_SECONDS = 5;
export const NOTHING: DispatchResult = { claimed: 0, sent: 0, refused: 0, dead: 0 };

/** Publishes the outbox in batches of many aggregates, each aggregate's events in order. */
export class DispatchOutbox {
  readonly #deps: DispatchOutboxDeps;
  readonly #random: () => number;
  /** The aggregate whose turn was last. */
  #last = '';

  constructor(deps: DispatchOutboxDeps) {
    this.#deps = deps;
    this.#random = deps.random ?? Math.random;
  }

  /**
   * Publishes what can be claimed at once.
   * @throws DomainError unavailable when the log cannot be reached: nothing is lost, and no attempt is counted
   */
  async run(limit: number = Number.POSITIVE_INFINITY): Promise<DispatchResult> {
    if (!(await this.#hasDue())) return NOTHING;
    const { claimed } = await this.#turn(undefined, limit);
    if (claimed === undefined) return NOTHING;
    const published = await this.#publish(claimed);
    const { settled } = await this.#turn(published, 0);
    if (published.failure !== undefined) throw published.failure;
    return settled;
  }

  /**
   * Publishes until nothing is due. While one claim is sent in batches, the one before is marked and the next is
   * claimed: it holds other aggregates, so that none waits for another.
   * @throws DomainError as `run`
   */
  async drain({
    limit = Number.POSITIVE_INFINITY,
    signal,
    onBatch,
  }: DrainOptions = {}): Promise<DispatchResult> {
    let total = NOTHING;
    let left = limit;
    const turn = async (published: Published | undefined, mayClaim = true): Promise<Claimed | undefined> => {
      const { settled, claimed } = await this.#turn(published, mayClaim && !signal?.aborted ? left : 0);
      left -= claimed?.entries.length ?? 0;
      total = sum(total, settled);
      if (published !== undefined) onBatch?.(settled);
      return claimed;
    };
    while (left > 0 && !signal?.aborted && (await this.#hasDue())) {
      let current = await turn(undefined);
      let previous: Published | undefined;
      while (current !== undefined) {
        // What is not full took all that was free.
        const isFull = current.entries.length >= this.#claimSize;
        const before = previous;
        const [sent, next] = await Promise.allSettled([
          this.#publish(current, signal),
          turn(previous, isFull),
        ]);
        if (sent.status === 'rejected') throw sent.reason;
        previous = sent.value;
        if (previous.failure !== undefined || next.status === 'rejected') {
          if (next.status === 'fulfilled' && next.value !== undefined) await this.#release(next.value);
          // What is in the log is marked, also where that failed a moment ago: else it would be published twice.
          if (next.status === 'rejected') await turn(before, false);
          await turn(previous, false);
          throw next.status === 'rejected' ? next.reason : previous.failure;
        }
        // What stood behind the claim in hand is due now.
        current = next.value ?? (await turn(previous, isFull));
        if (next.value === undefined) previous = undefined;
      }
    }
    return total;
  }

  get #claimSize(): number {
    const { batchSize } = this.#deps.settings;
    return Math.max(batchSize, Math.min(BATCHES * batchSize, MOST));
  }

  /** A read, so that an idle relay takes no write lock. */
  #hasDue(): Promise<boolean> {
    return this.#deps.outbox.hasDue(this.#deps.clock.now());
  }

  /** One transaction: what was published is settled, and at most `limit` entries are claimed. */
  async #turn(
    published: Published | undefined,
    limit: number,
  ): Promise<{ settled: DispatchResult; claimed: Claimed | undefined }> {
    if (published === undefined && limit <= 0) return { settled: NOTHING, claimed: undefined };
    return this.#deps.db.transaction(async (tx) => ({
      settled: published === undefined ? NOTHING : await this.#settle(tx, published),
      claimed: limit <= 0 ? undefined : await this.#claim(tx, limit),
    }));
  }

  async #claim(tx: Tx, limit: number): Promise<Claimed | undefined> {
    const { clock, settings } = this.#deps;
    const now = clock.now();
    const seconds = Math.max(MIN_LEASE_SECONDS, LEASE_SENDS * settings.sendTimeoutSeconds);
    const lease = { owner: newId(), until: addSeconds(now, seconds) };
    const most = Math.min(limit, this.#claimSize);
    const { entries, last } = await tx.outbox.claimHeads(lease, now, most, this.#last);
    this.#last = last ?? this.#last;
    return entries.length === 0 ? undefined : { lease, entries, messages: entries.map(toMessage) };
  }

  /** In batches, until the lease is about to end, or `signal` aborts. Never rejects. */
  async #publish(claimed: Claimed, signal?: AbortSignal): Promise<Published> {
    const { messages } = claimed;
    const refusals = new Map<string, string>();
    const stored: string[] = [];
    const size = this.#deps.settings.batchSize;
    for (let from = 0; from < messages.length && !this.#isStale(claimed); from += size) {
      if (from > 0 && signal?.aborted) break;
      const passed = new Set(withoutRefused(messages, refusals));
      const batch = messages.slice(from, from + size).filter((message) => passed.has(message));
      if (batch.length === 0) continue;
      try {
        const refused = await this.#deps.log.publish(batch);
        for (const [id, reason] of refused) refusals.set(id, reason);
        stored.push(...withoutRefused(batch, refused).map((message) => message.id));
      } catch (error) {
        const failure = error instanceof Error ? error : new Error(String(error));
        return { ...claimed, stored, refusals, failure };
      }
    }
    return { ...claimed, stored, refusals };
  }

  /** Whether the lease may end while the next batch is sent. */
  #isStale({ lease }: Claimed): boolean {
    const { clock, settings } = this.#deps;
    return addSeconds(clock.now(), 2 * settings.sendTimeoutSeconds) >= lease.until;
  }

  #release({ lease, entries }: Claimed): Promise<void> {
    return this.#deps.db.transaction((tx) => tx.outbox.release(lease.owner, idsOf(entries)));
  }

  async #settle(tx: Tx, { lease, entries, stored, refusals }: Published): Promise<DispatchResult> {
    const at = this.#deps.clock.now();
    const blocked = new Set<string>();
    const refused = entries.flatMap((entry) => {
      const reason = refusals.get(entry.id);
      // Behind another refused one it was not its turn yet.
      if (reason === undefined || blocked.has(entry.aggregateId)) return [];
      blocked.add(entry.aggregateId);
      return [this.#refusal(entry, reason, at)];
    });
    await tx.outbox.markSent(lease.owner, stored, at);
    await tx.outbox.refuse(lease.owner, refused);
    // What a refused entry keeps back, and what was not sent.
    if (stored.length + refused.length < entries.length) await tx.outbox.release(lease.owner, idsOf(entries));
    const dead = refused.filter((r) => r.availableAt === undefined).length;
    return { claimed: entries.length, sent: stored.length, refused: refused.length - dead, dead };
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

const idsOf = (entries: readonly OutboxEntry[]): string[] => entries.map((entry) => entry.id);

export const sum = (a: DispatchResult, b: DispatchResult): DispatchResult => ({
  claimed: a.claimed + b.claimed,
  sent: a.sent + b.sent,
  refused: a.refused + b.refused,
  dead: a.dead + b.dead,
});

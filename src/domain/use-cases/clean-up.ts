import type { JobRunner } from '../jobs/job-runner.ts';
import type { Kept } from '../jobs/retention.store.ts';
import { addSeconds, type Clock } from '../shared/clock.ts';
import type { Database } from './tx.ts';

const DAY = 24 * 3600;
/** Rows per transaction: few enough that nobody waits long for the lock. */
const BATCH = 500;

export interface CleanUpDeps {
  readonly db: Database;
  readonly jobs: Pick<JobRunner, 'purgeFinished'>;
  readonly clock: Clock;
}

/** Deletes what was kept for a time only, in small transactions, and stops between two of them. Each method gives the number of rows that went. */
export class CleanUp {
  readonly #deps: CleanUpDeps;

  constructor(deps: CleanUpDeps) {
    this.#deps = deps;
  }

  /** Published events; the local log keeps a message until every consumer group has passed it. */
  async events(keptDays: number, signal?: AbortSignal): Promise<number> {
    return (
      (await this.#purge('sent events', keptDays, signal)) +
      (await this.#purge('local event log', keptDays, signal))
    );
  }

  /**
   * What was handled, and what was decided about the rest. Must be kept longer than any event may be delivered again:
   * else a settled dead letter would come back, and `events verify` would miss what was skipped.
   */
  async inbox(keptDays: number, signal?: AbortSignal): Promise<number> {
    let gone = 0;
    for (const what of ['inbox', 'consumer positions', 'settled dead letters', 'skipped events'] as const)
      gone += await this.#purge(what, keptDays, signal);
    return gone;
  }

  guestCarts(keptDays: number, signal?: AbortSignal): Promise<number> {
    return this.#purge('guest carts', keptDays, signal);
  }

  /** Must be kept longer than a provider repeats an event. */
  webhooks(keptDays: number, signal?: AbortSignal): Promise<number> {
    return this.#purge('payment webhooks', keptDays, signal);
  }

  /** What still waits for its endpoint stays. */
  webhookDeliveries(keptDays: number, signal?: AbortSignal): Promise<number> {
    return this.#purge('webhook deliveries', keptDays, signal);
  }

  async credentials(signal?: AbortSignal): Promise<number> {
    let gone = 0;
    for (const what of ['idempotency keys', 'refresh tokens', 'order claims'] as const)
      gone += await this.#purge(what, 0, signal);
    return gone;
  }

  async jobs(keptDays: number, keptDeadDays: number, signal?: AbortSignal): Promise<number> {
    const before = { all: this.#before(keptDays), dead: this.#before(keptDeadDays) };
    let gone = await inBatches(() => this.#deps.jobs.purgeFinished(before, BATCH), signal);
    gone += await this.#purge('schedule runs', keptDays, signal);
    for (const what of ['workers', 'worker commands'] as const) gone += await this.#purge(what, 1, signal);
    return gone;
  }

  #purge(what: Kept, keptDays: number, signal: AbortSignal | undefined): Promise<number> {
    const before = this.#before(keptDays);
    return inBatches(
      () => this.#deps.db.transaction((tx) => tx.retention.purge(what, before, BATCH)),
      signal,
    );
  }

  #before(days: number): Date {
    return addSeconds(this.#deps.clock.now(), -days * DAY);
  }
}

async function inBatches(purge: () => Promise<number>, signal: AbortSignal | undefined): Promise<number> {
  let total = 0;
  for (;;) {
    signal?.throwIfAborted();
    const gone = await purge();
    total += gone;
    if (gone < BATCH) return total;
  }
}

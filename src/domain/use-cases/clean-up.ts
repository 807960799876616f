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

/** Deletes what was kept for a time only, in small transactions. Each method gives the number of rows that went. */
export class CleanUp {
  readonly #deps: CleanUpDeps;

  constructor(deps: CleanUpDeps) {
    this.#deps = deps;
  }

  /** Published events; the local log keeps a message until every consumer group has passed it. */
  async events(keptDays: number): Promise<number> {
    return (await this.#purge('sent events', keptDays)) + (await this.#purge('local event log', keptDays));
  }

  /**
   * What was handled, and what was decided about the rest. Must be kept longer than any event may be delivered again:
   * else a settled dead letter would come back, and `events verify` would miss what was skipped.
   */
  async inbox(keptDays: number): Promise<number> {
    let gone = 0;
    for (const what of ['inbox', 'consumer positions', 'settled dead letters', 'skipped events'] as const)
      gone += await this.#purge(what, keptDays);
    return gone;
  }

  guestCarts(keptDays: number): Promise<number> {
    return this.#purge('guest carts', keptDays);
  }

  /** Must be kept longer than a provider repeats an event. */
  webhooks(keptDays: number): Promise<number> {
    return this.#purge('payment webhooks', keptDays);
  }

  /** What still waits for its endpoint stays. */
  webhookDeliveries(keptDays: number): Promise<number> {
    return this.#purge('webhook deliveries', keptDays);
  }

  async credentials(): Promise<number> {
    let gone = 0;
    for (const what of ['idempotency keys', 'refresh tokens', 'order claims'] as const)
      gone += await this.#purge(what, 0);
    return gone;
  }

  async jobs(keptDays: number): Promise<number> {
    const before = this.#before(keptDays);
    const jobs = await inBatches(() => this.#deps.jobs.purgeFinished(before, BATCH));
    const runs = await this.#purge('schedule runs', keptDays);
    return jobs + runs + (await this.#purge('workers', 1)) + (await this.#purge('worker commands', 1));
  }

  #purge(what: Kept, keptDays: number): Promise<number> {
    const before = this.#before(keptDays);
    return inBatches(() => this.#deps.db.transaction((tx) => tx.retention.purge(what, before, BATCH)));
  }

  #before(days: number): Date {
    return addSeconds(this.#deps.clock.now(), -days * DAY);
  }
}

async function inBatches(purge: () => Promise<number>): Promise<number> {
  let total = 0;
  for (;;) {
    const gone = await purge();
    total += gone;
    if (gone < BATCH) return total;
  }
}

import type { Clock } from '../shared/clock.ts';
import type { Database } from './tx.ts';

/** Levels per transaction: few enough that no consumer waits long. */
const BATCH = 200;

/** Makes the stock projection anew from the stock levels; consumers may go on meanwhile. */
export class RebuildStockProjection {
  readonly #db: Database;
  readonly #clock: Clock;

  constructor(db: Database, clock: Clock) {
    this.#db = db;
    this.#clock = clock;
  }

  /** @returns the number of transactions that it took */
  async run(batch = BATCH): Promise<number> {
    let after: string | undefined;
    for (let batches = 0; ; batches += 1) {
      const from = after;
      after = await this.#db.transaction((tx) => tx.stockProjection.rebuild(from, batch, this.#clock.now()));
      if (after === undefined) return batches;
    }
  }
}

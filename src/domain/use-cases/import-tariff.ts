import type { Market } from '../landed-cost/market.ts';
import { readTariffFile } from '../landed-cost/tariff-file.ts';
import { type Actor, actorLabel } from '../shared/actor.ts';
import type { Clock } from '../shared/clock.ts';
import { newId } from '../shared/ids.ts';
import type { Database } from './tx.ts';

/** Puts a file of tariff rates in, all of it or nothing. Orders keep what they were quoted. */
export class ImportTariff {
  readonly #db: Database;
  readonly #clock: Clock;

  constructor(ports: { readonly db: Database; readonly clock: Clock }) {
    this.#db = ports.db;
    this.#clock = ports.clock;
  }

  /** @returns how many rates there were @throws DomainError validation_failed */
  async run(actor: Actor, market: Market, text: string): Promise<number> {
    const rates = readTariffFile(text, market, newId);
    await this.#db.transaction(async (tx) => {
      await tx.tariffs.put(rates);
      await tx.audit.append({
        at: this.#clock.now(),
        actor: actorLabel(actor),
        action: 'tariff.import',
        subject: `tariff:${market}`,
        details: { rates: rates.length },
      });
    });
    return rates.length;
  }
}

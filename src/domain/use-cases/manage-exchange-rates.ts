import { checkPair, type ExchangeRate, normalRate } from '../pricing/exchange-rate.ts';
import { type Actor, actorLabel } from '../shared/actor.ts';
import type { Clock } from '../shared/clock.ts';
import { newId } from '../shared/ids.ts';
import type { Database } from './tx.ts';

export interface RateInput {
  readonly base: string;
  readonly quote: string;
  /** Units of `quote` for one of `base`, as a decimal. */
  readonly rate: string;
  /** From now on when absent. */
  readonly validFrom: Date | undefined;
  readonly source: string;
}

/** What staff do with exchange rates. Orders keep those that they were placed with. */
export class ManageExchangeRates {
  readonly #db: Database;
  readonly #clock: Clock;

  constructor(ports: { readonly db: Database; readonly clock: Clock }) {
    this.#db = ports.db;
    this.#clock = ports.clock;
  }

  /** In the place of one of the same pair and moment. @throws DomainError validation_failed */
  set(actor: Actor, { base, quote, rate, validFrom, source }: RateInput): Promise<ExchangeRate> {
    checkPair(base, quote);
    const at = this.#clock.now();
    const wanted = { id: newId(), base, quote, rate: normalRate(rate), source, createdAt: at };
    return this.#db.transaction(async (tx) => {
      const stored = await tx.exchangeRates.put({ ...wanted, validFrom: validFrom ?? at });
      await tx.audit.append({
        at,
        actor: actorLabel(actor),
        action: 'exchange-rate.set',
        subject: `exchange-rate:${base}/${quote}`,
        details: { rate: stored.rate, validFrom: stored.validFrom.toISOString(), source },
      });
      return stored;
    });
  }
}

import type { ExchangeRateReadModel } from '../pricing/exchange-rate.store.ts';
import { normalRate } from '../pricing/exchange-rate.ts';
import type { RateSource } from '../pricing/rate.source.ts';
import { type Actor, actorLabel } from '../shared/actor.ts';
import type { Clock } from '../shared/clock.ts';
import { isCurrency } from '../shared/currency.ts';
import { DomainError } from '../shared/errors.ts';
import type { RateLeg } from '../shared/exchange.ts';
import { newId } from '../shared/ids.ts';
import type { Database } from './tx.ts';

interface Deps {
  readonly db: Database;
  readonly clock: Clock;
  readonly rates: ExchangeRateReadModel;
  /** Absent: nobody is asked, and staff set the rates. */
  readonly source: RateSource | undefined;
}

const REFRESH: Actor = { type: 'system', name: 'exchange-rates' };

/** Stores what a source publishes. What staff have set from a later moment on stays in force. */
export class RefreshExchangeRates {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** @returns how many rates were new @throws DomainError unavailable, also for a rate that is none */
  async run(signal?: AbortSignal): Promise<{ readonly stored: number }> {
    const { db, clock, source } = this.#deps;
    if (source === undefined) return { stored: 0 };
    const fresh = await this.#unknown((await source.latest()).filter(isOurs).map(normalized));
    if (fresh.length === 0) return { stored: 0 };
    signal?.throwIfAborted();
    const at = clock.now();
    await db.transaction(async (tx) => {
      for (const leg of fresh) await tx.exchangeRates.put({ ...leg, id: newId(), createdAt: at });
      await tx.audit.append({
        at,
        actor: actorLabel(REFRESH),
        action: 'exchange-rate.refreshed',
        subject: 'exchange-rates',
        details: { rates: Object.fromEntries(fresh.map((leg) => [`${leg.base}/${leg.quote}`, leg.rate])) },
      });
    });
    return { stored: fresh.length };
  }

  /** Of these what is not stored as it is: a source has the same rates all day, and all weekend. */
  async #unknown(legs: readonly RateLeg[]): Promise<readonly RateLeg[]> {
    const newest = legs.reduce((latest, { validFrom }) => Math.max(latest, validFrom.getTime()), 0);
    const stored = await this.#deps.rates.inForce(
      new Date(Math.max(newest, this.#deps.clock.now().getTime())),
    );
    const known = new Set(stored.map(keyOf));
    return legs.filter((leg) => !known.has(keyOf(leg)));
  }
}

const isOurs = ({ base, quote }: RateLeg): boolean => base !== quote && isCurrency(base) && isCurrency(quote);

function normalized(leg: RateLeg): RateLeg {
  try {
    return { ...leg, rate: normalRate(leg.rate) };
  } catch (cause) {
    const message = `${leg.source} has a rate of ${leg.base}/${leg.quote} that is no positive decimal: nothing was stored`;
    throw new DomainError('unavailable', message, { cause });
  }
}

const keyOf = ({ base, quote, rate, validFrom }: RateLeg): string =>
  `${base}/${quote} ${rate} ${validFrom.toISOString()}`;

import type { Country } from '../shared/country.ts';
import type { Market } from './market.ts';
import type { LandedCost } from './quote.ts';
import type { TariffRate } from './tariff-rate.ts';

/** One statement, inside a transaction or on the read connection. */
export interface TariffReadModel {
  /** Ordinary rates in force that are for one of the HS codes, from one of the origins or from any. */
  forGoods(
    market: Market,
    goods: { readonly hsCodes: readonly string[]; readonly origins: readonly Country[] },
    at: Date,
  ): Promise<readonly TariffRate[]>;
}

/** Part of the transaction: see use-cases/tx.ts. */
export interface TariffStore extends TariffReadModel {
  /** Each takes the place of one of the same market, prefix, origin, programme and beginning. */
  put(rates: readonly TariffRate[]): Promise<void>;
}

/** A quote as an order keeps it: what each line bears stands in the order's lines. */
export type FrozenLandedCost = Omit<LandedCost, 'lines'>;

/** Part of the transaction: see use-cases/tx.ts. */
export interface LandedCostStore {
  freeze(orderId: string, cost: FrozenLandedCost): Promise<void>;
}

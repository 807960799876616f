import type { Currency } from '../shared/currency.ts';
import { invalidField } from '../shared/errors.ts';
import type { Money } from '../shared/money.ts';

/** The country code of a zone that serves every country without a zone of its own. */
export const ELSEWHERE = '*';

/** A country belongs to at most one zone, which the primary key holds. */
export interface ShippingZone {
  readonly id: string;
  readonly code: string;
  readonly name: string;
  /** ISO 3166-1 alpha-2 codes, or ELSEWHERE. */
  readonly countries: readonly string[];
  readonly version: number;
}

export const SHIPPING_BASES = ['weight', 'value'] as const;
/** What the bands measure: grams, or the value of the goods in minor units, before discounts. */
export type ShippingBasis = (typeof SHIPPING_BASES)[number];

export interface ShippingBand {
  /** The largest measure that this band takes; absent in the last band when nothing is too much. */
  readonly upTo: bigint | undefined;
  /** Minor units of the rate's currency. */
  readonly price: bigint;
}

/** The prices of a method in one currency. Without a rate in an order's currency the method is not offered. */
export interface ShippingRate {
  readonly currency: Currency;
  /** Goods worth this much (minor units, before discounts) ship for nothing. */
  readonly freeOver: bigint | undefined;
  /** Ascending. */
  readonly bands: readonly ShippingBand[];
}

export interface ShippingMethod {
  readonly id: string;
  readonly zoneId: string;
  /** Unique; frozen into orders. */
  readonly code: string;
  readonly name: string;
  readonly basis: ShippingBasis;
  readonly minDays: number | undefined;
  readonly maxDays: number | undefined;
  readonly position: number;
  readonly active: boolean;
  readonly rates: readonly ShippingRate[];
  readonly version: number;
}

/** What is sent, as far as its price depends on it. */
export interface Parcel {
  /** Of the goods, before discounts. */
  readonly value: Money;
  readonly weightGrams: bigint;
}

/** What a method costs for a parcel, in the currency of its value; undefined when it does not take it. */
export function shippingPrice(
  method: Pick<ShippingMethod, 'basis' | 'rates'>,
  { value, weightGrams }: Parcel,
): Money | undefined {
  const { amount, currency } = value;
  const rate = method.rates.find((r) => r.currency === currency);
  const measure = method.basis === 'weight' ? weightGrams : amount;
  const band = rate?.bands.find(({ upTo }) => upTo === undefined || measure <= upTo);
  if (rate === undefined || band === undefined) return undefined;
  const free = rate.freeOver !== undefined && amount >= rate.freeOver;
  return { amount: free ? 0n : band.price, currency };
}

/** @throws DomainError validation_failed unless each currency has one rate, whose bands ascend and end openly at most once */
export function checkRates(rates: readonly ShippingRate[]): void {
  rates.forEach(({ currency, bands }, i) => {
    if (rates.findIndex((r) => r.currency === currency) !== i) {
      throw invalidField(`rates.${i}.currency`, `${currency} has a rate already`);
    }
    bands.forEach(({ upTo }, j) => {
      const before = j === 0 ? undefined : bands[j - 1];
      const ascends =
        before === undefined || (before.upTo !== undefined && (upTo ?? before.upTo + 1n) > before.upTo);
      if (!ascends)
        throw invalidField(`rates.${i}.bands.${j}.upTo`, 'must be more than in the band before it');
    });
  });
}

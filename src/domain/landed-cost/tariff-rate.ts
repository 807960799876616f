import { type Currency, currencyExponent } from '../shared/currency.ts';
import type { AppliedRate } from '../shared/exchange.ts';
import { divideHalfEven, type Money } from '../shared/money.ts';
import type { Market } from './market.ts';
import type { Ppm } from './rule.ts';

/** The origin that stands for every other. */
export const ANY_ORIGIN = '*';
export const TARIFF_UNITS = ['piece', 'kg'] as const;
export type TariffUnit = (typeof TARIFF_UNITS)[number];

/** What goods of an HS code and an origin pay in a market, from one moment until another. */
export interface TariffRate {
  readonly id: string;
  readonly market: Market;
  /** The beginning of the HS codes that it is for: 2 to 10 digits. */
  readonly hsPrefix: string;
  /** ISO 3166-1 alpha-2, or ANY_ORIGIN. */
  readonly origin: string;
  /** The preference that has to be claimed for it, with a proof of origin; empty for the ordinary rate. */
  readonly programme: string;
  /** Of the customs value. */
  readonly adValorem: Ppm;
  /** Amounts per unit: beside the ad valorem duty, at least, and at most. */
  readonly perUnit: PerUnit | undefined;
  readonly validFrom: Date;
  /** The first moment at which it is no longer in force. */
  readonly validTo: Date | undefined;
  readonly source: string;
}

/** Millionths of the currency's major unit: a tariff of half a cent is 5_000n. */
export interface PerUnit {
  readonly currency: Currency;
  readonly unit: TariffUnit;
  readonly specific: bigint;
  readonly min: bigint | undefined;
  readonly max: bigint | undefined;
}

/** Ordinary rates only: a preference is nobody's unless it is claimed. Longest prefix, then the named origin, then the newest. */
export function findTariff(
  rates: readonly TariffRate[],
  goods: { readonly hsCode: string; readonly origin: string },
): TariffRate | undefined {
  return rates
    .filter(
      ({ hsPrefix, origin, programme }) =>
        programme === '' &&
        goods.hsCode.startsWith(hsPrefix) &&
        (origin === ANY_ORIGIN || origin === goods.origin),
    )
    .sort(bySpecificity)[0];
}

const bySpecificity = (a: TariffRate, b: TariffRate): number =>
  b.hsPrefix.length - a.hsPrefix.length ||
  Number(a.origin === ANY_ORIGIN) - Number(b.origin === ANY_ORIGIN) ||
  b.validFrom.getTime() - a.validFrom.getTime();

export const portion = (value: bigint, rate: Ppm): bigint => divideHalfEven(value * rate, 1_000_000n);

export interface Dutiable {
  readonly value: Money;
  readonly quantity: number;
  readonly weightGrams: bigint;
}

/**
 * The duty on one line, rounded half to even where its parts are made.
 * @param rate from the tariff's currency to that of the value; undefined without amounts per unit
 */
export function tariffDuty(tariff: TariffRate, goods: Dutiable, rate: AppliedRate | undefined): Money {
  const { currency } = goods.value;
  const adValorem = portion(goods.value.amount, tariff.adValorem);
  const { perUnit } = tariff;
  if (perUnit === undefined) return { amount: adValorem, currency };
  if (rate === undefined) throw new Error(`no rate from ${perUnit.currency} to ${currency}`);
  const worth = (micros: bigint): bigint => unitsWorth(micros, perUnit, goods, rate);
  let amount = adValorem + worth(perUnit.specific);
  if (perUnit.min !== undefined && amount < worth(perUnit.min)) amount = worth(perUnit.min);
  if (perUnit.max !== undefined && amount > worth(perUnit.max)) amount = worth(perUnit.max);
  return { amount, currency };
}

/** One rounding, to the minor unit: millionths, grams and the rate are one fraction before it. */
function unitsWorth(micros: bigint, { unit }: PerUnit, goods: Dutiable, rate: AppliedRate): bigint {
  const [units, per] = unit === 'piece' ? [BigInt(goods.quantity), 1n] : [goods.weightGrams, 1000n];
  return divideHalfEven(
    micros * units * rate.numerator * 10n ** BigInt(currencyExponent(rate.to)),
    1_000_000n * per * rate.denominator,
  );
}

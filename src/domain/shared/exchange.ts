import { type Currency, currencyExponent } from './currency.ts';
import { divideHalfEven, type Money, money } from './money.ts';

/** One quotation that a conversion rests on: `rate` units of `quote` for one unit of `base`. */
export interface RateLeg {
  readonly base: Currency;
  readonly quote: Currency;
  /** An exact decimal, such as `1.0842`. */
  readonly rate: string;
  readonly validFrom: Date;
  readonly source: string;
}

/**
 * How one currency becomes another: an exact fraction, so that nothing is rounded before the amount is. `same` needs
 * no quotation, `inverse` turns one round, and `cross` joins two that share a currency.
 */
export interface AppliedRate {
  readonly from: Currency;
  readonly to: Currency;
  /** Units of `to` for one unit of `from`, both of major units. */
  readonly numerator: bigint;
  readonly denominator: bigint;
  readonly kind: 'same' | 'direct' | 'inverse' | 'cross';
  readonly legs: readonly RateLeg[];
  /** One of its quotations is older than the shop allows. */
  readonly stale: boolean;
}

/** Finds the rate of two currencies at one moment; undefined where nothing that is quoted leads from one to the other. */
export type RateFinder = (from: Currency, to: Currency) => AppliedRate | undefined;

export const sameCurrencyRate = (currency: Currency): AppliedRate => ({
  from: currency,
  to: currency,
  numerator: 1n,
  denominator: 1n,
  kind: 'same',
  legs: [],
  stale: false,
});

/** Rounded half to even, once, to the minor unit of the rate's `to`. */
export function convert(amount: Money, rate: AppliedRate): Money {
  const { numerator, denominator } = inMinorUnits(amount, rate);
  return money(divideHalfEven(numerator, denominator), rate.to);
}

/** Below 0 when the amount is worth less than the limit, 0 when as much; nothing is rounded. @param rate between their currencies */
export function compareWorth(amount: Money, limit: Money, rate: AppliedRate): number {
  if (limit.currency !== rate.to)
    throw new Error(`a rate to ${rate.to} says nothing about ${limit.currency}`);
  const { numerator, denominator } = inMinorUnits(amount, rate);
  const most = limit.amount * denominator;
  return numerator < most ? -1 : numerator === most ? 0 : 1;
}

function inMinorUnits(amount: Money, rate: AppliedRate): { numerator: bigint; denominator: bigint } {
  if (amount.currency !== rate.from)
    throw new Error(`a rate from ${rate.from} says nothing about ${amount.currency}`);
  return {
    numerator: amount.amount * rate.numerator * 10n ** BigInt(currencyExponent(rate.to)),
    denominator: rate.denominator * 10n ** BigInt(currencyExponent(rate.from)),
  };
}

/** Digits after the point of a rate that is shown; what is computed with is the fraction. */
const SHOWN_DIGITS = 10;

/** The rate for people and records: at most ten decimals, rounded half to even, without trailing zeros. */
function decimalRate({ numerator, denominator }: AppliedRate): string {
  const scaled = divideHalfEven(numerator * 10n ** BigInt(SHOWN_DIGITS), denominator);
  const digits = scaled.toString().padStart(SHOWN_DIGITS + 1, '0');
  return `${digits.slice(0, -SHOWN_DIGITS)}.${digits.slice(-SHOWN_DIGITS)}`.replace(/\.?0+$/, '');
}

/** A rate as records keep it. */
export interface FrozenRate {
  readonly from: Currency;
  readonly to: Currency;
  /** At most ten decimals; the quotations below are exact. */
  readonly rate: string;
  readonly kind: AppliedRate['kind'];
  readonly stale: boolean;
  readonly quotations: readonly {
    readonly base: Currency;
    readonly quote: Currency;
    readonly rate: string;
    readonly validFrom: string;
    readonly source: string;
  }[];
}

export const frozenRate = (applied: AppliedRate): FrozenRate => ({
  from: applied.from,
  to: applied.to,
  rate: decimalRate(applied),
  kind: applied.kind,
  stale: applied.stale,
  quotations: applied.legs.map(({ base, quote, rate, validFrom, source }) => ({
    base,
    quote,
    rate,
    validFrom: validFrom.toISOString(),
    source,
  })),
});

import { type Currency, currencyExponent } from '../domain/shared/currency.ts';
import { divideHalfEven, type Money, money } from '../domain/shared/money.ts';

/** Below `below` minor units: the nearest multiple of `step`, less `less`. */
interface PricePoint {
  readonly below: bigint;
  readonly step: bigint;
  readonly less: bigint;
}

const ANY = 10n ** 17n;
const CENTS: readonly PricePoint[] = [
  { below: 1_000n, step: 10n, less: 1n },
  { below: 10_000n, step: 100n, less: 10n },
  { below: ANY, step: 500n, less: 100n },
];
const PRICE_POINTS: Readonly<Record<Currency, readonly PricePoint[]>> = {
  EUR: CENTS,
  USD: CENTS,
  CNY: [
    { below: 10_000n, step: 100n, less: 10n },
    { below: ANY, step: 1_000n, less: 100n },
  ],
  JPY: [
    { below: 1_000n, step: 10n, less: 2n },
    { below: 10_000n, step: 100n, less: 20n },
    { below: ANY, step: 1_000n, less: 200n },
  ],
  KWD: [
    { below: 10_000n, step: 250n, less: 0n },
    { below: ANY, step: 1_000n, less: 100n },
  ],
};

/** A price as a shop prints it: EUR 34.90, JPY 5,780, KWD 11.900. Other currencies stay as they are. */
export function pricePoint(price: Money): Money {
  const point = PRICE_POINTS[price.currency]?.find((p) => price.amount < p.below);
  if (point === undefined) return price;
  const steps = divideHalfEven(price.amount, point.step);
  return money((steps < 1n ? 1n : steps) * point.step - point.less, price.currency);
}

/** Through a fixed rate (units of `currency` per unit of the base currency), half to even, exponents included. */
export function convert(base: Money, currency: Currency, rate: readonly [bigint, bigint]): Money {
  const numerator = base.amount * rate[0] * 10n ** BigInt(currencyExponent(currency));
  const denominator = rate[1] * 10n ** BigInt(currencyExponent(base.currency));
  return money(divideHalfEven(numerator, denominator), currency);
}

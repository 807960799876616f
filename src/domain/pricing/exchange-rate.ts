import type { Currency } from '../shared/currency.ts';
import { invalidField } from '../shared/errors.ts';
import { type AppliedRate, type RateFinder, type RateLeg, sameCurrencyRate } from '../shared/exchange.ts';

/** The currency that others meet in, where two have no quotation of their own. */
export const PIVOT: Currency = 'EUR';

/** A quotation from a moment on, until the next one of the same pair. */
export interface ExchangeRate extends RateLeg {
  readonly id: string;
  readonly createdAt: Date;
}

const DECIMAL = /^(?:0|[1-9]\d{0,11})(?:\.\d{1,12})?$/;
const DAY = 86_400_000;

/**
 * An exact decimal as it is stored: positive, at most 12 digits before and after the point, no trailing zeros.
 * @throws DomainError validation_failed
 */
export function normalRate(text: string): string {
  if (!DECIMAL.test(text) || !/[1-9]/.test(text))
    throw invalidField('rate', 'must be a positive decimal with at most 12 digits on each side of the point');
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

/** @throws DomainError validation_failed for a currency against itself */
export function checkPair(base: Currency, quote: Currency): void {
  if (base === quote) throw invalidField('quote', 'must be another currency than the base');
}

interface Fraction {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

function fraction({ rate }: RateLeg): Fraction {
  const [whole = '', decimals = ''] = rate.split('.');
  return { numerator: BigInt(`${whole}${decimals}`), denominator: 10n ** BigInt(decimals.length) };
}

const turned = ({ numerator, denominator }: Fraction): Fraction => ({
  numerator: denominator,
  denominator: numerator,
});

export const isStale = (rate: RateLeg, at: Date, maxAgeDays: number): boolean =>
  at.getTime() - rate.validFrom.getTime() > maxAgeDays * DAY;

/**
 * Finds among the quotations in force at `at`: the pair itself, else the pair turned round, else both by way of the
 * euro. The same currency needs none.
 */
export function rateFinder(rates: readonly RateLeg[], at: Date, maxAgeDays: number): RateFinder {
  const step = (from: Currency, to: Currency): Omit<AppliedRate, 'stale'> | undefined => {
    const direct = newest(rates, { from, to, at });
    if (direct) return { from, to, ...fraction(direct), kind: 'direct', legs: [direct] };
    const inverse = newest(rates, { from: to, to: from, at });
    return inverse && { from, to, ...turned(fraction(inverse)), kind: 'inverse', legs: [inverse] };
  };
  return (from, to) => {
    if (from === to) return sameCurrencyRate(from);
    const found = step(from, to) ?? cross(step(from, PIVOT), step(PIVOT, to));
    return found && { ...found, stale: found.legs.some((leg) => isStale(leg, at, maxAgeDays)) };
  };
}

function cross(
  first: Omit<AppliedRate, 'stale'> | undefined,
  second: Omit<AppliedRate, 'stale'> | undefined,
): Omit<AppliedRate, 'stale'> | undefined {
  if (first === undefined || second === undefined) return undefined;
  return {
    from: first.from,
    to: second.to,
    numerator: first.numerator * second.numerator,
    denominator: first.denominator * second.denominator,
    kind: 'cross',
    legs: [...first.legs, ...second.legs],
  };
}

function newest(
  rates: readonly RateLeg[],
  { from, to, at }: { from: Currency; to: Currency; at: Date },
): RateLeg | undefined {
  return rates
    .filter((r) => r.base === from && r.quote === to && r.validFrom <= at)
    .reduce<RateLeg | undefined>((best, r) => (best && best.validFrom >= r.validFrom ? best : r), undefined);
}

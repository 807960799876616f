import { type Currency, currencyExponent } from './currency.ts';
import { DomainError } from './errors.ts';

/** An amount in integer minor units (cents, yen, fils) of one currency. Never a float, never converted by itself. */
export interface Money {
  readonly amount: bigint;
  readonly currency: Currency;
}

/** How money looks on the wire: `{"amount":"1999","currency":"EUR"}` is EUR 19.99. */
export interface MoneyJson {
  readonly amount: string;
  readonly currency: string;
}

export function money(amount: bigint, currency: Currency): Money {
  currencyExponent(currency);
  return { amount, currency };
}

export const zero = (currency: Currency): Money => money(0n, currency);

function sameCurrency(a: Money, b: Money): void {
  if (a.currency !== b.currency) throw new Error(`money of ${a.currency} and ${b.currency} cannot be mixed`);
}

export function add(a: Money, b: Money): Money {
  sameCurrency(a, b);
  return { amount: a.amount + b.amount, currency: a.currency };
}

export function subtract(a: Money, b: Money): Money {
  sameCurrency(a, b);
  return { amount: a.amount - b.amount, currency: a.currency };
}

export const times = (a: Money, quantity: number): Money => {
  if (!Number.isSafeInteger(quantity)) throw new Error(`a quantity is a whole number, not ${quantity}`);
  return { amount: a.amount * BigInt(quantity), currency: a.currency };
};

export const sum = (values: readonly Money[], currency: Currency): Money =>
  values.reduce(add, zero(currency));

export const equals = (a: Money, b: Money): boolean => a.currency === b.currency && a.amount === b.amount;

/** `numerator / denominator` rounded half to even: the house rule unless a rule of law says otherwise. */
export function divideHalfEven(numerator: bigint, denominator: bigint): bigint {
  if (denominator <= 0n) throw new Error('the denominator must be positive');
  const negative = numerator < 0n;
  const n = negative ? -numerator : numerator;
  const quotient = n / denominator;
  const twice = (n % denominator) * 2n;
  const up = twice > denominator || (twice === denominator && quotient % 2n === 1n);
  const rounded = up ? quotient + 1n : quotient;
  return negative ? -rounded : rounded;
}

/**
 * Splits an amount in proportion to the weights, so that the parts sum to the whole: each part is rounded down,
 * and what is left goes, one minor unit each, to the largest remainders (the earliest of equals).
 */
export function allocate(total: Money, weights: readonly bigint[]): Money[] {
  const sumOfWeights = weights.reduce((a, b) => a + b, 0n);
  if (sumOfWeights <= 0n || weights.some((w) => w < 0n))
    throw new Error('weights must be non-negative, and not all zero');
  const sign = total.amount < 0n ? -1n : 1n;
  const amount = total.amount * sign;
  const parts = weights.map((w, index) => ({
    index,
    part: (amount * w) / sumOfWeights,
    rest: (amount * w) % sumOfWeights,
  }));
  let left = amount - parts.reduce((a, p) => a + p.part, 0n);
  const byRemainder = [...parts].sort((a, b) =>
    a.rest === b.rest ? a.index - b.index : a.rest > b.rest ? -1 : 1,
  );
  for (const p of byRemainder) {
    if (left === 0n) break;
    p.part += 1n;
    left -= 1n;
  }
  return parts.map((p) => ({ amount: p.part * sign, currency: total.currency }));
}

/** Whole minor units only: `"1999"`. Decimals, signs other than a leading minus, and blanks are refused. */
export function parseMoney(json: MoneyJson): Money {
  if (!/^-?\d{1,18}$/.test(json.amount)) {
    throw new DomainError('validation_failed', `amount ${json.amount} is not a whole number of minor units`);
  }
  return money(BigInt(json.amount), json.currency);
}

export const moneyJson = (m: Money): MoneyJson => ({ amount: m.amount.toString(), currency: m.currency });

/** For people and e-mails: `EUR 19.99`, by the currency's exponent. */
export function formatMoney(m: Money): string {
  const exponent = currencyExponent(m.currency);
  const digits = (m.amount < 0n ? -m.amount : m.amount).toString().padStart(exponent + 1, '0');
  const whole = exponent === 0 ? digits : `${digits.slice(0, -exponent)}.${digits.slice(-exponent)}`;
  return `${m.currency} ${m.amount < 0n ? '-' : ''}${whole}`;
}

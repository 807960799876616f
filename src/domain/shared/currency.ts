import codes from 'currency-codes';
import { DomainError } from './errors.ts';

/** ISO 4217 alphabetic code. */
export type Currency = string;

/** Currencies of the first markets; any other ISO 4217 code is accepted wherever a price list has it. */
export const DEFAULT_CURRENCIES = ['EUR', 'USD', 'CNY', 'JPY', 'KWD'] as const;

/** Codes with X are metals, units of account, tests and "no currency", but for these, which people pay with. */
const PAID_WITH = new Set(['XAF', 'XCD', 'XCG', 'XOF', 'XPF']);

const exponents = new Map<string, number>(
  codes.data.filter((c) => !c.code.startsWith('X') || PAID_WITH.has(c.code)).map((c) => [c.code, c.digits]),
);

/** The number of decimals of the currency's minor unit (JPY 0, EUR 2, KWD 3; ISO 4217). */
export function currencyExponent(currency: Currency): number {
  const exponent = exponents.get(currency);
  if (exponent === undefined)
    throw new DomainError('unknown_currency', `unknown currency ${currency}: use an ISO 4217 code`);
  return exponent;
}

export const isCurrency = (code: string): boolean => exponents.has(code);

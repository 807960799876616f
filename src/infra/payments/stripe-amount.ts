import { currencyExponent } from '../../domain/shared/currency.ts';
import type { Money } from '../../domain/shared/money.ts';

/**
 * Where Stripe counts in other units than ISO 4217 says: two decimals for ISK and UGX, none for MGA.
 * https://docs.stripe.com/currencies#special-cases
 */
const STRIPE_EXPONENT: Readonly<Record<string, number>> = { ISK: 2, UGX: 2, MGA: 0 };

/**
 * Of three decimals Stripe wants the last one to be zero. https://docs.stripe.com/currencies#three-decimal
 * @returns the step in minor units that its amounts come in
 */
const step = (currency: string): bigint => (currencyExponent(currency) === 3 ? 10n : 1n);

const shift = (currency: string): number =>
  (STRIPE_EXPONENT[currency] ?? currencyExponent(currency)) - currencyExponent(currency);

/** @returns undefined when Stripe has no such amount */
export function toStripeAmount({ amount, currency }: Money): number | undefined {
  const by = shift(currency);
  const factor = 10n ** BigInt(Math.abs(by));
  const scaled = by >= 0 ? amount * factor : amount / factor;
  const exact = (by >= 0 || scaled * factor === amount) && amount % step(currency) === 0n;
  return exact && scaled <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(scaled) : undefined;
}

/** @param currency as Stripe writes it: lower case */
export function fromStripeAmount(amount: number, currency: string): Money {
  const code = currency.toUpperCase();
  const by = shift(code);
  const factor = 10n ** BigInt(Math.abs(by));
  return { amount: by >= 0 ? BigInt(amount) / factor : BigInt(amount) * factor, currency: code };
}

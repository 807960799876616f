import { currencyExponent } from '../../domain/shared/currency.ts';
import type { Money } from '../../domain/shared/money.ts';

/**
 * Where Stripe counts in other units than ISO 4217 says: two decimals for ISK and UGX, none for MGA.
 * https://docs.stripe.com/currencies#special-cases
 */
const STRIPE_EXPONENT: Readonly<Record<string, number>> = { ISK: 2, UGX: 2, MGA: 0 };

const shift = (currency: string): number =>
  (STRIPE_EXPONENT[currency] ?? currencyExponent(currency)) - currencyExponent(currency);

/** @returns undefined when Stripe has no such amount */
export function toStripeAmount({ amount, currency }: Money): number | undefined {
  const by = shift(currency);
  const factor = 10n ** BigInt(Math.abs(by));
  const scaled = by >= 0 ? amount * factor : amount / factor;
  const exact = by >= 0 || scaled * factor === amount;
  return exact && scaled <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(scaled) : undefined;
}

/** @param currency as Stripe writes it: lower case */
export function fromStripeAmount(amount: number, currency: string): Money {
  const code = currency.toUpperCase();
  const by = shift(code);
  const factor = 10n ** BigInt(Math.abs(by));
  return { amount: by >= 0 ? BigInt(amount) / factor : BigInt(amount) * factor, currency: code };
}

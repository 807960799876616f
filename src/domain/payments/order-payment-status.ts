import type { Money } from '../shared/money.ts';
import { isGuaranteed, type Payment } from './payment.ts';

export const PAYMENT_STATES_OF_ORDER = [
  'unpaid',
  'authorized',
  'partially_paid',
  'paid',
  'partially_refunded',
  'refunded',
] as const;
export type OrderPaymentStatus = (typeof PAYMENT_STATES_OF_ORDER)[number];

/** What the payment status is made from. */
export interface Attempt extends Pick<Payment, 'status'> {
  readonly ledger: Pick<Payment['ledger'], 'captured' | 'refunded'>;
}

/**
 * The order's payment status: derived from the ledger of its attempts, never stored. An attempt that came too late
 * and went back whole says nothing beside one whose money stayed. What costs nothing is paid.
 * An attempt is of the whole order: `partially_paid` is one of which somebody captured a part by hand at the provider.
 */
export function paymentStatus(
  attempts: readonly Attempt[],
  total: Pick<Money, 'amount'>,
): OrderPaymentStatus {
  if (total.amount === 0n) return 'paid';
  const captured = attempts.filter(({ ledger }) => ledger.captured > 0n);
  const kept = captured.filter(({ ledger }) => ledger.captured > ledger.refunded);
  if (kept.some(({ ledger }) => ledger.refunded > 0n)) return 'partially_refunded';
  if (kept.length > 0)
    return kept.some(({ ledger }) => ledger.captured >= total.amount) ? 'paid' : 'partially_paid';
  if (attempts.some(({ status }) => isGuaranteed(status))) return 'authorized';
  return captured.length > 0 ? 'refunded' : 'unpaid';
}

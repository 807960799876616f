import type Stripe from 'stripe';
import type { Charged } from '../../domain/payments/payment.gateway.ts';
import { addMinutes } from '../../domain/shared/clock.ts';
import { DomainError } from '../../domain/shared/errors.ts';
import type { Money } from '../../domain/shared/money.ts';
import { toStripeAmount } from './stripe-amount.ts';
import { AmountRefused } from './stripe-api.ts';

/** Stripe forgets idempotency keys after a day: until then, with an hour to spare, the key is asked first. */
const KEY_MINUTES = 23 * 60;
/** How far from its payment an intent can have been made: the call takes seconds, the clocks may differ. */
const AROUND_MINUTES = 60;
/** How many intents of that time are looked through. */
const MOST = 10_000;

/** A refund of a part may be one that Stripe cannot express: then it fails, and is refunded in other parts. */
export function stripeAmount(amount: Money): number {
  const units = toStripeAmount(amount);
  if (units === undefined) throw new AmountRefused();
  return units;
}

/** Depends on nothing but the payment: its repetition with the same idempotency key finds the same intent. */
export const createIntent = (
  stripe: Stripe,
  { paymentId, orderId, amount }: Pick<Charged, 'paymentId' | 'orderId' | 'amount'>,
) =>
  stripe.paymentIntents.create(
    {
      amount: stripeAmount(amount),
      currency: amount.currency.toLowerCase(),
      metadata: { payment_id: paymentId, order_id: orderId },
      // Others may want the buyer without an address to send him to, or take days.
      allowed_payment_method_types: ['card'],
    },
    { idempotencyKey: paymentId },
  );

export const cancelIntent = (stripe: Stripe, id: string): Promise<Stripe.PaymentIntent> =>
  orAsItIs(stripe, id, () => stripe.paymentIntents.cancel(id, {}, { idempotencyKey: `${id}:cancel` }));

/** What Stripe refuses because of the intent's state has happened before, or something else has: the state tells. */
export async function orAsItIs(
  stripe: Stripe,
  id: string,
  change: () => Promise<Stripe.PaymentIntent>,
): Promise<Stripe.PaymentIntent> {
  try {
    return await change();
  } catch (error) {
    const { code } = error as { code?: unknown };
    if (code !== 'payment_intent_unexpected_state') throw error;
    return stripe.paymentIntents.retrieve(id);
  }
}

/** Nobody has tried to pay it: it holds nothing. */
export const isUnconfirmed = ({ status, last_payment_error: error }: Stripe.PaymentIntent): boolean =>
  status === 'requires_confirmation' || (status === 'requires_payment_method' && error === null);

/**
 * The intent of a payment: by its id, else by the payment's idempotency key, else by its metadata. The key alone is no
 * proof: Stripe may have forgotten it, and then makes another intent under it, which hides what the first one took, now
 * and whenever the key is used again. So one that nobody has tried to pay counts only where no other is to be found.
 * @returns undefined when there is none, and the key is too old to make one
 * @throws DomainError unavailable when there are too many to tell
 */
export async function locateIntent(
  stripe: Stripe,
  charged: Charged,
  now: Date,
): Promise<Stripe.PaymentIntent | undefined> {
  if (charged.reference !== undefined) return stripe.paymentIntents.retrieve(charged.reference);
  // Made with a key of that age, it would be another one for certain.
  if (charged.createdAt < addMinutes(now, -KEY_MINUTES)) return searchIntent(stripe, charged);
  const { id } = await createIntent(stripe, charged);
  // The reply to a repeated key is of the time when it was made.
  const keyed = await stripe.paymentIntents.retrieve(id);
  if (!isUnconfirmed(keyed) && keyed.status !== 'canceled') return keyed;
  const found = await searchIntent(stripe, charged);
  if (found === undefined || found.id === keyed.id) return keyed;
  if (isUnconfirmed(keyed)) await cancelIntent(stripe, keyed.id);
  return found;
}

/**
 * By its metadata: Stripe's list, unlike its search, is never behind. One that somebody has tried to pay comes before
 * one that nobody has, and a cancelled one last.
 */
async function searchIntent(
  stripe: Stripe,
  { paymentId, createdAt }: Charged,
): Promise<Stripe.PaymentIntent | undefined> {
  const created = {
    gte: seconds(addMinutes(createdAt, -AROUND_MINUTES)),
    lte: seconds(addMinutes(createdAt, AROUND_MINUTES)),
  };
  let unconfirmed: Stripe.PaymentIntent | undefined;
  let cancelled: Stripe.PaymentIntent | undefined;
  let seen = 0;
  for await (const intent of stripe.paymentIntents.list({ created, limit: 100 })) {
    if (intent.metadata.payment_id === paymentId) {
      if (intent.status === 'canceled') cancelled = intent;
      else if (isUnconfirmed(intent)) unconfirmed = intent;
      else return intent;
    }
    seen += 1;
    if (seen >= MOST) throw new DomainError('unavailable', 'too many payment intents to find one among them');
  }
  return unconfirmed ?? cancelled;
}

const seconds = (at: Date): number => Math.floor(at.getTime() / 1000);

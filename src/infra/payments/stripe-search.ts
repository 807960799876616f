import type Stripe from 'stripe';
import type { Sought } from '../../domain/payments/payment.gateway.ts';
import { addMinutes } from '../../domain/shared/clock.ts';
import { DomainError } from '../../domain/shared/errors.ts';

/** Stripe forgets idempotency keys after a day: until then, with an hour to spare, the key finds the intent. */
const KEY_MINUTES = 23 * 60;
/** How far from its payment an intent can have been made: the call takes seconds, the clocks may differ. */
const AROUND_MINUTES = 60;
/** How many intents of that time are looked through. */
const MOST = 10_000;

export const keyIsForgotten = ({ createdAt }: Sought, now: Date): boolean =>
  createdAt < addMinutes(now, -KEY_MINUTES);

/**
 * The intent of a payment, found by its metadata: Stripe's list, unlike its search, is never behind.
 * @returns undefined when there is none
 * @throws DomainError unavailable when there are too many to tell
 */
export async function searchIntent(
  stripe: Stripe,
  { paymentId, createdAt }: Sought,
): Promise<Stripe.PaymentIntent | undefined> {
  const created = {
    gte: seconds(addMinutes(createdAt, -AROUND_MINUTES)),
    lte: seconds(addMinutes(createdAt, AROUND_MINUTES)),
  };
  let cancelled: Stripe.PaymentIntent | undefined;
  let seen = 0;
  for await (const intent of stripe.paymentIntents.list({ created, limit: 100 })) {
    if (intent.metadata.payment_id === paymentId) {
      if (intent.status !== 'canceled') return intent;
      cancelled = intent;
    }
    seen += 1;
    if (seen >= MOST) throw new DomainError('unavailable', 'too many payment intents to find one among them');
  }
  return cancelled;
}

const seconds = (at: Date): number => Math.floor(at.getTime() / 1000);

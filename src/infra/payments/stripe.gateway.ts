import type Stripe from 'stripe';
import type {
  Charge,
  Charged,
  GatewayEvent,
  PaymentGateway,
  RefundRequest,
  SignedRequest,
  Sought,
} from '../../domain/payments/payment.gateway.ts';
import type { GatewayOutcome } from '../../domain/payments/payment.ts';
import type { RefundResult } from '../../domain/payments/refund.ts';
import type { Clock } from '../../domain/shared/clock.ts';
import { DomainError, invalidField } from '../../domain/shared/errors.ts';
import type { Money } from '../../domain/shared/money.ts';
import { TOLERANCE_SECONDS } from './mock-signature.ts';
import { toStripeAmount } from './stripe-amount.ts';
import { AmountRefused, StripeApi } from './stripe-api.ts';
import { eventOf, outcomeOf, resultOf } from './stripe-outcome.ts';
import { keyIsForgotten, searchIntent } from './stripe-search.ts';

export interface StripeOptions {
  readonly apiKey: string;
  readonly webhookSecret: string;
  /** Another address of the API, for tests. */
  readonly apiBase?: string;
  readonly clock: Clock;
  /** Whether the money is taken at once, or by staff. */
  readonly capture: 'automatic' | 'manual';
  /** Where a bank sends the buyer back to. */
  readonly returnUrl: string;
}

/**
 * Stripe's PaymentIntents. An attempt is made and confirmed in two calls: the making depends on nothing but the
 * payment, so that its repetition with the same idempotency key finds the same intent after a crash.
 */
export class StripeGateway implements PaymentGateway {
  readonly provider = 'stripe';
  readonly #options: StripeOptions;
  readonly #api: StripeApi;

  constructor(options: StripeOptions) {
    this.#options = options;
    this.#api = new StripeApi(options.apiKey, options.apiBase);
  }

  checkToken(token: string): void {
    if (!/^pm_[A-Za-z0-9_]{1,250}$/.test(token))
      throw invalidField('token', 'should be the id of a Stripe payment method: pm_…');
  }

  charge(charge: Charge): Promise<GatewayOutcome> {
    if (toStripeAmount(charge.amount) === undefined) return Promise.resolve(NO_SUCH_AMOUNT);
    return this.#api.outcome(async (stripe) => {
      const { id } = await create(stripe, charge);
      return outcomeOf(await this.#confirm(stripe, id, charge));
    });
  }

  #confirm(stripe: Stripe, intentId: string, { paymentId, token }: Charge) {
    const { capture, returnUrl } = this.#options;
    return stripe.paymentIntents.confirm(
      intentId,
      { payment_method: token, capture_method: capture, return_url: returnUrl },
      { idempotencyKey: `${paymentId}:confirm` },
    );
  }

  /**
   * An intent that was never confirmed is cancelled: a confirmation that is still on its way fails then. So is one that
   * wants the buyer to act where he cannot be sent: nobody would ever end it.
   */
  find(sought: Sought): Promise<GatewayOutcome | undefined> {
    if (toStripeAmount(sought.amount) === undefined) return Promise.resolve(undefined);
    return this.#api.answer(async (stripe) => {
      const intent = await this.#seek(stripe, sought);
      if (intent === undefined) return undefined;
      const unconfirmed =
        intent.status === 'requires_confirmation' ||
        (intent.status === 'requires_payment_method' && intent.last_payment_error === null);
      const outcome = outcomeOf(intent);
      const unreachable = intent.status === 'requires_action' && outcome.type === 'pending';
      if (!unconfirmed && !unreachable) return outcome;
      const ended = await this.#cancel(stripe, intent.id, sought);
      return unconfirmed && ended.status === 'canceled' ? undefined : outcomeOf(ended);
    });
  }

  /** Once the key is forgotten, making it again would make another one, and hide what the first one took. */
  async #seek(stripe: Stripe, sought: Sought): Promise<Stripe.PaymentIntent | undefined> {
    if (sought.reference === undefined && keyIsForgotten(sought, this.#options.clock.now()))
      return searchIntent(stripe, sought);
    return stripe.paymentIntents.retrieve(await intentOf(stripe, sought));
  }

  capture(charged: Charged): Promise<GatewayOutcome> {
    return this.#api.answer(async (stripe) => {
      const id = await intentOf(stripe, charged);
      const capture = () =>
        stripe.paymentIntents.capture(id, {}, { idempotencyKey: `${charged.paymentId}:capture` });
      return outcomeOf(await orAsItIs(stripe, id, capture));
    });
  }

  void(charged: Charged): Promise<GatewayOutcome> {
    return this.#api.answer(async (stripe) =>
      outcomeOf(await this.#cancel(stripe, await intentOf(stripe, charged), charged)),
    );
  }

  #cancel(stripe: Stripe, id: string, { paymentId }: Charged): Promise<Stripe.PaymentIntent> {
    return orAsItIs(stripe, id, () =>
      stripe.paymentIntents.cancel(id, {}, { idempotencyKey: `${paymentId}:cancel` }),
    );
  }

  /** Stripe forgets idempotency keys after a day: so it is asked first whether it has made the refund. */
  refund(request: RefundRequest): Promise<RefundResult> {
    return this.#api.refund(async (stripe) => {
      const intent = await intentOf(stripe, request);
      for await (const made of stripe.refunds.list({ payment_intent: intent, limit: 100 }))
        if (made.metadata?.refund_id === request.refundId) return resultOf(made);
      return resultOf(
        await stripe.refunds.create(
          {
            payment_intent: intent,
            amount: stripeAmount(request.amount),
            metadata: { refund_id: request.refundId, payment_id: request.paymentId },
          },
          { idempotencyKey: request.refundId },
        ),
      );
    });
  }

  async readWebhook({ rawBody, signature }: SignedRequest): Promise<GatewayEvent | undefined> {
    const { webhookSecret, clock } = this.#options;
    const stripe = await this.#api.library();
    const now = clock.now().getTime();
    let event: Stripe.Event;
    try {
      event = stripe.webhooks.constructEvent(
        Buffer.from(rawBody),
        signature ?? '',
        webhookSecret,
        TOLERANCE_SECONDS,
        undefined,
        now,
      );
    } catch (cause) {
      throw new DomainError('invalid_signature', 'the signature is wrong, or older than five minutes', {
        cause,
      });
    }
    return eventOf(event);
  }
}

const NO_SUCH_AMOUNT: GatewayOutcome = {
  type: 'failed',
  reference: undefined,
  failureCode: 'amount_not_supported',
};

/** A refund of a part may be one that Stripe cannot express: then it fails, and is refunded in other parts. */
function stripeAmount(amount: Money): number {
  const units = toStripeAmount(amount);
  if (units === undefined) throw new AmountRefused();
  return units;
}

const create = (stripe: Stripe, { paymentId, orderId, amount }: Omit<Charged, 'reference'>) =>
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

const intentOf = async (stripe: Stripe, charged: Charged): Promise<string> =>
  charged.reference ?? (await create(stripe, charged)).id;

/** What Stripe refuses because of the intent's state has happened before, or something else has: the state tells. */
async function orAsItIs(
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

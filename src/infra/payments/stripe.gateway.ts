import type Stripe from 'stripe';
import type {
  Charge,
  Charged,
  GatewayEvent,
  PaymentGateway,
  RefundRequest,
  SignedRequest,
} from '../../domain/payments/payment.gateway.ts';
import type { GatewayOutcome } from '../../domain/payments/payment.ts';
import type { RefundResult } from '../../domain/payments/refund.ts';
import type { Clock } from '../../domain/shared/clock.ts';
import { DomainError, invalidField } from '../../domain/shared/errors.ts';
import { type Money, moneyJson } from '../../domain/shared/money.ts';
import { TOLERANCE_SECONDS } from './mock-signature.ts';
import { toStripeAmount } from './stripe-amount.ts';
import { StripeApi } from './stripe-api.ts';
import {
  cancelIntent,
  createIntent,
  isUnconfirmed,
  locateIntent,
  orAsItIs,
  stripeAmount,
} from './stripe-intents.ts';
import { eventOf, outcomeOf, resultOf } from './stripe-outcome.ts';

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

  checkAmount(amount: Money): void {
    if (toStripeAmount(amount) !== undefined) return;
    throw new DomainError('amount_not_supported', 'Stripe cannot take this amount', {
      facts: { amount: moneyJson(amount) },
    });
  }

  charge(charge: Charge): Promise<GatewayOutcome> {
    return this.#api.outcome(async (stripe) => {
      const { id } = await createIntent(stripe, charge);
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
  find(charged: Charged): Promise<GatewayOutcome | undefined> {
    if (toStripeAmount(charged.amount) === undefined) return Promise.resolve(undefined);
    return this.#api.answer(async (stripe) => {
      const intent = await locateIntent(stripe, charged, this.#options.clock.now());
      if (intent === undefined) return undefined;
      const outcome = outcomeOf(intent);
      const unreachable = intent.status === 'requires_action' && outcome.type === 'pending';
      const unconfirmed = isUnconfirmed(intent);
      if (!unconfirmed && !unreachable) return outcome;
      const ended = await cancelIntent(stripe, intent.id);
      return unconfirmed && ended.status === 'canceled' ? undefined : outcomeOf(ended);
    });
  }

  capture(charged: Charged): Promise<GatewayOutcome> {
    return this.#api.answer(async (stripe) => {
      const id = await this.#intentOf(stripe, charged);
      const capture = () =>
        stripe.paymentIntents.capture(id, {}, { idempotencyKey: `${charged.paymentId}:capture` });
      return outcomeOf(await orAsItIs(stripe, id, capture));
    });
  }

  void(charged: Charged): Promise<GatewayOutcome> {
    return this.#api.answer(async (stripe) =>
      outcomeOf(await cancelIntent(stripe, await this.#intentOf(stripe, charged))),
    );
  }

  async #intentOf(stripe: Stripe, charged: Charged): Promise<string> {
    if (charged.reference !== undefined) return charged.reference;
    const intent = await locateIntent(stripe, charged, this.#options.clock.now());
    if (intent === undefined)
      throw new DomainError('unavailable', 'Stripe knows of no intent of this payment');
    return intent.id;
  }

  /** Stripe forgets idempotency keys after a day: so it is asked first whether it has made the refund. */
  refund(request: RefundRequest): Promise<RefundResult> {
    return this.#api.refund(async (stripe) => {
      const intent = await this.#intentOf(stripe, request);
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

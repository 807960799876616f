import type Stripe from 'stripe';
import type { GatewayEvent } from '../../domain/payments/payment.gateway.ts';
import type { GatewayOutcome } from '../../domain/payments/payment.ts';
import type { RefundResult } from '../../domain/payments/refund.ts';
import { fromStripeAmount } from './stripe-amount.ts';

/** The column of failure codes is 60 wide. */
const code = (text: string | null | undefined, otherwise: string): string => (text ?? otherwise).slice(0, 60);

/** What a PaymentIntent says of its attempt. */
export function outcomeOf(intent: Stripe.PaymentIntent): GatewayOutcome {
  const reference = intent.id;
  switch (intent.status) {
    case 'succeeded':
      return { type: 'captured', reference };
    case 'requires_capture':
      return { type: 'authorized', reference };
    case 'canceled':
      return { type: 'voided', reference };
    case 'requires_action': {
      const url = intent.next_action?.redirect_to_url?.url;
      return url === undefined || url === null
        ? { type: 'pending', reference }
        : { type: 'requires_action', reference, url };
    }
    case 'requires_payment_method': {
      const error = intent.last_payment_error;
      return {
        type: 'declined',
        reference,
        failureCode: code(error?.decline_code ?? error?.code, 'declined'),
      };
    }
    default:
      return { type: 'pending', reference };
  }
}

export function resultOf(refund: Stripe.Refund): RefundResult {
  const reference = refund.id;
  switch (refund.status) {
    case 'succeeded':
      return { type: 'succeeded', reference };
    case 'failed':
    case 'canceled':
      return { type: 'failed', reference, failureCode: code(refund.failure_reason, refund.status) };
    default:
      return { type: 'pending', reference };
  }
}

/** @returns undefined for events of other things, and of attempts that are not ours */
export function eventOf(event: Stripe.Event): GatewayEvent | undefined {
  switch (event.type) {
    case 'payment_intent.succeeded':
    case 'payment_intent.amount_capturable_updated':
    case 'payment_intent.canceled':
    case 'payment_intent.payment_failed':
    case 'payment_intent.requires_action':
      return paymentEvent(event.id, event.data.object);
    case 'refund.created':
    case 'refund.updated':
    case 'refund.failed':
      return refundEvent(event.id, event.data.object);
    default:
      return undefined;
  }
}

function paymentEvent(eventId: string, intent: Stripe.PaymentIntent): GatewayEvent | undefined {
  const paymentId = intent.metadata.payment_id;
  if (paymentId === undefined) return undefined;
  const amount = fromStripeAmount(
    intent.status === 'succeeded' ? intent.amount_received : intent.amount,
    intent.currency,
  );
  return { kind: 'payment', eventId, paymentId, amount, outcome: outcomeOf(intent) };
}

function refundEvent(eventId: string, refund: Stripe.Refund): GatewayEvent | undefined {
  const refundId = refund.metadata?.refund_id;
  return refundId === undefined ? undefined : { kind: 'refund', eventId, refundId, result: resultOf(refund) };
}

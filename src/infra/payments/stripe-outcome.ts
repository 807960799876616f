import type Stripe from 'stripe';
import type { GatewayEvent } from '../../domain/payments/payment.gateway.ts';
import type { GatewayOutcome } from '../../domain/payments/payment.ts';
import type { RefundResult } from '../../domain/payments/refund.ts';
import { fromStripeAmount } from './stripe-amount.ts';

/** The column of failure codes is 60 wide. */
const code = (text: string | null | undefined, otherwise: string): string => (text ?? otherwise).slice(0, 60);

const SETTLED: Readonly<Record<string, 'authorized' | 'voided'>> = {
  requires_capture: 'authorized',
  canceled: 'voided',
};

/** What a PaymentIntent says of its attempt. */
export function outcomeOf(intent: Stripe.PaymentIntent): GatewayOutcome {
  const { id: reference, status, last_payment_error: error } = intent;
  // Whatever it was made for: a part may have been captured by hand.
  if (status === 'succeeded')
    return { type: 'captured', reference, taken: fromStripeAmount(intent.amount_received, intent.currency) };
  const settled = SETTLED[status];
  if (settled !== undefined) return { type: settled, reference };
  if (status === 'requires_payment_method')
    return { type: 'declined', reference, failureCode: code(error?.decline_code ?? error?.code, 'declined') };
  const url = status === 'requires_action' ? intent.next_action?.redirect_to_url?.url : undefined;
  return url === undefined || url === null
    ? { type: 'pending', reference }
    : { type: 'requires_action', reference, url };
}

export function resultOf({ id, status, failure_reason }: Stripe.Refund): RefundResult {
  if (status === 'succeeded') return { type: 'succeeded', reference: id };
  if (status === 'failed' || status === 'canceled')
    return { type: 'failed', reference: id, failureCode: code(failure_reason, status) };
  return { type: 'pending', reference: id };
}

type IntentEvent = Extract<Stripe.Event, { data: { object: Stripe.PaymentIntent } }>;
type RefundEvent = Extract<Stripe.Event, { data: { object: Stripe.Refund } }>;

/** The events that say something which the program acts upon. */
const INTENT_EVENTS: ReadonlySet<string> = new Set([
  'payment_intent.succeeded',
  'payment_intent.amount_capturable_updated',
  'payment_intent.canceled',
  'payment_intent.payment_failed',
  'payment_intent.requires_action',
]);
const REFUND_EVENTS: ReadonlySet<string> = new Set(['refund.created', 'refund.updated', 'refund.failed']);

const isIntentEvent = (event: Stripe.Event): event is IntentEvent => INTENT_EVENTS.has(event.type);
const isRefundEvent = (event: Stripe.Event): event is RefundEvent => REFUND_EVENTS.has(event.type);

/** @returns undefined for events of other things, and of attempts that are not ours */
export function eventOf(event: Stripe.Event): GatewayEvent | undefined {
  if (isIntentEvent(event)) return paymentEvent(event.id, event.data.object);
  return isRefundEvent(event) ? refundEvent(event.id, event.data.object) : undefined;
}

function paymentEvent(eventId: string, intent: Stripe.PaymentIntent): GatewayEvent | undefined {
  const paymentId = intent.metadata.payment_id;
  if (paymentId === undefined) return undefined;
  const amount = fromStripeAmount(intent.amount, intent.currency);
  return { kind: 'payment', eventId, paymentId, amount, outcome: outcomeOf(intent) };
}

function refundEvent(eventId: string, refund: Stripe.Refund): GatewayEvent | undefined {
  const refundId = refund.metadata?.refund_id;
  return refundId === undefined ? undefined : { kind: 'refund', eventId, refundId, result: resultOf(refund) };
}

import type { PaymentGateway } from '../payments/payment.gateway.ts';
import { answerOf, type GatewayOutcome, isGuaranteed, type Payment } from '../payments/payment.ts';
import { chargedOf } from './payment-events.ts';

/** What the provider never heard of cannot have taken money. */
const NEVER_MADE: GatewayOutcome = {
  type: 'failed',
  reference: undefined,
  failureCode: 'unknown_to_provider',
};

/**
 * What became of an attempt, by the gateway that has it. A capture that was begun is finished: the gateway takes it
 * once, however often it is told.
 * @throws DomainError timeout or unavailable when it does not say
 */
export async function askGateway(gateway: PaymentGateway, payment: Payment): Promise<GatewayOutcome> {
  const outcome = (await gateway.find(chargedOf(payment))) ?? NEVER_MADE;
  if (!isGuaranteed(payment.status)) return outcome;
  const unfinished = payment.status === 'capture_pending' && outcome.type === 'authorized';
  return answerOf(unfinished ? await gateway.capture(chargedOf(payment)) : outcome);
}

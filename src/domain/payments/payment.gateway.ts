import type { Money } from '../shared/money.ts';
import type { GatewayOutcome, Payment } from './payment.ts';

export interface Charge {
  /** The idempotency key towards the provider, and what its webhooks name. */
  readonly paymentId: string;
  readonly orderNumber: string;
  readonly amount: Money;
  /** What the buyer's client got from the provider for the means of payment. */
  readonly token: string;
}

export interface GiveBack {
  readonly paymentId: string;
  readonly reference: string | undefined;
  readonly amount: Money;
}

/** An event of the provider whose signature and age were checked. */
export interface GatewayEvent {
  readonly eventId: string;
  readonly paymentId: string;
  readonly amount: Money;
  readonly outcome: GatewayOutcome;
}

/** What the webhook's request carried. */
export interface SignedRequest {
  readonly rawBody: Uint8Array;
  readonly signature: string | undefined;
}

/** A payment provider. Called outside transactions only. Every call may be repeated with the same effect. */
export interface PaymentGateway {
  /** `mock`: stored with each payment, and part of the webhook's path. */
  readonly provider: string;
  /** @throws DomainError validation_failed when the token cannot be one of this provider's */
  checkToken(token: string): void;
  /** @throws DomainError timeout or unavailable when the outcome is unknown */
  charge(charge: Charge): Promise<GatewayOutcome>;
  refund(request: GiveBack): Promise<void>;
  void(request: GiveBack): Promise<void>;
  /** What became of an attempt; undefined when the provider never heard of it. */
  find(paymentId: string): Promise<GatewayOutcome | undefined>;
  /** @throws DomainError invalid_signature, malformed_json or validation_failed */
  readWebhook(request: SignedRequest): GatewayEvent;
}

/** A provider for development and tests, whose buyer is played by whoever calls. */
export interface TestGateway extends PaymentGateway {
  /** The webhook that follows when the buyer has done, or refused, what the payment required. */
  completeAction(payment: Payment, succeeds: boolean): SignedRequest;
}

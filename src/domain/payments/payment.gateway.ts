import type { Money } from '../shared/money.ts';
import type { GatewayOutcome, Payment } from './payment.ts';
import type { RefundResult } from './refund.ts';

export interface Charge {
  /** The idempotency key towards the provider, and what its webhooks name. */
  readonly paymentId: string;
  readonly orderId: string;
  readonly amount: Money;
  /** What the buyer's client got from the provider for the means of payment. */
  readonly token: string;
}

/** An attempt as the provider knows it. */
export interface Charged {
  readonly paymentId: string;
  /** The provider's own id; absent when its answer never reached us. */
  readonly reference: string | undefined;
  readonly amount: Money;
  readonly orderId: string;
  /** Its age tells how the provider can still find it without a reference. */
  readonly createdAt: Date;
}

export interface RefundRequest extends Charged {
  /** The idempotency key towards the provider. */
  readonly refundId: string;
}

/** An event of the provider whose signature and age were checked. */
export type GatewayEvent =
  | {
      readonly kind: 'payment';
      readonly eventId: string;
      readonly paymentId: string;
      readonly amount: Money;
      readonly outcome: GatewayOutcome;
    }
  | {
      readonly kind: 'refund';
      readonly eventId: string;
      readonly refundId: string;
      readonly result: RefundResult;
    };

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
  /** @throws DomainError amount_not_supported when the provider has no such amount, such as KWD 1.235 */
  checkAmount(amount: Money): void;
  /** @throws DomainError timeout or unavailable when the outcome is unknown */
  charge(charge: Charge): Promise<GatewayOutcome>;
  /** Takes what was authorized. @returns captured, or voided when the authorization was lost meanwhile */
  capture(charged: Charged): Promise<GatewayOutcome>;
  /** Gives up what was not captured. @returns voided, or captured when it was too late: then it must be refunded */
  void(charged: Charged): Promise<GatewayOutcome>;
  refund(request: RefundRequest): Promise<RefundResult>;
  /** What became of an attempt; undefined when the provider never heard of it, and never will. */
  find(charged: Charged): Promise<GatewayOutcome | undefined>;
  /**
   * @returns undefined for an event that is genuine, and none of our business
   * @throws DomainError invalid_signature, malformed_json or validation_failed
   */
  readWebhook(request: SignedRequest): Promise<GatewayEvent | undefined>;
}

/** A provider for development and tests, whose buyer is played by whoever calls. */
export interface TestGateway extends PaymentGateway {
  /** The webhook that follows when the buyer has done, or refused, what the payment required. */
  completeAction(payment: Payment, succeeds: boolean): Promise<SignedRequest>;
}

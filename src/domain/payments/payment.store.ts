import type { Money } from '../shared/money.ts';
import type { Page, PageRequest } from '../shared/page.ts';
import type { Payment } from './payment.ts';
import type { Refund, RefundResult, RefundStatus } from './refund.ts';

/** A webhook as it came, kept so that the same event has one effect. */
export interface ReceivedWebhook {
  readonly provider: string;
  readonly eventId: string;
  readonly receivedAt: Date;
  /** JSON text as signed. */
  readonly payload: string;
}

/** Part of the transaction: see use-cases/tx.ts. The order's row is locked around every change. */
export interface PaymentStore {
  /** @throws DomainError payment_in_progress when the order has an active attempt */
  insert(payment: Payment): Promise<void>;
  find(id: string): Promise<Payment | undefined>;
  ofOrder(orderId: string): Promise<readonly Payment[]>;
  /** Stores what changed. @throws DomainError version_conflict when someone else changed it meanwhile */
  update(payment: Payment): Promise<Payment>;
  /**
   * One row per captured attempt.
   * @param taken what the provider took @throws Error (a defect) when it was captured before
   */
  recordCapture(payment: Payment, taken: Money, at: Date): Promise<void>;
  /**
   * Promises a part of what was captured to a refund, by one conditional update.
   * @returns false when less than that is left: nothing was stored
   */
  requestRefund(refund: Refund): Promise<boolean>;
  findRefund(id: string): Promise<Refund | undefined>;
  refundsOf(orderId: string): Promise<readonly Refund[]>;
  /**
   * Ends a refund, which may fail even after it had succeeded; the promise of one that failed is taken back.
   * @returns false when it is old news: nothing was stored
   */
  settleRefund(refund: Refund, result: RefundResult, at: Date): Promise<boolean>;
  /**
   * Ends the attention that a failed refund needs.
   * @returns false unless it failed, and still needed it: nothing was stored
   */
  attendRefund(
    id: string,
    by: { readonly replacedBy: string } | { readonly note: string },
    at: Date,
  ): Promise<boolean>;
  /** @returns false when the provider's event was received before */
  claimWebhook(webhook: ReceivedWebhook): Promise<boolean>;
}

/** Reads on the read connection. */
export interface PaymentReadModel {
  /** Only of the owner's orders, when one is given. */
  find(id: string, ownerId?: string): Promise<Payment | undefined>;
  ofOrder(orderId: string, ownerId?: string): Promise<readonly Payment[]>;
  refundsOf(orderId: string): Promise<readonly Refund[]>;
  /** Refunds of all orders, newest first. */
  refunds(filter: RefundFilter, request: PageRequest): Promise<Page<Refund>>;
  /** Orders with attempts to void or refunds to make at this provider, by id. @param after the last one that was seen */
  ordersToGiveBack(provider: string, limit: number, after?: string): Promise<readonly string[]>;
  /** Attempts that wait for an answer of this provider; oldest first. @param after the last one that was seen */
  unresolved(wanted: Unresolved, limit: number, after?: Payment): Promise<readonly Payment[]>;
  /** Attempts that this provider holds the amount of since before `before`; oldest first. @param after the last seen */
  authorizedSince(
    wanted: { readonly provider: string; readonly before: Date },
    limit: number,
    after?: Payment,
  ): Promise<readonly Payment[]>;
  /** How many attempts wait for an answer of other providers than this one. */
  countElsewhere(provider: string): Promise<number>;
}

/** Attempts whose outcome or capture is unknown since before `before`, or whose buyer stayed away since `abandoned`. */
export interface Unresolved {
  readonly provider: string;
  readonly before: Date;
  readonly abandoned: Date;
}

export interface RefundFilter {
  readonly status?: RefundStatus | undefined;
  /** Only those that failed, that nobody has looked after, and whose money could still be given back. */
  readonly attention?: boolean | undefined;
}

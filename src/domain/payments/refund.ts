import type { Money } from '../shared/money.ts';

export const REFUND_STATUSES = ['pending', 'succeeded', 'failed'] as const;
/** `pending` until the provider has said what became of it. */
export type RefundStatus = (typeof REFUND_STATUSES)[number];

/** `late`: the money came for an order that did not wait for it any more. */
export const REFUND_REASONS = ['order_cancelled', 'lines_cancelled', 'late', 'return', 'staff'] as const;
export type RefundReason = (typeof REFUND_REASONS)[number];

/** Money that goes back, of one captured payment: the whole of it, or a part. */
export interface Refund {
  /** Also the idempotency key towards the provider. */
  readonly id: string;
  readonly paymentId: string;
  readonly orderId: string;
  readonly amount: Money;
  readonly reason: RefundReason;
  /** What staff wrote about it. */
  readonly note: string | undefined;
  readonly actor: string;
  readonly status: RefundStatus;
  readonly providerReference: string | undefined;
  readonly failureCode: string | undefined;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** What the gateway says of a refund. */
export type RefundResult =
  | { readonly type: 'succeeded' | 'pending'; readonly reference: string }
  /** Refused for good: the amount may be refunded in another way. */
  | { readonly type: 'failed'; readonly reference: string | undefined; readonly failureCode: string };

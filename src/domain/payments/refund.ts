import { DomainError } from '../shared/errors.ts';
import type { Money } from '../shared/money.ts';

export const REFUND_STATUSES = ['pending', 'succeeded', 'failed'] as const;
/** `pending` until the provider has said what became of it; even one that succeeded may come back as `failed`. */
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
  /** The refund that was made in the place of this one, which failed. */
  readonly replacedBy: string | undefined;
  /** Why nothing is to be done any more about this one, which failed. */
  readonly closedNote: string | undefined;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** What the gateway says of a refund. */
export type RefundResult =
  | { readonly type: 'succeeded' | 'pending'; readonly reference: string }
  /** Refused for good, or undone by the provider after it was done: the amount may be refunded in another way. */
  | { readonly type: 'failed'; readonly reference: string | undefined; readonly failureCode: string };

/** From what a refund may become what the gateway says of it: everything else is old news. */
export const REFUND_SOURCES = {
  succeeded: ['pending'],
  failed: ['pending', 'succeeded'],
} as const satisfies Readonly<Record<string, readonly RefundStatus[]>>;

/**
 * Whether all of a payment was to go back, for its order did not want it: a refund of it that fails leaves it waiting
 * for another one, rather than kept.
 */
export const givesUpPayment = ({ reason }: Pick<Refund, 'reason'>): boolean =>
  reason === 'late' || reason === 'order_cancelled';

/** @throws DomainError transition_not_allowed unless it failed, and nobody has looked after it yet */
export function checkAttention(refund: Refund): void {
  const { status, replacedBy, closedNote } = refund;
  if (status === 'failed' && replacedBy === undefined && closedNote === undefined) return;
  throw new DomainError(
    'transition_not_allowed',
    status === 'failed'
      ? 'somebody has looked after this refund already'
      : `the refund is ${status}: only one that failed needs anybody`,
    { facts: { status, replacedBy: replacedBy ?? null } },
  );
}

import { DomainError } from '../shared/errors.ts';
import type { Money } from '../shared/money.ts';

export const PAYMENT_STATUSES = [
  'pending',
  'requires_action',
  'authorized',
  'capture_pending',
  'captured',
  'declined',
  'failed',
  'refund_pending',
  'refunded',
  'void_pending',
  'voided',
] as const;
/**
 * `pending` also while the outcome is unknown: the gateway was asked and did not answer in time. `refund_pending`: all
 * that is left of it goes back. Refunds of a part leave it `captured`, until they add up to all of it.
 */
export type PaymentStatus = (typeof PAYMENT_STATUSES)[number];

/** One attempt to pay one order. At most one per order is active, which a unique column holds. */
export interface Payment {
  readonly id: string;
  readonly orderId: string;
  readonly provider: string;
  readonly providerReference: string | undefined;
  readonly status: PaymentStatus;
  /** Always the order's total; never taken from a request. */
  readonly amount: Money;
  readonly failureCode: string | undefined;
  /** Where the buyer goes on, while `requires_action`. */
  readonly nextActionUrl: string | undefined;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly version: number;
  readonly ledger: PaymentLedger;
}

/** What was really moved: sums of the rows of captures and refunds, in minor units of the payment's currency. */
export interface PaymentLedger {
  readonly captured: bigint;
  /** Promised to refunds, done or not; never more than captured, which the database holds. */
  readonly promised: bigint;
  readonly refunded: bigint;
}

export const NOTHING_MOVED: PaymentLedger = { captured: 0n, promised: 0n, refunded: 0n };

/** The payment's machine: everything that is not in this table is refused, or ignored where it is old news. */
export const PAYMENT_TRANSITIONS: Readonly<Record<PaymentStatus, readonly PaymentStatus[]>> = {
  pending: [
    'requires_action',
    'authorized',
    'captured',
    'declined',
    'failed',
    'refund_pending',
    'void_pending',
    'voided',
  ],
  requires_action: [
    'authorized',
    'captured',
    'declined',
    'failed',
    'refund_pending',
    'void_pending',
    'voided',
  ],
  authorized: ['capture_pending', 'captured', 'refund_pending', 'void_pending', 'voided'],
  capture_pending: ['captured', 'refund_pending', 'void_pending', 'voided'],
  captured: ['refund_pending', 'refunded'],
  // Money that arrives after all for an attempt given up is given back at once.
  declined: ['refund_pending', 'void_pending'],
  failed: ['refund_pending', 'void_pending'],
  refund_pending: ['refunded'],
  // A refund that was done may come back: the money is here again.
  refunded: ['captured', 'refund_pending'],
  void_pending: ['voided', 'refund_pending'],
  voided: ['refund_pending'],
};

/** An active attempt keeps every other one of its order from starting. */
export const ACTIVE_STATUSES: readonly PaymentStatus[] = [
  'pending',
  'requires_action',
  'authorized',
  'capture_pending',
  'captured',
];
export const isActive = (status: PaymentStatus): boolean => ACTIVE_STATUSES.includes(status);

/** What the gateway says of an attempt, in its answer, in a webhook, or when asked later. */
export type GatewayOutcome =
  | { readonly type: 'requires_action'; readonly reference: string; readonly url: string }
  /** `voided`: given up at the provider, with nothing taken. `pending`: it does not know either, ask again later. */
  | { readonly type: 'authorized' | 'pending'; readonly reference: string }
  /** `taken`: what the provider says it took, which may be a part of the amount; all of it when absent. */
  | { readonly type: 'captured'; readonly reference: string; readonly taken?: Money }
  | { readonly type: 'voided'; readonly reference: string | undefined }
  | {
      readonly type: 'declined' | 'failed';
      readonly reference: string | undefined;
      readonly failureCode: string;
    };

/**
 * What the gateway answers when it is told to capture or to void: an attempt that it knows as declined holds nothing
 * any more, whatever an event has said before.
 */
export const answerOf = (outcome: GatewayOutcome): GatewayOutcome =>
  outcome.type === 'declined' || outcome.type === 'failed'
    ? { type: 'voided', reference: outcome.reference }
    : outcome;

/** What an outcome means: the payment as it is now, and whether its order moves. */
export interface Settlement {
  readonly payment: Payment;
  readonly effect: 'none' | 'noted' | 'authorized' | 'captured' | 'failed' | 'voided' | 'late';
}

/**
 * Applies an outcome any number of times and in any order: what is old news changes nothing, and money that comes
 * for an order that does not wait for it is marked for return.
 * @param orderAwaits whether the order can still be paid by this attempt
 */
export function settle(
  payment: Payment,
  outcome: GatewayOutcome,
  orderAwaits: boolean,
  at: Date,
): Settlement {
  // What was captured once is captured: what happens to it later, refunds tell.
  if (isCaptured(payment.status)) return { payment, effect: 'none' };
  const target = targetStatus(payment, outcome, orderAwaits);
  if (target === payment.status || !PAYMENT_TRANSITIONS[payment.status].includes(target))
    return { payment, effect: 'none' };
  const changed: Payment = {
    ...payment,
    status: target,
    providerReference: outcome.reference ?? payment.providerReference,
    failureCode: 'failureCode' in outcome ? outcome.failureCode : undefined,
    nextActionUrl: outcome.type === 'requires_action' ? outcome.url : undefined,
    updatedAt: at,
  };
  return { payment: changed, effect: effectOf(target) };
}

function targetStatus(payment: Payment, outcome: GatewayOutcome, orderAwaits: boolean): PaymentStatus {
  const arrives = outcome.type === 'captured' || outcome.type === 'authorized';
  if (!arrives) return outcome.type;
  // An attempt that is authorized, and now captured, is not late: its order moved because of it.
  const applies = isGuaranteed(payment.status) || (orderAwaits && isActive(payment.status));
  if (applies) return outcome.type;
  return outcome.type === 'captured' ? 'refund_pending' : 'void_pending';
}

function effectOf(status: PaymentStatus): Settlement['effect'] {
  if (status === 'authorized' || status === 'captured') return status;
  if (status === 'declined' || status === 'failed') return 'failed';
  if (status === 'voided') return 'voided';
  return status === 'refund_pending' || status === 'void_pending' ? 'late' : 'noted';
}

/** The amount was taken, and stands in the ledger, whatever went back of it. */
const isCaptured = (status: PaymentStatus): boolean =>
  status === 'captured' || status === 'refund_pending' || status === 'refunded';

/** The provider holds the amount for us: the order is `authorized` by this attempt. */
export const isGuaranteed = (status: PaymentStatus): boolean =>
  status === 'authorized' || status === 'capture_pending';

/**
 * What becomes of an attempt when its order is given up: money goes back, what waits for the buyer is withdrawn, and
 * what has no outcome yet is left to it.
 */
export function giveBack(payment: Payment, at: Date): Payment | undefined {
  if (payment.status === 'captured' && refundable(payment) > 0n) return move(payment, 'refund_pending', at);
  if (isGuaranteed(payment.status) || payment.status === 'requires_action')
    return move(payment, 'void_pending', at);
  return undefined;
}

/** What may still be refunded, in minor units. */
export const refundable = ({ ledger }: Payment): bigint => ledger.captured - ledger.promised;

/** @throws DomainError transition_not_allowed when the machine has no such transition */
export function move(payment: Payment, to: PaymentStatus, at: Date): Payment {
  if (!PAYMENT_TRANSITIONS[payment.status].includes(to)) {
    throw new DomainError(
      'transition_not_allowed',
      `a payment that is ${payment.status} cannot become ${to}`,
    );
  }
  return { ...payment, status: to, nextActionUrl: undefined, updatedAt: at };
}

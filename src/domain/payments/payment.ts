import { DomainError } from '../shared/errors.ts';
import type { Money } from '../shared/money.ts';

export const PAYMENT_STATUSES = [
  'pending',
  'requires_action',
  'authorized',
  'captured',
  'declined',
  'failed',
  'refund_pending',
  'refunded',
  'void_pending',
  'voided',
] as const;
/** `pending` also while the outcome is unknown: the gateway was asked and did not answer in time. */
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
}

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
  ],
  requires_action: ['authorized', 'captured', 'declined', 'failed', 'refund_pending', 'void_pending'],
  authorized: ['captured', 'refund_pending', 'void_pending'],
  captured: ['refund_pending'],
  // Money that arrives after all for an attempt given up is given back at once.
  declined: ['refund_pending', 'void_pending'],
  failed: ['refund_pending', 'void_pending'],
  refund_pending: ['refunded'],
  refunded: [],
  void_pending: ['voided', 'refund_pending'],
  voided: ['refund_pending'],
};

/** An active attempt keeps every other one of its order from starting. */
export const ACTIVE_STATUSES: readonly PaymentStatus[] = [
  'pending',
  'requires_action',
  'authorized',
  'captured',
];
export const isActive = (status: PaymentStatus): boolean => ACTIVE_STATUSES.includes(status);

/** What the gateway says of an attempt, in its answer, in a webhook, or when asked later. */
export type GatewayOutcome =
  | { readonly type: 'requires_action'; readonly reference: string; readonly url: string }
  | { readonly type: 'authorized' | 'captured'; readonly reference: string }
  | {
      readonly type: 'declined' | 'failed';
      readonly reference: string | undefined;
      readonly failureCode: string;
    };

/** What an outcome means: the payment as it is now, and whether its order moves. */
export interface Settlement {
  readonly payment: Payment;
  readonly effect: 'none' | 'noted' | 'authorized' | 'captured' | 'failed' | 'late';
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
  // An attempt that is captured, or authorized and now captured, is not late: its order moved because of it.
  const applies =
    payment.status === 'authorized' ||
    payment.status === 'captured' ||
    (orderAwaits && isActive(payment.status));
  if (applies) return outcome.type;
  return outcome.type === 'captured' ? 'refund_pending' : 'void_pending';
}

function effectOf(status: PaymentStatus): Settlement['effect'] {
  if (status === 'authorized' || status === 'captured') return status;
  if (status === 'declined' || status === 'failed') return 'failed';
  return status === 'refund_pending' || status === 'void_pending' ? 'late' : 'noted';
}

/** What becomes of an attempt when its order is cancelled: money goes back, the rest is left to its outcome. */
export function giveBack(payment: Payment, at: Date): Payment | undefined {
  if (payment.status === 'captured') return move(payment, 'refund_pending', at);
  if (payment.status === 'authorized') return move(payment, 'void_pending', at);
  return undefined;
}

/** @throws DomainError transition_not_allowed when the machine has no such transition */
export function move(payment: Payment, to: PaymentStatus, at: Date): Payment {
  if (!PAYMENT_TRANSITIONS[payment.status].includes(to)) {
    throw new DomainError(
      'transition_not_allowed',
      `a payment that is ${payment.status} cannot become ${to}`,
    );
  }
  return { ...payment, status: to, updatedAt: at };
}

export const PAYMENT_STATES_OF_ORDER = [
  'unpaid',
  'pending',
  'authorized',
  'paid',
  'refund_pending',
  'refunded',
  'voided',
] as const;
export type OrderPaymentStatus = (typeof PAYMENT_STATES_OF_ORDER)[number];

/** The order's payment status: derived from its attempts, never stored. The furthest attempt speaks. */
export function paymentStatus(statuses: readonly PaymentStatus[]): OrderPaymentStatus {
  const has = (...wanted: PaymentStatus[]): boolean => statuses.some((s) => wanted.includes(s));
  if (has('captured')) return 'paid';
  if (has('authorized')) return 'authorized';
  if (has('refund_pending', 'void_pending')) return 'refund_pending';
  if (has('refunded')) return 'refunded';
  if (has('voided')) return 'voided';
  return has('pending', 'requires_action') ? 'pending' : 'unpaid';
}

import { awaitsPayment } from '../orders/order-machine.ts';
import {
  PaymentAuthorized,
  PaymentCaptured,
  PaymentFailed,
  PaymentRefundRequested,
  PaymentVoided,
} from '../payments/payment.events.ts';
import {
  type GatewayOutcome,
  isGuaranteed,
  type Payment,
  type PaymentStatus,
  type Settlement,
  settle,
} from '../payments/payment.ts';
import type { Actor } from '../shared/actor.ts';
import { DomainError, notFound } from '../shared/errors.ts';
import type { NewEvent } from '../shared/event.ts';
import { type Money, moneyJson } from '../shared/money.ts';
import { lockOrder, OrderEdit } from './order-edit.ts';
import { paymentFacts } from './payment-events.ts';
import { requestRefund } from './return-money.ts';
import { releaseStock } from './stock-moves.ts';
import type { Tx } from './tx.ts';

export const PAYMENTS: Actor = { type: 'system', name: 'payments' };

/** Reads a payment under its order's lock, so that nobody else changes it. @throws DomainError not_found */
export async function lockPayment(tx: Tx, paymentId: string) {
  const seen = await tx.payments.find(paymentId);
  if (seen === undefined) throw notFound('payment');
  const order = await lockOrder(tx, seen.orderId, 'any');
  const payment = await tx.payments.find(paymentId);
  if (payment === undefined) throw notFound('payment');
  return { order, payment };
}

/** What the gateway said becomes true here: payment, ledger, order, history and events, in one transaction. */
export async function settlePayment(
  tx: Tx,
  paymentId: string,
  outcome: GatewayOutcome,
  at: Date,
  actor: Actor = PAYMENTS,
): Promise<Payment> {
  const { order, payment } = await lockPayment(tx, paymentId);
  const settlement = settle(payment, outcome, awaitsPayment(order.status), at);
  const { effect } = settlement;
  if (effect === 'none') return payment;
  let stored = await tx.payments.update(settlement.payment);
  if (outcome.type === 'captured') {
    const taken = takenOf(payment, outcome);
    await tx.payments.recordCapture(stored, taken, at);
    stored = { ...stored, ledger: { ...stored.ledger, captured: taken.amount } };
  }
  if (effect === 'noted') return stored;
  const edit = new OrderEdit(order, { actor, at });
  const beside = await moveOrder(tx, edit, { effect, payment: stored, before: payment.status });
  await edit.save(tx, beside);
  return stored;
}

/** The ledger knows no more money than there is: what was captured by hand at the provider may be a part. */
function takenOf(payment: Payment, { taken }: Extract<GatewayOutcome, { type: 'captured' }>): Money {
  if (taken !== undefined && taken.currency !== payment.amount.currency)
    throw new DomainError('conflict', 'the provider took the payment in another currency');
  return taken ?? payment.amount;
}

interface Moved {
  readonly effect: Exclude<Settlement['effect'], 'none' | 'noted'>;
  readonly payment: Payment;
  readonly before: PaymentStatus;
}

async function moveOrder(tx: Tx, edit: OrderEdit, moved: Moved): Promise<readonly NewEvent[]> {
  const { effect, payment, before } = moved;
  const facts = paymentFacts(edit.order, payment);
  switch (effect) {
    case 'authorized':
      edit.emit(PaymentAuthorized, facts);
      edit.transition('authorized');
      break;
    case 'captured':
      edit.emit(PaymentCaptured, capturedFacts(edit, payment));
      // Captured in one step by the provider, in two by the machine: what is paid was authorized.
      if (awaitsPayment(edit.order.status)) edit.transition('authorized');
      edit.transition('paid');
      break;
    case 'failed':
      edit.emit(PaymentFailed, { ...facts, failureCode: payment.failureCode ?? 'unknown' });
      break;
    case 'voided':
      edit.emit(PaymentVoided, facts);
      return isGuaranteed(before) ? loseGuarantee(tx, edit) : [];
    case 'late':
      await returnLate(tx, edit, payment);
      break;
  }
  return [];
}

/** The provider let the authorization go, by itself or by somebody's hand there: nothing guarantees the order now. */
async function loseGuarantee(tx: Tx, edit: OrderEdit): Promise<readonly NewEvent[]> {
  if (edit.order.status !== 'authorized') return [];
  edit.transition('cancelled', 'the authorization of the payment was given up by the provider');
  return releaseStock(tx, edit.order.id, edit.by.at);
}

const capturedFacts = (edit: OrderEdit, payment: Payment) => ({
  ...paymentFacts(edit.order, payment),
  amount: moneyJson({ ...payment.amount, amount: payment.ledger.captured }),
});

async function returnLate(tx: Tx, edit: OrderEdit, payment: Payment): Promise<void> {
  if (payment.status === 'refund_pending') {
    edit.emit(PaymentCaptured, capturedFacts(edit, payment));
    const amount = { ...payment.amount, amount: payment.ledger.captured };
    await requestRefund(tx, edit, payment, { amount, reason: 'late' });
  } else {
    edit.emit(PaymentRefundRequested, {
      ...paymentFacts(edit.order, payment),
      refundId: null,
      reason: 'late',
    });
  }
}

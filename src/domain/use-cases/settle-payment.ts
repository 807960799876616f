import { awaitsPayment } from '../orders/order-machine.ts';
import {
  PaymentAuthorized,
  PaymentCaptured,
  PaymentFailed,
  PaymentRefundRequested,
} from '../payments/payment.events.ts';
import { type GatewayOutcome, type Payment, type Settlement, settle } from '../payments/payment.ts';
import type { Actor } from '../shared/actor.ts';
import { notFound } from '../shared/errors.ts';
import { lockOrder, OrderEdit } from './order-edit.ts';
import { paymentFacts } from './payment-events.ts';
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

/** What the gateway said becomes true here: payment, order, history and events, in one transaction. */
export async function settlePayment(
  tx: Tx,
  paymentId: string,
  outcome: GatewayOutcome,
  at: Date,
): Promise<Payment> {
  const { order, payment } = await lockPayment(tx, paymentId);
  const settlement = settle(payment, outcome, awaitsPayment(order.status), at);
  if (settlement.effect === 'none') return payment;
  const stored = await tx.payments.update(settlement.payment);
  if (settlement.effect === 'noted') return stored;
  const edit = new OrderEdit(order, { actor: PAYMENTS, at });
  moveOrder(edit, settlement.effect, stored);
  await edit.save(tx);
  return stored;
}

function moveOrder(
  edit: OrderEdit,
  effect: Exclude<Settlement['effect'], 'none' | 'noted'>,
  payment: Payment,
): void {
  const facts = paymentFacts(edit.order, payment);
  switch (effect) {
    case 'authorized':
      edit.emit(PaymentAuthorized, facts);
      edit.transition('authorized');
      break;
    case 'captured':
      edit.emit(PaymentCaptured, facts);
      // Captured in one step by the provider, in two by the machine: what is paid was authorized.
      if (awaitsPayment(edit.order.status)) edit.transition('authorized');
      edit.transition('paid');
      break;
    case 'failed':
      edit.emit(PaymentFailed, { ...facts, failureCode: payment.failureCode ?? 'unknown' });
      break;
    case 'late':
      edit.emit(PaymentRefundRequested, { ...facts, reason: 'late' });
      break;
  }
}

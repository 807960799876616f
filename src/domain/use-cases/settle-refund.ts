import { PaymentRefunded, PaymentRefundFailed } from '../payments/payment.events.ts';
import { move, type Payment } from '../payments/payment.ts';
import { givesUpPayment, type RefundResult } from '../payments/refund.ts';
import { notFound } from '../shared/errors.ts';
import { moneyJson } from '../shared/money.ts';
import { lockOrder, OrderEdit } from './order-edit.ts';
import { paymentFacts } from './payment-events.ts';
import { lockPayment, PAYMENTS } from './settle-payment.ts';
import type { Tx } from './tx.ts';

/**
 * What the gateway said of a refund becomes true here, once, in whatever order it says so: a failure is its last word,
 * also of a refund that it had reported as done. Then the amount is free for another one, and the payment, had it
 * counted as refunded, does so no more.
 * @throws DomainError not_found
 */
export async function settleRefund(tx: Tx, refundId: string, result: RefundResult, at: Date): Promise<void> {
  if (result.type === 'pending') return;
  const seen = await tx.payments.findRefund(refundId);
  if (seen === undefined) throw notFound('refund');
  await lockOrder(tx, seen.orderId, 'any');
  if (!(await tx.payments.settleRefund(seen, result, at))) return;
  const { order, payment } = await lockPayment(tx, seen.paymentId);
  const edit = new OrderEdit(order, { actor: PAYMENTS, at });
  const facts = { ...paymentFacts(order, payment), amount: moneyJson(seen.amount), refundId };
  if (result.type === 'failed') {
    if (payment.status === 'refunded') await tx.payments.update(await unrefunded(tx, payment, at));
    edit.emit(PaymentRefundFailed, { ...facts, failureCode: result.failureCode });
  } else {
    const { captured, refunded } = payment.ledger;
    if (captured === refunded) await tx.payments.update(move(payment, 'refunded', at));
    edit.emit(PaymentRefunded, facts);
  }
  await edit.save(tx);
}

/** A payment of which the money is here again: kept by its order, or still to go back. */
async function unrefunded(tx: Tx, payment: Payment, at: Date): Promise<Payment> {
  const refunds = await tx.payments.refundsOf(payment.orderId);
  const givenUp = refunds.some((refund) => refund.paymentId === payment.id && givesUpPayment(refund));
  return move(payment, givenUp ? 'refund_pending' : 'captured', at);
}

import type { Order } from '../orders/order.ts';
import { PaymentRefundRequested } from '../payments/payment.events.ts';
import { isGuaranteed, giveBack as marked, type Payment, refundable } from '../payments/payment.ts';
import type { Refund, RefundReason } from '../payments/refund.ts';
import { actorLabel } from '../shared/actor.ts';
import { DomainError } from '../shared/errors.ts';
import { newId } from '../shared/ids.ts';
import { type Money, moneyJson, sum } from '../shared/money.ts';
import type { OrderEdit } from './order-edit.ts';
import { paymentFacts } from './payment-events.ts';
import type { Tx } from './tx.ts';

export interface RefundWish {
  readonly amount: Money;
  readonly reason: RefundReason;
  readonly note?: string | undefined;
}

/**
 * Promises a part of one payment to a refund, under the order's lock. The gateway is asked after the commit, by
 * `GiveBackMoney.ofOrder`, or by the sweep where that did not come to it.
 * @throws DomainError refund_exceeds_capture, validation_failed (another currency, or nothing)
 */
export async function requestRefund(
  tx: Tx,
  edit: OrderEdit,
  payment: Payment,
  wish: RefundWish,
): Promise<Refund> {
  const { actor, at } = edit.by;
  if (wish.amount.currency !== payment.amount.currency || wish.amount.amount <= 0n) {
    throw new DomainError(
      'validation_failed',
      `a refund is a positive amount in ${payment.amount.currency}, as the payment`,
    );
  }
  const refund: Refund = {
    id: newId(),
    paymentId: payment.id,
    orderId: payment.orderId,
    amount: wish.amount,
    reason: wish.reason,
    note: wish.note,
    actor: actorLabel(actor),
    status: 'pending',
    providerReference: undefined,
    failureCode: undefined,
    replacedBy: undefined,
    closedNote: undefined,
    createdAt: at,
    updatedAt: at,
  };
  if (!(await tx.payments.requestRefund(refund))) throw exceeds(payment.amount.currency, refundable(payment));
  edit.emit(PaymentRefundRequested, {
    ...paymentFacts(edit.order, payment),
    amount: moneyJson(refund.amount),
    refundId: refund.id,
    reason: refund.reason,
  });
  return refund;
}

/**
 * The same for units of an order, whichever of its attempts holds the money: what is wished, or what is left, where
 * staff have given back more than was owed before. Where less was captured than the order costs, units that are given
 * up make up for that first: what was never taken does not go back. Money that came too late is no part of it.
 * Call it before the store knows that these units are given up.
 * @returns how much was promised, maybe nothing
 */
export async function refundOrder(tx: Tx, edit: OrderEdit, wish: RefundWish): Promise<Money> {
  const { currency } = wish.amount;
  const attempts = (await tx.payments.ofOrder(edit.order.id)).filter(({ status }) => status === 'captured');
  const captured = attempts.reduce((all, { ledger }) => all + ledger.captured, 0n);
  const short = edit.order.totals.total.amount - captured;
  const owed = short > 0n ? await owedBeyond(tx, edit.order, short, wish.amount.amount) : wish.amount.amount;
  let left = owed;
  for (const payment of attempts) {
    const part = left < refundable(payment) ? left : refundable(payment);
    if (part <= 0n) continue;
    await requestRefund(tx, edit, payment, { ...wish, amount: { amount: part, currency } });
    left -= part;
  }
  return { amount: owed - left, currency };
}

/** What of `wished` is more than the order still costs beyond what was captured, after all that was given up before. */
async function owedBeyond(tx: Tx, order: Order, short: bigint, wished: bigint): Promise<bigint> {
  const cancelled = (await tx.cancellations.ofOrder(order)).map(({ amount }) => amount);
  const sentBack = (await tx.returns.ofOrder(order))
    .filter(({ status }) => status === 'refunded')
    .flatMap(({ lines }) => lines.map(({ amount }) => amount));
  const before = sum([...cancelled, ...sentBack], order.currency).amount;
  const beyond = (worth: bigint): bigint => (worth > short ? worth - short : 0n);
  return beyond(before + wished) - beyond(before);
}

/** The order is given up: everything of the attempt that can go back will. */
export async function returnPayment(
  tx: Tx,
  edit: OrderEdit,
  payment: Payment,
  reason: RefundReason,
): Promise<void> {
  const changed = marked(payment, edit.by.at);
  if (changed === undefined) return;
  const stored = await tx.payments.update(changed);
  if (stored.status === 'refund_pending') {
    const amount = { amount: refundable(stored), currency: stored.amount.currency };
    await requestRefund(tx, edit, stored, { amount, reason });
  } else if (isGuaranteed(payment.status)) {
    edit.emit(PaymentRefundRequested, { ...paymentFacts(edit.order, stored), refundId: null, reason });
  }
}

const exceeds = (currency: string, left: bigint): DomainError =>
  new DomainError('refund_exceeds_capture', 'more than what is left of the payment cannot be refunded', {
    facts: { refundable: moneyJson({ amount: left < 0n ? 0n : left, currency }) },
  });

import { refundable } from '../payments/payment.ts';
import { checkAttention, type Refund } from '../payments/refund.ts';
import { type Actor, actorLabel } from '../shared/actor.ts';
import type { Clock } from '../shared/clock.ts';
import { notFound } from '../shared/errors.ts';
import type { Once } from '../shared/once.ts';
import type { GiveBackMoney } from './give-back-money.ts';
import { seesRefund } from './guards.ts';
import { OrderEdit } from './order-edit.ts';
import { requestRefund } from './return-money.ts';
import { lockPayment } from './settle-payment.ts';
import type { Database, Tx } from './tx.ts';

interface Deps {
  readonly db: Database;
  readonly clock: Clock;
  readonly giveBack: GiveBackMoney;
}

/** What staff do about a refund that failed for good. */
export class AttendRefund {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /**
   * Makes it again, as another refund: of its amount, or of what is left of the payment.
   * @returns the new one
   * @throws DomainError not_found, transition_not_allowed, refund_exceeds_capture where nothing is left
   */
  async retry(actor: Actor, refundId: string, once?: Once<Refund>): Promise<Refund> {
    const { db, clock, giveBack } = this.#deps;
    const work = async (tx: Tx): Promise<Refund> => {
      const { order, payment, refund } = await lockRefund(tx, refundId);
      const edit = new OrderEdit(order, { actor, at: clock.now() });
      const left = refundable(payment);
      const amount =
        left > 0n && left < refund.amount.amount ? { ...refund.amount, amount: left } : refund.amount;
      const again = await requestRefund(tx, edit, payment, {
        amount,
        reason: refund.reason,
        note: refund.note,
      });
      await attend(tx, refund, { replacedBy: again.id }, edit.by.at);
      await edit.save(tx);
      return again;
    };
    const made = await db.transaction(work, once, seesRefund(refundId));
    await giveBack.ofOrder(made.orderId);
    return made;
  }

  /**
   * Nothing is to be done about it any more: it was given back in another way, or is not owed.
   * @throws DomainError not_found, transition_not_allowed
   */
  close(
    actor: Actor,
    { refundId, note }: { readonly refundId: string; readonly note: string },
    once?: Once<Refund>,
  ): Promise<Refund> {
    const { db, clock } = this.#deps;
    const work = async (tx: Tx): Promise<Refund> => {
      const { refund } = await lockRefund(tx, refundId);
      const at = clock.now();
      await attend(tx, refund, { note }, at);
      await tx.audit.append({
        at,
        actor: actorLabel(actor),
        action: 'refund.close',
        subject: `refund:${refundId}`,
        details: { note },
      });
      return { ...refund, closedNote: note, updatedAt: at };
    };
    return db.transaction(work, once, seesRefund(refundId));
  }
}

/** @throws DomainError not_found, transition_not_allowed unless it waits for somebody */
async function lockRefund(tx: Tx, refundId: string) {
  const seen = await tx.payments.findRefund(refundId);
  if (seen === undefined) throw notFound('refund');
  const locked = await lockPayment(tx, seen.paymentId);
  const refund = await tx.payments.findRefund(refundId);
  if (refund === undefined) throw notFound('refund');
  checkAttention(refund);
  return { ...locked, refund };
}

async function attend(
  tx: Tx,
  refund: Refund,
  by: { readonly replacedBy: string } | { readonly note: string },
  at: Date,
): Promise<void> {
  // Under the order's lock nobody else can have been faster.
  if (!(await tx.payments.attendRefund(refund.id, by, at)))
    throw new Error(`refund ${refund.id} was attended to twice`);
}

import { isGuaranteed, move, type Payment } from '../payments/payment.ts';
import { type Actor, hasRole } from '../shared/actor.ts';
import type { Clock } from '../shared/clock.ts';
import { DomainError, notFound } from '../shared/errors.ts';
import type { NewEvent } from '../shared/event.ts';
import type { Once } from '../shared/once.ts';
import { type GiveBackMoney, toGiveBack } from './give-back-money.ts';
import { seesPayment } from './guards.ts';
import { OrderEdit, scopeOf } from './order-edit.ts';
import { returnPayment } from './return-money.ts';
import { releaseStock } from './stock-moves.ts';
import type { Database, Tx } from './tx.ts';

interface Deps {
  readonly db: Database;
  readonly clock: Clock;
  readonly giveBack: GiveBackMoney;
}

export interface VoidRequest {
  readonly paymentId: string;
  readonly orderId?: string;
  readonly reason: string | undefined;
}

/** Gives up an attempt that has taken nothing. */
export class VoidPayment {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /**
   * What waits for the buyer makes room for another attempt: the buyer may do that, too. What is authorized is all
   * that guarantees its order, which is cancelled with it: only staff may.
   * @param request.orderId that the payment must be of, where the caller names one
   * @throws DomainError not_found, transition_not_allowed, payment_in_progress while the outcome is unknown
   */
  async run(actor: Actor, request: VoidRequest, once?: Once<Payment>): Promise<Payment> {
    const { db, clock, giveBack } = this.#deps;
    const guard = seesPayment(request.paymentId, scopeOf(actor));
    const given = await db.transaction((tx) => giveUp(tx, actor, request, clock.now()), once, guard);
    await giveBack.run(toGiveBack([given]));
    return given;
  }
}

async function giveUp(
  tx: Tx,
  actor: Actor,
  { paymentId, orderId, reason }: VoidRequest,
  at: Date,
): Promise<Payment> {
  const seen = await tx.payments.find(paymentId);
  if (orderId !== undefined && orderId !== seen?.orderId) throw notFound('payment');
  const order = seen && (await tx.orders.lock(seen.orderId, scopeOf(actor)));
  const payment = order && (await tx.payments.find(paymentId));
  if (order === undefined || payment === undefined) throw notFound('payment');
  if (payment.status === 'pending') {
    throw new DomainError('payment_in_progress', 'the outcome of the payment is not known yet', {
      retryAfter: 5,
    });
  }
  if (payment.status === 'requires_action') return tx.payments.update(move(payment, 'void_pending', at));
  if (!isGuaranteed(payment.status) || !isStaff(actor) || order.status !== 'authorized')
    throw notVoidable(payment);
  const edit = new OrderEdit(order, { actor, at });
  edit.transition('cancelled', reason ?? 'the payment was voided');
  await returnPayment(tx, edit, payment, 'order_cancelled');
  const released: readonly NewEvent[] = await releaseStock(tx, order.id, at);
  await edit.save(tx, released);
  return (await tx.payments.find(paymentId)) ?? payment;
}

const isStaff = (actor: Actor): boolean => hasRole(actor, 'staff');

const notVoidable = (payment: Payment): DomainError =>
  new DomainError(
    'transition_not_allowed',
    `the payment is ${payment.status}: there is nothing of it to give up here`,
    { facts: { status: payment.status } },
  );

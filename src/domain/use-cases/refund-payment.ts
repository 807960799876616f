import type { PaymentGateway } from '../payments/payment.gateway.ts';
import { refundable } from '../payments/payment.ts';
import type { Refund } from '../payments/refund.ts';
import type { Actor } from '../shared/actor.ts';
import type { Clock } from '../shared/clock.ts';
import type { Money } from '../shared/money.ts';
import type { Once } from '../shared/once.ts';
import type { GiveBackMoney } from './give-back-money.ts';
import { seesPayment } from './guards.ts';
import { OrderEdit } from './order-edit.ts';
import { requestRefund } from './return-money.ts';
import { lockPayment } from './settle-payment.ts';
import type { Database, Tx } from './tx.ts';

interface Deps {
  readonly db: Database;
  readonly clock: Clock;
  readonly gateway: PaymentGateway;
  readonly giveBack: GiveBackMoney;
}

/** Money that staff give back: the order stays what it is. */
export class RefundPayment {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /**
   * Promises the refund; the gateway is told after the commit, and until it answers the refund is `pending`.
   * @param request.amount all that is left when absent
   * @throws DomainError not_found, refund_exceeds_capture, amount_not_supported, validation_failed
   */
  async run(
    actor: Actor,
    request: { readonly paymentId: string; readonly amount: Money | undefined; readonly note: string },
    once?: Once<Refund>,
  ): Promise<Refund> {
    const { db, clock, gateway, giveBack } = this.#deps;
    const work = async (tx: Tx): Promise<Refund> => {
      const { order, payment } = await lockPayment(tx, request.paymentId);
      const edit = new OrderEdit(order, { actor, at: clock.now() });
      const left = { amount: refundable(payment), currency: payment.amount.currency };
      const amount = request.amount ?? (left.amount > 0n ? left : payment.amount);
      if (payment.provider === gateway.provider) gateway.checkAmount(amount);
      const made = await requestRefund(tx, edit, payment, { amount, reason: 'staff', note: request.note });
      await edit.save(tx);
      return made;
    };
    const refund = await db.transaction(work, once, seesPayment(request.paymentId, 'any'));
    await giveBack.ofOrder(refund.orderId);
    return refund;
  }
}

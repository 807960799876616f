import type { Actor } from '../shared/actor.ts';
import type { Clock } from '../shared/clock.ts';
import { DomainError, notFound } from '../shared/errors.ts';
import type { Once } from '../shared/once.ts';
import { type GiveBackMoney, toGiveBack } from './give-back-money.ts';
import { seesOrder } from './guards.ts';
import type { OrderDetail } from './order-detail.ts';
import { lockOrder, OrderEdit, scopeOf } from './order-edit.ts';
import { returnPayment } from './return-money.ts';
import { releaseStock } from './stock-moves.ts';
import type { Database, Tx } from './tx.ts';

interface Deps {
  readonly db: Database;
  readonly clock: Clock;
  readonly giveBack: GiveBackMoney;
}

/** Undoes an order before anything of it was shipped: stock and money go back. */
export class CancelOrder {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** @throws DomainError not_found, transition_not_allowed when it was shipped, or is final */
  async run(
    actor: Actor,
    request: { readonly orderId: string; readonly reason: string | undefined },
    once?: Once<OrderDetail>,
  ): Promise<OrderDetail> {
    const work = async (tx: Tx): Promise<OrderDetail> => {
      await this.#cancel(tx, actor, request);
      const after = await tx.orderDetails.detail(request.orderId, 'any');
      if (after === undefined) throw notFound('order');
      return after;
    };
    const guard = seesOrder(request.orderId, scopeOf(actor));
    const detail = await this.#deps.db.transaction(work, once, guard);
    await this.#deps.giveBack.run(toGiveBack(detail.payments));
    return detail;
  }

  async #cancel(tx: Tx, actor: Actor, { orderId, reason }: { orderId: string; reason: string | undefined }) {
    const at = this.#deps.clock.now();
    const order = await lockOrder(tx, orderId, scopeOf(actor));
    if ((await tx.shipments.ofOrder(orderId)).length > 0) {
      throw new DomainError(
        'transition_not_allowed',
        `order ${order.number} was shipped: it cannot be cancelled`,
      );
    }
    const edit = new OrderEdit(order, { actor, at });
    edit.transition('cancelled', reason);
    for (const payment of await tx.payments.ofOrder(orderId))
      await returnPayment(tx, edit, payment, 'order_cancelled');
    await edit.save(tx, await releaseStock(tx, orderId, at));
  }
}

import type { CancelledLine } from '../orders/cancellation.ts';
import { OrderLinesCancelled } from '../orders/order.events.ts';
import { type OrderLine, unitShare } from '../orders/order.ts';
import { type Actor, actorLabel } from '../shared/actor.ts';
import type { Clock } from '../shared/clock.ts';
import { DomainError, notFound } from '../shared/errors.ts';
import { newId } from '../shared/ids.ts';
import { moneyJson, sum } from '../shared/money.ts';
import type { Once } from '../shared/once.ts';
import { type ShipmentLine, unitsLeft, unitsOf, type WantedLine } from '../shipments/shipment.ts';
import type { GiveBackMoney } from './give-back-money.ts';
import { seesOrder } from './guards.ts';
import type { OrderDetail } from './order-detail.ts';
import { lockOrder, OrderEdit, scopeOf } from './order-edit.ts';
import { completeIfDelivered, unitsGone, unitsOwed } from './order-units.ts';
import { refundOrder } from './return-money.ts';
import { heldUnits, releaseUnits } from './stock-moves.ts';
import type { Database, Tx } from './tx.ts';

interface Deps {
  readonly db: Database;
  readonly clock: Clock;
  readonly giveBack: GiveBackMoney;
}

export interface LineCancellation {
  readonly orderId: string;
  readonly lines: readonly WantedLine[];
  readonly reason: string | undefined;
}

const FULFILMENT: Actor = { type: 'system', name: 'fulfilment' };

/** Takes units out of a paid order before they leave: stock goes back at once, and their money by a refund. */
export class CancelLines {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /**
   * What staff have given back already is not given back again: the refund is what is left, at most.
   * @throws DomainError not_found, transition_not_allowed for units that left, and for all that an order has
   */
  async run(actor: Actor, request: LineCancellation, once?: Once<OrderDetail>): Promise<OrderDetail> {
    const work = async (tx: Tx): Promise<OrderDetail> => {
      await this.#cancel(tx, actor, request);
      const after = await tx.orderDetails.detail(request.orderId, 'any');
      if (after === undefined) throw notFound('order');
      return after;
    };
    const guard = seesOrder(request.orderId, scopeOf(actor));
    const detail = await this.#deps.db.transaction(work, once, guard);
    await this.#deps.giveBack.ofOrder(request.orderId);
    return detail;
  }

  async #cancel(tx: Tx, actor: Actor, { orderId, lines: wanted, reason }: LineCancellation): Promise<void> {
    const at = this.#deps.clock.now();
    const edit = new OrderEdit(await lockOrder(tx, orderId, scopeOf(actor)), { actor, at });
    const { order } = edit;
    if (order.status !== 'paid') {
      throw refused(`order ${order.number} is ${order.status}: lines are cancelled in a paid order only`);
    }
    const orderLines = await tx.orders.lines(order);
    const gone = await unitsGone(tx, order);
    const units = unitsLeft(orderLines, gone, wanted);
    // An order of which nothing is left is cancelled, and gives back its shipping, too: another transition.
    if (
      unitsOf(units) === unitsOf(orderLines) - unitsOf(gone) &&
      (await tx.shipments.ofOrder(orderId)).length === 0
    )
      throw refused('these are all units that the order has: cancel the order');
    const lines = withAmounts(orderLines, await unitsOwed(tx, order), units);
    const amount = sum(
      lines.map((line) => line.amount),
      order.currency,
    );
    const cancellation = { id: newId(), orderId, actor: actorLabel(actor), reason, amount, at, lines };
    edit.emit(OrderLinesCancelled, {
      orderId,
      number: order.number,
      cancellationId: cancellation.id,
      actor: cancellation.actor,
      reason: reason ?? null,
      amount: moneyJson(amount),
      lines: lines.map((l) => ({ lineId: l.orderLineId, quantity: l.quantity, amount: moneyJson(l.amount) })),
    });
    await refundOrder(tx, edit, { amount, reason: 'lines_cancelled', note: reason });
    await tx.cancellations.insert(cancellation);
    await completeIfDelivered(tx, edit, FULFILMENT);
    await edit.save(tx, await releaseUnits(tx, orderId, await heldUnits(tx, order, units), at));
  }
}

/** @param owed units of which the money was promised back before */
function withAmounts(
  orderLines: readonly OrderLine[],
  owed: readonly ShipmentLine[],
  units: readonly ShipmentLine[],
): CancelledLine[] {
  return units.flatMap(({ orderLineId, quantity }) => {
    const line = orderLines.find((l) => l.id === orderLineId);
    const before = unitsOf(owed.filter((unit) => unit.orderLineId === orderLineId));
    return line === undefined ? [] : [{ orderLineId, quantity, amount: unitShare(line, before, quantity) }];
  });
}

const refused = (message: string): DomainError => new DomainError('transition_not_allowed', message);

import { OrderConfirmed, OrderDelivered, OrderShipped } from '../orders/order.events.ts';
import { confirm, type Order } from '../orders/order.ts';
import { type Actor, actorLabel } from '../shared/actor.ts';
import type { Clock } from '../shared/clock.ts';
import { DomainError, notFound } from '../shared/errors.ts';
import type { NewEvent } from '../shared/event.ts';
import { newId } from '../shared/ids.ts';
import type { Once } from '../shared/once.ts';
import { deliver, type Shipment, unitsLeft, type WantedLine } from '../shipments/shipment.ts';
import { seesOrder } from './guards.ts';
import type { OrderDetail } from './order-detail.ts';
import { lockOrder, OrderEdit } from './order-edit.ts';
import { completeIfDelivered, unitsGone } from './order-units.ts';
import { commitStock, heldUnits } from './stock-moves.ts';
import type { Database, Tx } from './tx.ts';

interface Deps {
  readonly db: Database;
  readonly clock: Clock;
}

export interface Dispatch {
  readonly carrier: string;
  readonly trackingNumber: string;
  readonly trackingUrl: string | undefined;
  /** The units that leave together; all that are left when absent. */
  readonly lines: readonly WantedLine[] | undefined;
}

/** What staff do with a paid order. */
export class FulfilOrder {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Accepts the order for fulfilment: a mark, not a state. @throws DomainError not_found, transition_not_allowed, conflict */
  confirm(actor: Actor, orderId: string, once?: Once<OrderDetail>): Promise<OrderDetail> {
    return this.#edit(actor, orderId, once, (_tx, edit, at) => {
      edit.change(confirm(edit.order, at));
      edit.emit(OrderConfirmed, { ...reference(edit.order), actor: actorLabel(actor) });
      return Promise.resolve([]);
    });
  }

  /** Takes the units out of the warehouse. @throws DomainError not_found, transition_not_allowed */
  ship(actor: Actor, orderId: string, dispatch: Dispatch, once?: Once<OrderDetail>): Promise<OrderDetail> {
    return this.#edit(actor, orderId, once, async (tx, edit, at) => {
      checkPaid(edit.order);
      const orderLines = await tx.orders.lines(edit.order);
      const lines = unitsLeft(orderLines, await unitsGone(tx, edit.order), dispatch.lines);
      const { carrier, trackingNumber, trackingUrl } = dispatch;
      const shipment: Shipment = {
        carrier,
        trackingNumber,
        trackingUrl,
        id: newId(),
        orderId,
        status: 'shipped',
        shippedAt: at,
        deliveredAt: undefined,
        lines,
      };
      await tx.shipments.insert(shipment);
      const held = await heldUnits(tx, edit.order, lines);
      const skus = new Map(orderLines.map((line) => [line.id, line.sku]));
      edit.emit(OrderShipped, {
        ...reference(edit.order),
        shipmentId: shipment.id,
        carrier: shipment.carrier,
        trackingNumber: shipment.trackingNumber,
        trackingUrl: shipment.trackingUrl ?? null,
        lines: lines.map((l) => ({
          lineId: l.orderLineId,
          sku: skus.get(l.orderLineId) ?? '',
          quantity: l.quantity,
        })),
      });
      return commitStock(tx, orderId, held, at);
    });
  }

  /**
   * Records the arrival of one shipment, or of all that are on their way; the order is completed with the last.
   * @throws DomainError not_found, transition_not_allowed
   */
  deliver(
    actor: Actor,
    orderId: string,
    shipmentId: string | undefined,
    once?: Once<OrderDetail>,
  ): Promise<OrderDetail> {
    return this.#edit(actor, orderId, once, async (tx, edit, at) => {
      const before = await tx.shipments.ofOrder(orderId);
      const arrived = chosen(before, shipmentId).map((shipment) => deliver(shipment, at));
      for (const shipment of arrived) {
        await tx.shipments.markDelivered(shipment);
        edit.emit(OrderDelivered, { ...reference(edit.order), shipmentId: shipment.id });
      }
      await completeIfDelivered(tx, edit);
      return [];
    });
  }

  #edit(
    actor: Actor,
    orderId: string,
    once: Once<OrderDetail> | undefined,
    change: (tx: Tx, edit: OrderEdit, at: Date) => Promise<readonly NewEvent[]>,
  ): Promise<OrderDetail> {
    const work = async (tx: Tx): Promise<OrderDetail> => {
      const at = this.#deps.clock.now();
      const edit = new OrderEdit(await lockOrder(tx, orderId, 'any'), { actor, at });
      await edit.save(tx, await change(tx, edit, at));
      const detail = await tx.orderDetails.detail(orderId, 'any');
      if (detail === undefined) throw notFound('order');
      return detail;
    };
    return this.#deps.db.transaction(work, once, seesOrder(orderId, 'any'));
  }
}

const reference = (order: Order) => ({ orderId: order.id, number: order.number });

function checkPaid(order: Order): void {
  if (order.status === 'paid') return;
  throw new DomainError(
    'transition_not_allowed',
    `order ${order.number} is ${order.status}: only a paid order is shipped`,
    {
      facts: { status: order.status },
    },
  );
}

function chosen(shipments: readonly Shipment[], id: string | undefined): readonly Shipment[] {
  if (id !== undefined) {
    const shipment = shipments.find((s) => s.id === id);
    if (shipment === undefined) throw notFound('shipment');
    return [shipment];
  }
  const onTheWay = shipments.filter((s) => s.status === 'shipped');
  if (onTheWay.length === 0)
    throw new DomainError('transition_not_allowed', 'nothing of this order is on its way');
  return onTheWay;
}

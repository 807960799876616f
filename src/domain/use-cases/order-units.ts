import type { Order } from '../orders/order.ts';
import { cameBack } from '../returns/return.ts';
import type { Actor } from '../shared/actor.ts';
import { fulfilmentStatus, isDelivered, type ShipmentLine } from '../shipments/shipment.ts';
import type { OrderEdit } from './order-edit.ts';
import type { Tx } from './tx.ts';

/** Units that are not in the warehouse for this order any more: shipped, or cancelled. */
export async function unitsGone(tx: Tx, order: Order): Promise<ShipmentLine[]> {
  const shipments = await tx.shipments.ofOrder(order.id);
  const cancellations = await tx.cancellations.ofOrder(order);
  return [...shipments.flatMap((s) => s.lines), ...cancellations.flatMap((c) => c.lines)];
}

/** Units whose money was promised back: cancelled before they left, or sent back by the buyer. */
export async function unitsOwed(tx: Tx, order: Order): Promise<ShipmentLine[]> {
  const cancellations = await tx.cancellations.ofOrder(order);
  return [...cancellations.flatMap((c) => c.lines), ...cameBack(await tx.returns.ofOrder(order))];
}

/**
 * An order whose every remaining unit arrived is completed. Asks the stores: call it after the change is stored.
 * @param actor who completes it, where whoever edits it may not
 */
export async function completeIfDelivered(tx: Tx, edit: OrderEdit, actor?: Actor): Promise<void> {
  const { order } = edit;
  if (order.status !== 'paid') return;
  const cancelled = (await tx.cancellations.ofOrder(order)).flatMap((c) => c.lines);
  const shipments = await tx.shipments.ofOrder(order.id);
  const status = fulfilmentStatus(await tx.orders.lines(order), shipments, {
    cancelled,
    returned: cameBack(await tx.returns.ofOrder(order)),
  });
  if (isDelivered(status)) edit.transition('completed', undefined, actor);
}

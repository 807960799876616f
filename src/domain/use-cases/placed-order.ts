import type { Reservation } from '../inventory/reservation.ts';
import { OrderCreated } from '../orders/order.events.ts';
import type { HistoryEntry, Order, OrderLine } from '../orders/order.ts';
import type { Actor } from '../shared/actor.ts';
import { notFound } from '../shared/errors.ts';
import { eventOf, type NewEvent } from '../shared/event.ts';
import { newId, newReadableCode } from '../shared/ids.ts';
import { moneyJson } from '../shared/money.ts';
import type { OrderDetail } from './order-detail.ts';
import { OrderEdit } from './order-edit.ts';
import type { Tx } from './tx.ts';

const NUMBER_ATTEMPTS = 5;
const FREE: Actor = { type: 'system', name: 'free-order' };

/** An order that costs nothing waits for no payment: no gateway takes one of zero. */
export async function settleFree(tx: Tx, order: Order, at: Date): Promise<OrderDetail> {
  const edit = new OrderEdit(order, { actor: FREE, at });
  edit.transition('authorized', 'nothing to pay');
  edit.transition('paid', 'nothing to pay');
  await edit.save(tx);
  const detail = await tx.orderDetails.detail(order.id, 'any');
  if (detail === undefined) throw notFound('order');
  return detail;
}

/** The history's first line. */
export const firstEntry = (order: Order): HistoryEntry => ({
  id: newId(),
  orderId: order.id,
  position: order.eventSequence,
  from: undefined,
  to: order.status,
  actor: order.userId === undefined ? 'guest' : `user:${order.userId}`,
  reason: undefined,
  at: order.placedAt,
});

/** Numbers are random, so one may be taken: one in hundreds of thousands with a million orders. */
export async function insertUnderFreeNumber(
  tx: Tx,
  order: Order,
  lines: readonly OrderLine[],
  first: HistoryEntry,
): Promise<Order> {
  for (let attempt = 0; attempt < NUMBER_ATTEMPTS; attempt++) {
    const numbered = attempt === 0 ? order : { ...order, number: newReadableCode('CB', 8) };
    if (await tx.orders.insert(numbered, lines, first)) return numbered;
  }
  throw new Error('no free order number: the code has become too short');
}

export function reservationsOf(
  order: Order,
  lines: readonly OrderLine[],
  picks: readonly { readonly variantId: string; readonly stockLevelId: string }[],
): Reservation[] {
  const levels = new Map(picks.map((pick) => [pick.variantId, pick.stockLevelId]));
  return lines.map((line) => ({
    id: newId(),
    orderId: order.id,
    orderLineId: line.id,
    stockLevelId: levels.get(line.variantId) ?? '',
    quantity: line.quantity,
    status: 'open',
    expiresAt: order.expiresAt,
    createdAt: order.placedAt,
  }));
}

export const createdEvent = (order: Order, lines: readonly OrderLine[]): NewEvent =>
  eventOf(
    OrderCreated,
    { aggregateId: order.id, sequence: order.eventSequence, occurredAt: order.placedAt },
    {
      orderId: order.id,
      number: order.number,
      userId: order.userId ?? null,
      locale: order.locale,
      country: order.shippingAddress.country,
      total: moneyJson(order.totals.total),
      shipping: moneyJson(order.totals.shipping),
      incoterm: order.incoterm,
      lines: lines.map((line) => ({
        lineId: line.id,
        variantId: line.variantId,
        sku: line.sku,
        name: line.name,
        quantity: line.quantity,
        unitPrice: moneyJson(line.unitPrice),
        total: moneyJson(line.total),
        discount: moneyJson(line.discount),
        tax: moneyJson(line.tax),
        duty: moneyJson(line.duty),
        warehouseId: line.warehouseId,
      })),
      placedAt: order.placedAt.toISOString(),
      expiresAt: order.expiresAt.toISOString(),
    },
  );

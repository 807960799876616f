import type { OpenReservation, StockMove } from '../inventory/reservation.store.ts';
import { StockCommitted, StockReleased, StockReserved } from '../inventory/stock.events.ts';
import { eventOf, type NewEvent } from '../shared/event.ts';
import type { Tx } from './tx.ts';

const EVENTS = { reserved: StockReserved, released: StockReleased, committed: StockCommitted } as const;

/** One event per stock level that moved, numbered by the statement that moved it. */
export const stockEvents = (
  kind: keyof typeof EVENTS,
  orderId: string,
  moves: readonly StockMove[],
  at: Date,
): NewEvent[] =>
  moves.map(({ stockLevelId, variantId, warehouseId, quantity, sequence }) =>
    eventOf(
      EVENTS[kind],
      { aggregateId: stockLevelId, sequence, occurredAt: at },
      { stockLevelId, variantId, warehouseId, orderId, quantity },
    ),
  );

/** What an order holds of these units: a reservation of more is split. */
export async function heldUnits(
  tx: Tx,
  order: { readonly id: string; readonly number: string },
  lines: readonly { readonly orderLineId: string; readonly quantity: number }[],
): Promise<OpenReservation[]> {
  const open = await tx.reservations.openOf(
    order.id,
    lines.map((line) => line.orderLineId),
  );
  const held: OpenReservation[] = [];
  for (const { orderLineId, quantity } of lines) {
    const reservation = open.find((r) => r.orderLineId === orderLineId);
    // Every unit in the warehouse is reserved: else this is a defect, and nothing of it is committed.
    if (reservation === undefined || reservation.quantity < quantity)
      throw new Error(`order ${order.number} does not hold ${quantity} units of line ${orderLineId}`);
    held.push(
      reservation.quantity === quantity ? reservation : await tx.reservations.split(reservation, quantity),
    );
  }
  return held;
}

/** Gives these units back. @returns the events that tell it */
export async function releaseUnits(
  tx: Tx,
  orderId: string,
  held: readonly OpenReservation[],
  at: Date,
): Promise<NewEvent[]> {
  return stockEvents('released', orderId, await tx.reservations.close(held, 'released', at), at);
}

/** Gives back everything that the order still holds. @returns the events that tell it */
export async function releaseStock(tx: Tx, orderId: string, at: Date): Promise<NewEvent[]> {
  return releaseUnits(tx, orderId, await tx.reservations.openOf(orderId), at);
}

/** Takes shipped units out of the warehouse. @returns the events that tell it */
export async function commitStock(
  tx: Tx,
  orderId: string,
  open: readonly OpenReservation[],
  at: Date,
): Promise<NewEvent[]> {
  return stockEvents('committed', orderId, await tx.reservations.close(open, 'committed', at), at);
}

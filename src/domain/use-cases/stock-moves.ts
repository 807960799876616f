import type { OpenReservation, StockMove } from '../inventory/reservation.store.ts';
import {
  StockAdjusted,
  StockCommitted,
  StockLow,
  StockReleased,
  StockReserved,
} from '../inventory/stock.events.ts';
import { available, fellLow, type StockAdjustment, type StockLevel } from '../inventory/stock.ts';
import { eventOf, type NewEvent } from '../shared/event.ts';
import type { Tx } from './tx.ts';

const EVENTS = { reserved: StockReserved, released: StockReleased, committed: StockCommitted } as const;

/** One event per stock level that moved, numbered by the statement that moved it; a second where it fell low. */
export const stockEvents = (
  kind: keyof typeof EVENTS,
  orderId: string,
  moves: readonly StockMove[],
  at: Date,
): NewEvent[] =>
  moves.flatMap(({ stockLevelId, variantId, warehouseId, quantity, sequence, low }) => {
    const level = { stockLevelId, variantId, warehouseId };
    const stamp = { aggregateId: stockLevelId, occurredAt: at };
    const moved = eventOf(EVENTS[kind], { ...stamp, sequence }, { ...level, orderId, quantity });
    if (low === undefined) return [moved];
    return [moved, eventOf(StockLow, { ...stamp, sequence: sequence + 1 }, { ...level, ...low })];
  });

/** A correction by staff, with its row and its events. @throws DomainError as `InventoryStore.adjust` */
export async function adjustStock(
  tx: Tx,
  adjustment: StockAdjustment,
): Promise<{ level: StockLevel; events: NewEvent[] }> {
  const level = await tx.inventory.adjust(adjustment);
  const { variantId, warehouseId, delta, reason, at } = adjustment;
  const where = { stockLevelId: level.id, variantId, warehouseId };
  const stamp = { aggregateId: level.id, occurredAt: at };
  const low = fellLow(level, delta);
  const sequence = level.eventSequence - (low ? 1 : 0);
  const events = [
    eventOf(StockAdjusted, { ...stamp, sequence }, { ...where, delta, onHand: level.onHand, reason }),
  ];
  if (low) {
    const state = { available: available(level), threshold: level.lowStockThreshold };
    events.push(eventOf(StockLow, { ...stamp, sequence: sequence + 1 }, { ...where, ...state }));
  }
  return { level, events };
}

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

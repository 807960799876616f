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

/** Gives back everything that the order still holds. @returns the events that tell it */
export async function releaseStock(tx: Tx, orderId: string, at: Date): Promise<NewEvent[]> {
  const open = await tx.reservations.openOf(orderId);
  return stockEvents('released', orderId, await tx.reservations.close(open, 'released', at), at);
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

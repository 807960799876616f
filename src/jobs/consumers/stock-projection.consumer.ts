import {
  StockAdjusted,
  StockCommitted,
  StockReleased,
  StockReserved,
} from '../../domain/inventory/stock.events.ts';
import type { EventType } from '../../domain/shared/event.ts';
import { type Consumer, defineConsumer } from './define-consumer.ts';

interface OfLevel {
  readonly stockLevelId: string;
}

const project = <P extends OfLevel>(
  event: EventType<P>,
  changeOf: (payload: P) => { readonly onHand: number; readonly reserved: number },
): Consumer =>
  defineConsumer({
    group: 'stock',
    event,
    handle: (tx, { sequence, occurredAt: at }, payload) =>
      tx.stockProjection.apply({
        stockLevelId: payload.stockLevelId,
        ...changeOf(payload),
        sequence,
        at,
      }),
  });

/** Each event changes the numbers by a difference: done twice, or not at all, they would be wrong for good. */
export const stockProjectionConsumers: readonly Consumer[] = [
  project(StockReserved, ({ quantity }) => ({ onHand: 0, reserved: quantity })),
  project(StockReleased, ({ quantity }) => ({ onHand: 0, reserved: -quantity })),
  project(StockCommitted, ({ quantity }) => ({ onHand: -quantity, reserved: -quantity })),
  project(StockAdjusted, ({ delta }) => ({ onHand: delta, reserved: 0 })),
];

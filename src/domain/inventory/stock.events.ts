import { z } from 'zod';
import { defineEvent } from '../shared/event.ts';

/** Every stock event belongs to one stock level: one variant in one warehouse. */
const stockLevel = { stockLevelId: z.string(), variantId: z.string(), warehouseId: z.string() };
const forOrder = { ...stockLevel, orderId: z.string(), quantity: z.int().positive() };

export const StockReserved = defineEvent({
  type: 'stock.reserved.v1',
  topic: 'stock-events',
  aggregateType: 'stock',
  summary: 'An order took units of a stock level: reserved grew by quantity, on hand did not change',
  schema: z.object(forOrder),
});

export const StockReleased = defineEvent({
  type: 'stock.released.v1',
  topic: 'stock-events',
  aggregateType: 'stock',
  summary: 'A cancelled or expired order gave its units back: reserved shrank by quantity',
  schema: z.object(forOrder),
});

export const StockCommitted = defineEvent({
  type: 'stock.committed.v1',
  topic: 'stock-events',
  aggregateType: 'stock',
  summary: 'Reserved units left the warehouse with a shipment: on hand and reserved shrank by quantity',
  schema: z.object(forOrder),
});

export const StockAdjusted = defineEvent({
  type: 'stock.adjusted.v1',
  topic: 'stock-events',
  aggregateType: 'stock',
  summary: 'Staff changed what is on hand by delta, with a reason',
  schema: z.object({ ...stockLevel, delta: z.int(), onHand: z.int().nonnegative(), reason: z.string() }),
});

export const StockLow = defineEvent({
  type: 'stock.low.v1',
  topic: 'stock-events',
  aggregateType: 'stock',
  summary: 'What is available fell to the threshold: told once, until it rose above it again',
  schema: z.object({ ...stockLevel, available: z.int().nonnegative(), threshold: z.int().positive() }),
});

export const StockThresholdSet = defineEvent({
  type: 'stock.threshold_set.v1',
  topic: 'stock-events',
  aggregateType: 'stock',
  summary: 'Staff said from which number on a stock level is low; 0: never',
  schema: z.object({ ...stockLevel, threshold: z.int().nonnegative(), actor: z.string() }),
});

export const stockEvents = [
  StockReserved,
  StockReleased,
  StockCommitted,
  StockAdjusted,
  StockLow,
  StockThresholdSet,
] as const;

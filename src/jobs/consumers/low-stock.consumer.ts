import { StockLow } from '../../domain/inventory/stock.events.ts';
import { SendLowStock } from '../../domain/notifications/send-low-stock.job.ts';
import { defineConsumer } from './define-consumer.ts';

export const lowStockConsumers = [
  defineConsumer({
    group: 'alerts',
    event: StockLow,
    handle: (tx, { id: eventId }, { stockLevelId, available, threshold }) =>
      tx.jobs.enqueue(
        SendLowStock,
        { eventId, stockLevelId, available, threshold },
        { uniqueKey: `low-stock:${eventId}` },
      ),
  }),
] as const;

import { EntitySchema } from 'typeorm';
import { addressTable } from './addresses/address.table.ts';
import { auditTable } from './audit.table.ts';
import { cartTables } from './carts/cart.tables.ts';
import { categoryTables } from './catalog/category.tables.ts';
import { productTables } from './catalog/product.tables.ts';
import { variantTables } from './catalog/variant.tables.ts';
import { consumerOffsetTable, eventLogTable, eventTopicTable } from './eventstream/event-log.table.ts';
import { consumerDeadLetterTable, consumerPositionTable, inboxTable } from './eventstream/inbox.table.ts';
import { outboxTable } from './eventstream/outbox.table.ts';
import { idempotencyKeyTable } from './idempotency-key.table.ts';
import { importerIdentityTable } from './identity/importer-identity.table.ts';
import { inventoryTables } from './inventory/inventory.tables.ts';
import { jobTable } from './jobs/job.table.ts';
import { queueTable } from './jobs/queue.table.ts';
import { scheduleRunTable, scheduleTable } from './jobs/schedule.table.ts';
import { workerCommandTable, workerTable } from './jobs/worker.table.ts';
import { landedCostTables } from './landed-cost/landed-cost.tables.ts';
import { cancellationTables } from './orders/cancellation.tables.ts';
import { guestOrderTables } from './orders/guest-order.tables.ts';
import { orderTables } from './orders/order.tables.ts';
import { paymentTables } from './payments/payment.tables.ts';
import { paymentLedgerTables } from './payments/payment-ledger.tables.ts';
import { exchangeRateTable } from './pricing/exchange-rate.table.ts';
import { promotionTables } from './promotions/promotion.tables.ts';
import { returnTables } from './returns/return.tables.ts';
import { shipmentTables } from './shipments/shipment.tables.ts';
import { shippingTables } from './shipping/shipping.tables.ts';
import type { DatabaseKind } from './sql.ts';
import { userTables } from './users/user.table.ts';
import { webhookTables } from './webhooks/webhook.tables.ts';

/** Every table that TypeORM knows: the drift test compares exactly these with the database. */
const TABLES: readonly EntitySchema[] = [
  idempotencyKeyTable,
  auditTable,
  ...userTables,
  addressTable,
  importerIdentityTable,
  ...categoryTables,
  ...productTables,
  ...variantTables,
  ...inventoryTables,
  ...cartTables,
  ...orderTables,
  ...paymentTables,
  ...paymentLedgerTables,
  ...shipmentTables,
  ...guestOrderTables,
  ...cancellationTables,
  ...returnTables,
  ...shippingTables,
  ...promotionTables,
  exchangeRateTable,
  ...landedCostTables,
  outboxTable,
  inboxTable,
  consumerPositionTable,
  consumerDeadLetterTable,
  eventTopicTable,
  eventLogTable,
  consumerOffsetTable,
  jobTable,
  queueTable,
  scheduleTable,
  scheduleRunTable,
  workerTable,
  workerCommandTable,
  ...webhookTables,
];

/** The tables as `kind` declares them: some types have another spelling, or a precision, on one of them. */
export function entities(kind: DatabaseKind): EntitySchema[] {
  return TABLES.map((table) => {
    const columns = Object.entries(table.options.columns).map(([name, column]) => [
      name,
      column === undefined ? column : { ...column, ...spelling(kind, column.type) },
    ]);
    return new EntitySchema(
      Object.assign({}, table.options, { columns: Object.fromEntries(columns) as object }),
    );
  });
}

function spelling(kind: DatabaseKind, type: unknown): { type?: 'text'; precision?: number } {
  if (kind === 'sqlite') return type === 'longtext' ? { type: 'text' } : {};
  return type === 'datetime' ? { precision: 6 } : {};
}

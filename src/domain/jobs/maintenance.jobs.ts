import { z } from 'zod';
import { defineJob } from '../shared/job.ts';

const batch = z.strictObject({ limit: z.int().positive().max(10_000) });
const kept = z.strictObject({ keptDays: z.int().positive().max(3650) });

export const ExpireUnpaid = defineJob({
  name: 'orders.expire-unpaid',
  queue: 'orders',
  summary: 'Orders that were not paid in time give their stock back',
  data: batch,
});

export const ReconcileOpenPayments = defineJob({
  name: 'payments.reconcile',
  queue: 'payments',
  summary: 'Payments without an outcome are looked up at the gateway',
  data: batch,
});

export const ReleaseStale = defineJob({
  name: 'orders.release-stale-reservations',
  queue: 'orders',
  summary: 'Orders whose authorization has lapsed at the provider give their stock back',
  data: z.strictObject({ afterDays: z.int().positive().max(365), limit: batch.shape.limit }),
});

export const ReportLowStock = defineJob({
  name: 'inventory.report-low-stock',
  queue: 'notifications',
  summary: 'Tells staff which stock levels are at or below their threshold',
  data: z.strictObject({ limit: z.int().positive().max(1000) }),
});

export const RefreshExchangeRates = defineJob({
  name: 'pricing.refresh-exchange-rates',
  queue: 'default',
  summary: 'Fetches the reference rates of EXCHANGE_RATES_URL; does nothing without it',
  data: z.strictObject({}),
});

export const PurgeEvents = defineJob({
  name: 'maintenance.purge-events',
  queue: 'default',
  summary: 'Deletes events that were published long ago',
  data: kept,
});

export const PurgeInbox = defineJob({
  name: 'maintenance.purge-inbox',
  queue: 'default',
  summary: 'Forgets which events were handled, skipped or replayed, long after they could come again',
  data: kept,
});

export const PurgeGuestCarts = defineJob({
  name: 'maintenance.purge-guest-carts',
  queue: 'default',
  summary: 'Deletes carts of guests who did not come back',
  data: kept,
});

export const PurgeWebhooks = defineJob({
  name: 'maintenance.purge-webhooks',
  queue: 'default',
  summary: 'Forgets which events of payment providers came, long after they could come again',
  data: kept,
});

export const PurgeWebhookDeliveries = defineJob({
  name: 'maintenance.purge-webhook-deliveries',
  queue: 'default',
  summary: 'Deletes deliveries to endpoints, with their log, that were made or given up long ago',
  data: kept,
});

export const RebuildStock = defineJob({
  name: 'maintenance.rebuild-stock-projection',
  queue: 'default',
  summary: 'Makes the stock projection anew from the stock levels',
  data: z.strictObject({}),
});

export const PurgeCredentials = defineJob({
  name: 'maintenance.purge-credentials',
  queue: 'default',
  summary: 'Deletes idempotency keys and refresh tokens that have expired',
  data: z.strictObject({}),
});

export const PurgeJobs = defineJob({
  name: 'maintenance.purge-jobs',
  queue: 'default',
  summary: 'Deletes finished jobs, dead ones later, and the heartbeats of processes that are gone',
  // Schedules that were stored before say nothing of dead ones.
  data: kept.extend({ keptDeadDays: kept.shape.keptDays.default(90) }),
});

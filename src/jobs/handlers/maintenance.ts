import { handlerOf, type JobHandler } from '../../domain/jobs/job-runner.ts';
import {
  ExpireUnpaid,
  PurgeCredentials,
  PurgeEvents,
  PurgeGuestCarts,
  PurgeInbox,
  PurgeJobs,
  PurgeWebhookDeliveries,
  PurgeWebhooks,
  RebuildStock,
  ReconcileOpenPayments,
  RefreshExchangeRates,
  ReleaseStale,
} from '../../domain/jobs/maintenance.jobs.ts';
import type { Work } from '../work.ts';

type Deps = Pick<
  Work,
  | 'cleanUp'
  | 'expireUnpaidOrders'
  | 'reconcilePayments'
  | 'giveBackMoney'
  | 'rebuildStockProjection'
  | 'releaseStaleReservations'
  | 'refreshExchangeRates'
>;

/** Work that nobody asked for, and that must be done all the same. */
export const maintenance = (deps: Deps): readonly JobHandler[] => [
  handlerOf(ExpireUnpaid, async ({ limit }) => {
    await deps.expireUnpaidOrders.run(limit);
  }),
  handlerOf(ReconcileOpenPayments, async ({ limit }) => {
    await deps.reconcilePayments.run(limit);
    await deps.giveBackMoney.sweep(limit);
  }),
  handlerOf(ReleaseStale, async ({ afterDays, limit }) => ({
    released: await deps.releaseStaleReservations.run(afterDays, limit),
  })),
  handlerOf(RefreshExchangeRates, () => deps.refreshExchangeRates.run()),
  handlerOf(PurgeEvents, async ({ keptDays }) => {
    await deps.cleanUp.events(keptDays);
  }),
  handlerOf(PurgeInbox, async ({ keptDays }) => {
    await deps.cleanUp.inbox(keptDays);
  }),
  handlerOf(PurgeGuestCarts, async ({ keptDays }) => {
    await deps.cleanUp.guestCarts(keptDays);
  }),
  handlerOf(PurgeWebhooks, async ({ keptDays }) => {
    await deps.cleanUp.webhooks(keptDays);
  }),
  handlerOf(PurgeWebhookDeliveries, async ({ keptDays }) => {
    await deps.cleanUp.webhookDeliveries(keptDays);
  }),
  handlerOf(RebuildStock, async () => {
    await deps.rebuildStockProjection.run();
  }),
  handlerOf(PurgeCredentials, async () => {
    await deps.cleanUp.credentials();
  }),
  handlerOf(PurgeJobs, async ({ keptDays }) => {
    await deps.cleanUp.jobs(keptDays);
  }),
];

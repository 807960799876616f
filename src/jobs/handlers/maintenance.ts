import { memoryOf } from '../../domain/eventstream/remembering.ts';
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
  | 'eventLog'
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
  handlerOf(PurgeInbox, async (asked) => {
    // What could still be read again would have its effect again.
    const keptDays = Math.max(asked.keptDays, await memoryOf(deps.eventLog));
    if (keptDays === Number.POSITIVE_INFINITY) return { keptDays: 'for ever, as a topic is', deleted: 0 };
    return { keptDays, deleted: await deps.cleanUp.inbox(keptDays) };
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

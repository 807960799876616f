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
  handlerOf(ExpireUnpaid, async ({ limit }, { signal }) => {
    await deps.expireUnpaidOrders.run(limit, signal);
  }),
  handlerOf(ReconcileOpenPayments, async ({ limit }, { signal }) => {
    await deps.reconcilePayments.run(limit, signal);
    await deps.giveBackMoney.sweep(limit, signal);
  }),
  handlerOf(ReleaseStale, async ({ afterDays, limit }, { signal }) => ({
    released: await deps.releaseStaleReservations.run(afterDays, limit, signal),
  })),
  handlerOf(RefreshExchangeRates, (_, { signal }) => deps.refreshExchangeRates.run(signal)),
  handlerOf(PurgeEvents, async ({ keptDays }, { signal }) => {
    await deps.cleanUp.events(keptDays, signal);
  }),
  handlerOf(PurgeInbox, async (asked, { signal }) => {
    // What could still be read again would have its effect again.
    const keptDays = Math.max(asked.keptDays, await memoryOf(deps.eventLog));
    if (keptDays === Number.POSITIVE_INFINITY) return { keptDays: 'for ever, as a topic is', deleted: 0 };
    return { keptDays, deleted: await deps.cleanUp.inbox(keptDays, signal) };
  }),
  handlerOf(PurgeGuestCarts, async ({ keptDays }, { signal }) => {
    await deps.cleanUp.guestCarts(keptDays, signal);
  }),
  handlerOf(PurgeWebhooks, async ({ keptDays }, { signal }) => {
    await deps.cleanUp.webhooks(keptDays, signal);
  }),
  handlerOf(PurgeWebhookDeliveries, async ({ keptDays }, { signal }) => {
    await deps.cleanUp.webhookDeliveries(keptDays, signal);
  }),
  handlerOf(RebuildStock, async () => {
    await deps.rebuildStockProjection.run();
  }),
  handlerOf(PurgeCredentials, async (_, { signal }) => {
    await deps.cleanUp.credentials(signal);
  }),
  handlerOf(PurgeJobs, async ({ keptDays, keptDeadDays }, { signal }) => {
    await deps.cleanUp.jobs(keptDays, keptDeadDays, signal);
  }),
];

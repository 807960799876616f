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
  ReportLowStock,
} from '../domain/jobs/maintenance.jobs.ts';
import type { MissedPolicy, ScheduleDeclaration } from '../domain/jobs/schedule.store.ts';
import type { JobType } from '../domain/shared/job.ts';
import { SweepWebhooks } from '../domain/webhooks/webhook.jobs.ts';

const at = <D>(
  name: string,
  cron: string,
  job: JobType<D>,
  data: D,
  missed: MissedPolicy = 'run-once',
): ScheduleDeclaration => ({
  name,
  job: job.name,
  data,
  cron,
  timezone: 'UTC',
  missed,
});

/** What is done without being asked. A schedule is stored when it is first seen; what is stored then counts. */
export const schedules: readonly ScheduleDeclaration[] = [
  at('expire-unpaid-orders', '* * * * *', ExpireUnpaid, { limit: 500 }),
  at('reconcile-payments', '*/5 * * * *', ReconcileOpenPayments, { limit: 100 }),
  // Of most cards an authorization lasts a week.
  at('release-stale-reservations', '25 * * * *', ReleaseStale, { afterDays: 7, limit: 100 }),
  at('low-stock-report', '0 6 * * *', ReportLowStock, { limit: 200 }, 'skip'),
  // The European Central Bank publishes at about 16:00 of each of its working days.
  {
    ...at('refresh-exchange-rates', '30 16 * * 1-5', RefreshExchangeRates, {}),
    timezone: 'Europe/Berlin',
  },
  at('purge-events', '10 3 * * *', PurgeEvents, { keptDays: 7 }),
  // At least: as long as a topic can be read again, whatever its retention is.
  at('purge-inbox', '20 3 * * *', PurgeInbox, { keptDays: 30 }),
  at('purge-jobs', '30 3 * * *', PurgeJobs, { keptDays: 7, keptDeadDays: 90 }),
  at('purge-guest-carts', '50 3 * * *', PurgeGuestCarts, { keptDays: 30 }),
  at('purge-webhooks', '0 4 * * *', PurgeWebhooks, { keptDays: 90 }),
  // A sender that died holds its endpoint for less than a minute.
  at('sweep-webhooks', '* * * * *', SweepWebhooks, { limit: 500 }),
  at('purge-webhook-deliveries', '5 4 * * *', PurgeWebhookDeliveries, { keptDays: 30 }),
  at('purge-credentials', '40 * * * *', PurgeCredentials, {}),
];

/** The jobs that a schedule may name. */
export const scheduledJobs: ReadonlyMap<string, JobType<unknown>> = new Map(
  [
    ExpireUnpaid,
    ReconcileOpenPayments,
    PurgeEvents,
    PurgeInbox,
    PurgeJobs,
    PurgeGuestCarts,
    PurgeWebhooks,
    PurgeCredentials,
    SweepWebhooks,
    PurgeWebhookDeliveries,
    RebuildStock,
    ReleaseStale,
    ReportLowStock,
    RefreshExchangeRates,
  ].map((job) => [job.name, job]),
);

import { SendLowStock } from '../domain/notifications/send-low-stock.job.ts';
import { SendOrderClaim } from '../domain/notifications/send-order-claim.job.ts';
import { SendOrderMail } from '../domain/notifications/send-order-mail.job.ts';
import { GiveBackOfOrder } from '../domain/payments/give-back.job.ts';
import type { JobType } from '../domain/shared/job.ts';
import { DeliverWebhooks, SendWebhookDisabled } from '../domain/webhooks/webhook.jobs.ts';
import { scheduledJobs } from './schedules.ts';

/** Every job that there is, by name. */
export const jobCatalog: ReadonlyMap<string, JobType<unknown>> = new Map<string, JobType<unknown>>([
  ...scheduledJobs,
  ...[SendOrderMail, SendOrderClaim, SendLowStock, SendWebhookDisabled, GiveBackOfOrder, DeliverWebhooks].map(
    (job) => [job.name, job as JobType<unknown>] as const,
  ),
]);

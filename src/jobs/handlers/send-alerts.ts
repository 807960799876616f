import { handlerOf, type JobHandler } from '../../domain/jobs/job-runner.ts';
import { ReportLowStock } from '../../domain/jobs/maintenance.jobs.ts';
import { SendLowStock } from '../../domain/notifications/send-low-stock.job.ts';
import { renderAlert } from '../../domain/notifications/staff-alert.ts';
import { SendWebhookDisabled } from '../../domain/webhooks/webhook.jobs.ts';
import type { Work } from '../work.ts';

type Deps = Pick<Work, 'alerts' | 'mailer'>;

/** One mail to each of the staff; repeated, it is the same mail. */
async function tell({ alerts, mailer }: Deps, key: string, subject: string, lines: string[]): Promise<void> {
  const mail = renderAlert(subject, lines);
  for (const [i, to] of (await alerts.recipients()).entries()) {
    await mailer.send({ to, messageKey: `${key}.${i}`, ...mail });
  }
}

export const sendAlerts = (deps: Deps): readonly JobHandler[] => [
  handlerOf(SendLowStock, async ({ eventId, stockLevelId, available, threshold }) => {
    const level = await deps.alerts.stockLevel(stockLevelId);
    if (level === undefined) return;
    await tell(deps, `low-stock.${eventId}`, `Low stock: ${level.sku} in ${level.warehouse}`, [
      `${level.sku} has ${available} units left in the warehouse ${level.warehouse}, and counts as low from ${threshold} on.`,
      'You are told once, until there are more again.',
    ]);
  }),
  handlerOf(ReportLowStock, async ({ limit }, { jobId }) => {
    const levels = await deps.alerts.lowStock(limit);
    if (levels.length === 0) return { levels: 0 };
    await tell(deps, `low-stock-report.${jobId}`, `Low stock: ${levels.length} to order`, [
      ...levels.map(
        ({ sku, warehouse, available, threshold }) =>
          `${sku} in ${warehouse}: ${available} left (low from ${threshold} on)`,
      ),
      ...(levels.length === limit ? [`There may be more: this report ends after ${limit}.`] : []),
    ]);
    return { levels: levels.length };
  }),
  handlerOf(SendWebhookDisabled, async ({ endpointId, url, reason }) => {
    await tell(deps, `webhook-disabled.${endpointId}`, `Webhook endpoint disabled: ${new URL(url).host}`, [
      `Nothing is sent to ${url} any more: ${reason}.`,
      'What it has not received is kept. Mend it, then set it active again, and deliveries go on where they stopped.',
    ]);
  }),
];

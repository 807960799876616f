import { handlerOf, type JobHandler } from '../../domain/jobs/job-runner.ts';
import { ReportLowStock } from '../../domain/jobs/maintenance.jobs.ts';
import { SendLowStock } from '../../domain/notifications/send-low-stock.job.ts';
import { renderAlert } from '../../domain/notifications/staff-alert.ts';
import { SendWebhookDisabled } from '../../domain/webhooks/webhook.jobs.ts';
import type { Work } from '../work.ts';

type Deps = Pick<Work, 'alerts' | 'mailer'>;

interface Alert {
  readonly key: string;
  readonly subject: string;
  readonly lines: readonly string[];
}

/** One mail to each of the staff, until it is asked to stop; repeated, it is the same mail. */
async function tell({ alerts, mailer }: Deps, alert: Alert, signal: AbortSignal): Promise<void> {
  const { key, subject, lines } = alert;
  const mail = renderAlert(subject, lines);
  for (const [i, to] of (await alerts.recipients()).entries()) {
    signal.throwIfAborted();
    await mailer.send({ to, messageKey: `${key}.${i}`, ...mail });
  }
}

export const sendAlerts = (deps: Deps): readonly JobHandler[] => [
  handlerOf(SendLowStock, async ({ eventId, stockLevelId, available, threshold }, { signal }) => {
    const level = await deps.alerts.stockLevel(stockLevelId);
    if (level === undefined) return;
    const alert = {
      key: `low-stock.${eventId}`,
      subject: `Low stock: ${level.sku} in ${level.warehouse}`,
      lines: [
        `${level.sku} has ${available} units left in the warehouse ${level.warehouse}, and counts as low from ${threshold} on.`,
        'You are told once, until there are more again.',
      ],
    };
    await tell(deps, alert, signal);
  }),
  handlerOf(ReportLowStock, async ({ limit }, { jobId, signal }) => {
    const levels = await deps.alerts.lowStock(limit);
    if (levels.length === 0) return { levels: 0 };
    const alert = {
      key: `low-stock-report.${jobId}`,
      subject: `Low stock: ${levels.length} to order`,
      lines: [
        ...levels.map(
          ({ sku, warehouse, available, threshold }) =>
            `${sku} in ${warehouse}: ${available} left (low from ${threshold} on)`,
        ),
        ...(levels.length === limit ? [`There may be more: this report ends after ${limit}.`] : []),
      ],
    };
    await tell(deps, alert, signal);
    return { levels: levels.length };
  }),
  handlerOf(SendWebhookDisabled, async ({ endpointId, url, reason }, { signal }) => {
    const alert = {
      key: `webhook-disabled.${endpointId}`,
      subject: `Webhook endpoint disabled: ${new URL(url).host}`,
      lines: [
        `Nothing is sent to ${url} any more: ${reason}.`,
        'What it has not received is kept. Mend it, then set it active again, and deliveries go on where they stopped.',
      ],
    };
    await tell(deps, alert, signal);
  }),
];

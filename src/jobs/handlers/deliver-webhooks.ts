import { handlerOf, type JobHandler } from '../../domain/jobs/job-runner.ts';
import { DeliverWebhooks, SweepWebhooks } from '../../domain/webhooks/webhook.jobs.ts';
import type { Work } from '../work.ts';

export const deliverWebhooks = ({ webhooks }: Pick<Work, 'webhooks'>): readonly JobHandler[] => [
  handlerOf(DeliverWebhooks, ({ endpointId }, { signal }) => webhooks.run(endpointId, signal)),
  handlerOf(SweepWebhooks, async ({ limit }) => {
    await webhooks.sweep(limit);
  }),
];

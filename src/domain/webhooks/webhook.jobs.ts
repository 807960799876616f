import { z } from 'zod';
import { defineJob } from '../shared/job.ts';

export const DeliverWebhooks = defineJob({
  name: 'webhooks.deliver',
  queue: 'notifications',
  summary: 'Sends what is due to one endpoint, in order',
  data: z.strictObject({ endpointId: z.string() }),
});

export const SweepWebhooks = defineJob({
  name: 'webhooks.sweep',
  queue: 'notifications',
  summary: 'Goes on with endpoints whose sender died',
  data: z.strictObject({ limit: z.int().positive().max(10_000) }),
});

export const SendWebhookDisabled = defineJob({
  name: 'notifications.send-webhook-disabled',
  queue: 'notifications',
  summary: 'Tells staff that an endpoint was switched off after it had failed for long',
  data: z.strictObject({ endpointId: z.string(), url: z.string(), reason: z.string() }),
});

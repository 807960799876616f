import { z } from 'zod';
import type { IssuedEndpoint } from '../../domain/use-cases/manage-webhooks.ts';
import type { LoggedDelivery } from '../../domain/webhooks/webhook.store.ts';
import {
  DELIVERY_STATUSES,
  type WebhookDelivery,
  type WebhookEndpoint,
} from '../../domain/webhooks/webhook.ts';
import { versionField } from '../catalog/product-input.schema.ts';
import { idField, pageParams, pageView, patchOf, plainText } from '../fields.ts';

export const WebhookParams = z.strictObject({ id: idField });
export const WebhookListParams = z.strictObject(pageParams);
export const DeliveryListParams = z.strictObject({
  ...pageParams,
  status: z.enum(DELIVERY_STATUSES).exactOptional(),
});

const fields = {
  url: z.string().trim().min(1).max(500).meta({
    description: 'https:// and reachable from the internet; deliveries are POSTs, redirects are not followed',
    example: 'https://shop.example/webhooks',
  }),
  description: plainText(200),
  eventTypes: z
    .array(z.string().min(1).max(100))
    .max(100)
    .meta({ description: 'types such as order.paid.v1; none: every type', example: ['order.paid.v1'] }),
  active: z.boolean(),
};

export const EndpointBody = z.strictObject({
  ...fields,
  eventTypes: fields.eventTypes.default([]),
  active: fields.active.default(true),
});
export const EndpointPatch = z.strictObject({ ...patchOf(fields), version: versionField });

const endpoint = {
  id: z.string(),
  url: z.string(),
  description: z.string(),
  eventTypes: z.array(z.string()),
  active: z.boolean(),
  disabledReason: z.string().nullable().meta({ description: 'why it was switched off by itself' }),
  failingSince: z.iso.datetime().nullable().meta({ description: 'since when no delivery succeeded' }),
  createdAt: z.iso.datetime(),
  version: z.int(),
};
export const EndpointView = z.object(endpoint).meta({ id: 'WebhookEndpoint' });
export const IssuedEndpointView = z
  .object({ ...endpoint, secret: z.string().meta({ description: 'whsec_…: shown now, and never again' }) })
  .meta({ id: 'WebhookEndpointWithSecret' });
export const EndpointPageView = pageView(EndpointView);

const delivery = {
  id: z.string(),
  endpointId: z.string(),
  position: z.int().meta({ description: '1, 2, 3 … per endpoint: the order of sending' }),
  eventId: z.string().meta({ description: 'the webhook-id, also of every redelivery' }),
  eventType: z.string(),
  status: z.enum(DELIVERY_STATUSES),
  attempts: z.int(),
  nextAttemptAt: z.iso.datetime().nullable(),
  createdAt: z.iso.datetime(),
};
export const DeliveryView = z.object(delivery).meta({ id: 'WebhookDelivery' });
export const DeliveryPageView = pageView(DeliveryView);
export const LoggedDeliveryView = z
  .object({
    ...delivery,
    body: z.string().meta({ description: 'the CloudEvent as it is sent' }),
    log: z.array(
      z.object({
        at: z.iso.datetime(),
        statusCode: z.int().nullable(),
        milliseconds: z.int(),
        error: z.string().nullable(),
        responseBody: z.string().nullable().meta({ description: 'its first 1,000 bytes' }),
      }),
    ),
  })
  .meta({ id: 'WebhookDeliveryWithLog' });

export const presentEndpoint = (e: WebhookEndpoint): z.input<typeof EndpointView> => ({
  id: e.id,
  url: e.url,
  description: e.description,
  eventTypes: [...e.eventTypes],
  active: e.active,
  disabledReason: e.disabledReason ?? null,
  failingSince: e.failingSince?.toISOString() ?? null,
  createdAt: e.createdAt.toISOString(),
  version: e.version,
});

export const presentIssued = (issued: IssuedEndpoint): z.input<typeof IssuedEndpointView> => ({
  ...presentEndpoint(issued.endpoint),
  secret: issued.secret,
});

export const presentDelivery = (d: WebhookDelivery): z.input<typeof DeliveryView> => ({
  id: d.id,
  endpointId: d.endpointId,
  position: d.position,
  eventId: d.eventId,
  eventType: d.eventType,
  status: d.status,
  attempts: d.attempts,
  nextAttemptAt: d.status === 'pending' ? d.nextAttemptAt.toISOString() : null,
  createdAt: d.createdAt.toISOString(),
});

export const presentLogged = (d: LoggedDelivery): z.input<typeof LoggedDeliveryView> => ({
  ...presentDelivery(d),
  body: d.body,
  log: d.log.map((attempt) => ({
    at: attempt.at.toISOString(),
    statusCode: attempt.statusCode ?? null,
    milliseconds: attempt.milliseconds,
    error: attempt.error ?? null,
    responseBody: attempt.responseBody ?? null,
  })),
});

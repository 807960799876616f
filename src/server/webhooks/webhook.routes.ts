import { notFound } from '../../domain/shared/errors.ts';
import type { IssuedEndpoint, ManageWebhooks } from '../../domain/use-cases/manage-webhooks.ts';
import type { WebhookReadModel } from '../../domain/webhooks/webhook.store.ts';
import { type Route, route } from '../route.ts';
import {
  DeliveryListParams,
  DeliveryPageView,
  DeliveryView,
  EndpointBody,
  EndpointPageView,
  EndpointPatch,
  EndpointView,
  IssuedEndpointView,
  LoggedDeliveryView,
  presentDelivery,
  presentEndpoint,
  presentIssued,
  presentLogged,
  WebhookListParams,
  WebhookParams,
} from './webhook.schema.ts';

/** What is stored with a key: the use case adds the secret to a reply that is repeated. */
const withoutSecret = ({ endpoint }: IssuedEndpoint) => presentIssued({ endpoint, secret: '' });

const common = { tags: ['webhooks: staff'], auth: 'staff' } as const;

/** Where merchants' systems are told of events. */
export const webhookRoutes = (webhooks: WebhookReadModel, manage: ManageWebhooks): Route[] => [
  ...endpointRoutes(webhooks, manage),
  ...deliveryRoutes(webhooks, manage),
];

const endpointRoutes = (webhooks: WebhookReadModel, manage: ManageWebhooks): Route[] => [
  route({
    ...common,
    method: 'get',
    path: '/webhook-endpoints',
    summary: 'Webhook endpoints, the newest first',
    query: WebhookListParams,
    reply: { status: 200, schema: EndpointPageView },
    errors: ['invalid_cursor'],
    handle: async ({ query }) => {
      const page = await webhooks.endpoints(query);
      return { ...page, items: page.items.map(presentEndpoint) };
    },
  }),
  route({
    ...common,
    method: 'get',
    path: '/webhook-endpoints/{id}',
    summary: 'One endpoint',
    params: WebhookParams,
    reply: { status: 200, schema: EndpointView },
    handle: async ({ params }) => {
      const endpoint = await webhooks.findEndpoint(params.id);
      if (endpoint === undefined) throw notFound('webhook endpoint');
      return presentEndpoint(endpoint);
    },
  }),
  route({
    ...common,
    method: 'post',
    path: '/webhook-endpoints',
    summary: 'Add an endpoint; the answer holds its secret, which is shown this once',
    description: 'Or again to the same Idempotency-Key: the secret of that moment.',
    idempotent: true,
    body: EndpointBody,
    reply: { status: 201, schema: IssuedEndpointView },
    handle: async ({ actor, body, once }) =>
      presentIssued(await manage.create(actor, body, once(withoutSecret))),
  }),
  route({
    ...common,
    method: 'patch',
    path: '/webhook-endpoints/{id}',
    summary: 'Change an endpoint; set active again, it goes on with what it has not received',
    params: WebhookParams,
    body: EndpointPatch,
    reply: { status: 200, schema: EndpointView },
    errors: ['version_conflict'],
    handle: async ({ actor, params, body: { version, ...change } }) =>
      presentEndpoint(await manage.update(actor, params.id, version, change)),
  }),
  route({
    ...common,
    method: 'delete',
    path: '/webhook-endpoints/{id}',
    summary: 'Delete an endpoint with its deliveries',
    params: WebhookParams,
    reply: { status: 204 },
    handle: async ({ actor, params }) => {
      await manage.delete(actor, params.id);
      return undefined;
    },
  }),
  route({
    ...common,
    method: 'post',
    path: '/webhook-endpoints/{id}/rotate-secret',
    summary: 'Issue a new secret; former ones sign beside it, each for WEBHOOK_SECRET_OVERLAP_HOURS',
    idempotent: true,
    params: WebhookParams,
    reply: { status: 200, schema: IssuedEndpointView },
    errors: ['conflict', 'version_conflict'],
    handle: async ({ actor, params, once }) =>
      presentIssued(await manage.rotateSecret(actor, params.id, once(withoutSecret))),
  }),
];

const deliveryRoutes = (webhooks: WebhookReadModel, manage: ManageWebhooks): Route[] => [
  route({
    ...common,
    method: 'get',
    path: '/webhook-endpoints/{id}/deliveries',
    summary: 'Deliveries of an endpoint, the newest first',
    params: WebhookParams,
    query: DeliveryListParams,
    reply: { status: 200, schema: DeliveryPageView },
    errors: ['invalid_cursor'],
    handle: async ({ params, query: { status, ...request } }) => {
      if ((await webhooks.findEndpoint(params.id)) === undefined) throw notFound('webhook endpoint');
      const page = await webhooks.deliveries(params.id, { status }, request);
      return { ...page, items: page.items.map(presentDelivery) };
    },
  }),
  route({
    ...common,
    method: 'get',
    path: '/webhook-deliveries/{id}',
    summary: 'One delivery with its attempts',
    params: WebhookParams,
    reply: { status: 200, schema: LoggedDeliveryView },
    handle: async ({ params }) => {
      const delivery = await webhooks.findDelivery(params.id);
      if (delivery === undefined) throw notFound('webhook delivery');
      return presentLogged(delivery);
    },
  }),
  route({
    ...common,
    method: 'post',
    path: '/webhook-deliveries/{id}/redeliver',
    summary: 'Send the event once more, after what already waits for the endpoint',
    idempotent: true,
    params: WebhookParams,
    reply: { status: 201, schema: DeliveryView },
    errors: ['conflict'],
    handle: async ({ actor, params, once }) =>
      presentDelivery(await manage.redeliver(actor, params.id, once(presentDelivery))),
  }),
];

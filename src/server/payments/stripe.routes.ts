import type { ReceivePaymentWebhook } from '../../domain/use-cases/receive-payment-webhook.ts';
import { type Route, route } from '../route.ts';
import { StripeWebhookHeaders, WebhookBody, WebhookReceiptView } from './payment.schema.ts';

/** Only where Stripe is the provider. */
export const stripeRoutes = (receiveWebhook: ReceivePaymentWebhook): Route[] => [
  route({
    method: 'post',
    path: '/payments/webhooks/stripe',
    summary: 'An event of Stripe, signed',
    description: 'The same event any number of times, in any order, has one effect.',
    tags: ['payments: Stripe'],
    auth: 'public',
    headers: StripeWebhookHeaders,
    body: WebhookBody,
    rawBody: true,
    reply: { status: 200, schema: WebhookReceiptView },
    errors: ['invalid_signature', 'not_found', 'conflict'],
    handle: async ({ headers, rawBody }) => {
      const { duplicate } = await receiveWebhook.run({ rawBody, signature: headers['stripe-signature'] });
      return { received: true as const, duplicate };
    },
  }),
];

import type { CompleteTestPayment } from '../../domain/use-cases/complete-test-payment.ts';
import type { ReceivePaymentWebhook } from '../../domain/use-cases/receive-payment-webhook.ts';
import { type Route, route } from '../route.ts';
import { presentPayment } from './payment.present.ts';
import {
  CompleteBody,
  MockWebhookHeaders,
  PaymentParams,
  PaymentView,
  WebhookBody,
  WebhookReceiptView,
} from './payment.schema.ts';

interface Ports {
  readonly receiveWebhook: ReceivePaymentWebhook;
  readonly completePayment: CompleteTestPayment;
}

const common = { tags: ['payments: mock gateway'], auth: 'public' } as const;

/** Only where the mock gateway is the provider. */
export const mockGatewayRoutes = ({ receiveWebhook, completePayment }: Ports): Route[] => [
  route({
    ...common,
    method: 'post',
    path: '/payments/webhooks/mock',
    summary: 'An event of the mock gateway, signed',
    description: 'The same event any number of times has one effect.',
    headers: MockWebhookHeaders,
    body: WebhookBody,
    rawBody: true,
    reply: { status: 200, schema: WebhookReceiptView },
    errors: ['invalid_signature', 'not_found', 'conflict'],
    handle: async ({ headers, rawBody }) => {
      const { duplicate } = await receiveWebhook.run({ rawBody, signature: headers['x-mock-signature'] });
      return { received: true as const, duplicate };
    },
  }),
  route({
    ...common,
    method: 'post',
    path: '/payments/mock/{id}/complete',
    summary: 'Play the buyer whom tok_requires_action sends to nextActionUrl',
    params: PaymentParams,
    body: CompleteBody,
    reply: { status: 200, schema: PaymentView },
    errors: ['transition_not_allowed'],
    handle: async ({ params, body }) =>
      presentPayment(await completePayment.run(params.id, body?.outcome !== 'declined')),
  }),
];

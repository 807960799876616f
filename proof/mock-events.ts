import { mockWebhookSecret } from '../src/app/payments.ts';
import { sign } from '../src/infra/payments/mock-signature.ts';
import type { Call } from './http-client.ts';

/** A payment as the API shows it. */
export interface ShownPayment {
  readonly id: string;
  readonly amount: unknown;
}

/** The request that the mock provider would send, signed now. */
export function mockWebhook(
  secretKey: string,
  { id, type, payment }: { id: string; type: string; payment: ShownPayment },
): Call {
  const body = JSON.stringify({ id, type, data: { paymentId: payment.id, amount: payment.amount } });
  const signature = sign(mockWebhookSecret(secretKey), new Date(), Buffer.from(body));
  return { path: '/payments/webhooks/mock', body, headers: { 'x-mock-signature': signature } };
}

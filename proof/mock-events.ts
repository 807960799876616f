import { mockWebhookSecret } from '../src/app/payments.ts';
import { sign } from '../src/infra/payments/mock-signature.ts';
import type { Call } from './http-client.ts';

/** A payment as the API shows it. */
export interface ShownPayment {
  readonly id: string;
  readonly amount: unknown;
}

/** The request that the mock provider would send, signed now. */
export const mockWebhook = (
  secretKey: string,
  { id, type, payment }: { id: string; type: string; payment: ShownPayment },
): Call => signed(secretKey, { id, type, data: { paymentId: payment.id, amount: payment.amount } });

export const mockRefundWebhook = (
  secretKey: string,
  { id, type, refundId }: { id: string; type: string; refundId: string },
): Call => signed(secretKey, { id, type, data: { refundId } });

function signed(secretKey: string, event: object): Call {
  const body = JSON.stringify(event);
  const signature = sign(mockWebhookSecret(secretKey), new Date(), Buffer.from(body));
  return { path: '/payments/webhooks/mock', body, headers: { 'x-mock-signature': signature } };
}

import { z } from 'zod';
import type { GatewayEvent } from '../../domain/payments/payment.gateway.ts';
import type { GatewayOutcome } from '../../domain/payments/payment.ts';
import { DomainError } from '../../domain/shared/errors.ts';
import { parseMoney } from '../../domain/shared/money.ts';

const failureCode = z
  .string()
  .regex(/^[a-z_]{1,60}$/)
  .exactOptional();

const id = z.string().min(1).max(100);

const PaymentWebhook = z.strictObject({
  id,
  type: z.enum(['payment.authorized', 'payment.captured', 'payment.declined']),
  data: z.strictObject({
    paymentId: z.uuid(),
    amount: z.strictObject({ amount: z.string(), currency: z.string() }),
    failureCode,
  }),
});
const RefundWebhook = z.strictObject({
  id,
  type: z.enum(['refund.succeeded', 'refund.failed']),
  data: z.strictObject({ refundId: z.uuid(), failureCode }),
});
const Webhook = z.discriminatedUnion('type', [PaymentWebhook, RefundWebhook]);
type Webhook = z.infer<typeof Webhook>;

/** The provider's own id of anything: the mock has no other. */
export const referenceOf = (id: string): string => `mock_${id}`;

/** @throws DomainError malformed_json, validation_failed */
export function parseWebhook(rawBody: Uint8Array): Webhook {
  let json: unknown;
  try {
    json = JSON.parse(Buffer.from(rawBody).toString('utf8'));
  } catch (cause) {
    throw new DomainError('malformed_json', 'the event is not JSON', { cause });
  }
  const parsed = Webhook.safeParse(json);
  if (parsed.success) return parsed.data;
  throw new DomainError('validation_failed', 'the event is not one of the mock gateway', {
    issues: parsed.error.issues.map(({ path, message, code }) => ({ path: path.join('.'), message, code })),
  });
}

export function eventOf(webhook: Webhook): GatewayEvent {
  const { id: eventId } = webhook;
  switch (webhook.type) {
    case 'payment.authorized':
    case 'payment.captured':
    case 'payment.declined': {
      const { paymentId, amount } = webhook.data;
      return { kind: 'payment', eventId, paymentId, amount: parseMoney(amount), outcome: outcomeOf(webhook) };
    }
    case 'refund.succeeded':
    case 'refund.failed': {
      const { refundId, failureCode: code } = webhook.data;
      const reference = referenceOf(refundId);
      const result =
        webhook.type === 'refund.succeeded'
          ? ({ type: 'succeeded', reference } as const)
          : ({ type: 'failed', reference, failureCode: code ?? 'refund_failed' } as const);
      return { kind: 'refund', eventId, refundId, result };
    }
  }
}

function outcomeOf({ type, data }: z.infer<typeof PaymentWebhook>): GatewayOutcome {
  const reference = referenceOf(data.paymentId);
  switch (type) {
    case 'payment.authorized':
      return { type: 'authorized', reference };
    case 'payment.captured':
      return { type: 'captured', reference };
    case 'payment.declined':
      return { type: 'declined', reference, failureCode: data.failureCode ?? 'declined' };
  }
}

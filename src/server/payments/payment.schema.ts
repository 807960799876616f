import { z } from 'zod';
import { PAYMENT_STATUSES } from '../../domain/payments/payment.ts';
import { REFUND_REASONS, REFUND_STATUSES } from '../../domain/payments/refund.ts';
import {
  booleanParam,
  currencyField,
  idField,
  MoneyView,
  pageParams,
  pageView,
  textField,
} from '../fields.ts';

export const PaymentParams = z.strictObject({ id: idField });
export const OrderPaymentParams = z.strictObject({ id: idField });

export const PayBody = z.strictObject({
  token: z.string().min(1).max(255).meta({
    description:
      "The provider's token for the means of payment: of Stripe a payment method (pm_…), of the mock gateway tok_success, tok_authorize (staff capture it), tok_declined, tok_requires_action (POST to nextActionUrl completes it), tok_timeout (stays pending) or tok_lost_answer (captured, but stays pending).",
    example: 'tok_success',
  }),
});

/** What starting a payment may answer. */
export const PAYING_ERRORS = [
  'payment_declined',
  'already_paid',
  'payment_in_progress',
  'too_many_attempts',
  'amount_not_supported',
  'transition_not_allowed',
  'idempotency_in_flight',
  'idempotency_key_reused',
  'rate_limited',
] as const;

export const PaymentView = z
  .object({
    id: z.string(),
    orderId: z.string(),
    provider: z.string(),
    status: z.enum(PAYMENT_STATUSES),
    amount: MoneyView,
    capturedAmount: MoneyView,
    refundedAmount: MoneyView,
    failureCode: z.string().nullable(),
    nextActionUrl: z
      .string()
      .nullable()
      .meta({ description: 'where the buyer goes on, while requires_action' }),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .meta({ id: 'Payment', description: 'one attempt to pay one order' });

export const RefundView = z
  .object({
    id: z.string(),
    paymentId: z.string(),
    orderId: z.string(),
    amount: MoneyView,
    reason: z.enum(REFUND_REASONS),
    status: z.enum(REFUND_STATUSES),
    failureCode: z.string().nullable(),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .meta({ id: 'Refund', description: 'money that goes back, of one captured payment' });

export const RefundBody = z.strictObject({
  amount: z
    .strictObject({
      amount: z.string().regex(/^[1-9]\d{0,17}$/, 'whole minor units, more than 0, such as 1999'),
      currency: currencyField,
    })
    .exactOptional()
    .meta({ description: 'All that is left of the payment when absent' }),
  note: textField(500),
});

export const StaffRefundView = RefundView.extend({
  note: z.string().nullable().meta({ description: 'what staff wrote about it' }),
  replacedBy: z
    .string()
    .nullable()
    .meta({ description: 'the refund that was made in the place of this one' }),
  closedNote: z
    .string()
    .nullable()
    .meta({ description: 'why nothing is to be done any more about this one' }),
}).meta({ id: 'StaffRefund' });
export const RefundPageView = pageView(StaffRefundView).meta({ id: 'StaffRefundPage' });

export const RefundListParams = z.strictObject({
  ...pageParams,
  status: z.enum(REFUND_STATUSES).exactOptional(),
  attention: booleanParam
    .exactOptional()
    .meta({ description: 'only those that failed, and that nobody has looked after' }),
});
export const CloseRefundBody = z.strictObject({ note: textField(500) });

export const VoidBody = z.strictObject({ reason: textField(500).exactOptional() }).optional();

export const PaymentListView = z.object({ items: z.array(PaymentView) }).meta({ id: 'PaymentList' });

/** Anything: the gateway checks the signature of the bytes before it reads them. */
export const WebhookBody = z
  .looseObject({})
  .meta({ description: 'An event of the provider, as it signed it' });
export const MockWebhookHeaders = z.object({
  'x-mock-signature': z.string().exactOptional().meta({
    description: '`t=<seconds>,v1=<hex>`: HMAC-SHA256 over `<seconds>.<raw body>`, at most five minutes old',
  }),
});
export const StripeWebhookHeaders = z.object({
  'stripe-signature': z
    .string()
    .exactOptional()
    .meta({ description: "Stripe's signature of the raw body, at most five minutes old" }),
});
export const WebhookReceiptView = z
  .object({ received: z.literal(true), duplicate: z.boolean() })
  .meta({ id: 'WebhookReceipt' });

export const CompleteBody = z
  .strictObject({ outcome: z.enum(['succeeded', 'declined']).default('succeeded') })
  .optional();

import { parseMoney } from '../../domain/shared/money.ts';
import type { CapturePayment } from '../../domain/use-cases/capture-payment.ts';
import type { RefundPayment } from '../../domain/use-cases/refund-payment.ts';
import type { VoidPayment } from '../../domain/use-cases/void-payment.ts';
import { type Route, route } from '../route.ts';
import { presentPayment, presentRefund } from './payment.present.ts';
import { PaymentParams, PaymentView, RefundBody, RefundView, VoidBody } from './payment.schema.ts';

interface Ports {
  readonly capturePayment: CapturePayment;
  readonly voidPayment: VoidPayment;
  readonly refundPayment: RefundPayment;
}

const staff = {
  tags: ['payments: staff'],
  auth: 'staff',
  method: 'post',
  idempotent: true,
  params: PaymentParams,
} as const;

const paymentReply = { status: 200, schema: PaymentView } as const;

/** What is done with an attempt after it was made. */
export const staffPaymentRoutes = ({ capturePayment, voidPayment, refundPayment }: Ports): Route[] => [
  route({
    ...staff,
    path: '/payments/{id}/capture',
    summary: 'Take the money of an authorized payment: all of it',
    description: 'Where the provider does not answer, it stays `capture_pending` and is finished later.',
    reply: paymentReply,
    errors: ['transition_not_allowed', 'idempotency_in_flight', 'unavailable'],
    handle: async ({ actor, params, once }) =>
      presentPayment(await capturePayment.run(actor, params.id, once(presentPayment))),
  }),
  route({
    ...staff,
    path: '/payments/{id}/void',
    summary: 'Give up an attempt that took nothing; an authorized one takes its order with it',
    body: VoidBody,
    reply: paymentReply,
    errors: ['transition_not_allowed', 'payment_in_progress'],
    handle: async ({ actor, params, body, once }) =>
      presentPayment(
        await voidPayment.run(actor, { paymentId: params.id, reason: body?.reason }, once(presentPayment)),
      ),
  }),
  route({
    ...staff,
    path: '/payments/{id}/refunds',
    summary: 'Give back all or a part of what was captured; the order stays what it is',
    description:
      'Any number of times, never more than was captured. `pending` until the provider has done it.',
    body: RefundBody,
    reply: { status: 201, schema: RefundView },
    errors: ['refund_exceeds_capture', 'amount_not_supported'],
    handle: async ({ actor, params, body, once }) => {
      const amount = body.amount && parseMoney(body.amount);
      const wish = { paymentId: params.id, amount, note: body.note };
      return presentRefund(await refundPayment.run(actor, wish, once(presentRefund)));
    },
  }),
  route({
    method: 'post',
    path: '/payments/{id}/cancel',
    summary: 'Withdraw your payment that waits for you, to pay in another way',
    description: 'Should it go through all the same, its money comes back.',
    tags: ['payments'],
    auth: 'customer',
    rateLimit: 'write',
    idempotent: true,
    params: PaymentParams,
    reply: paymentReply,
    errors: ['transition_not_allowed', 'payment_in_progress', 'rate_limited'],
    handle: async ({ actor, params, once }) =>
      presentPayment(
        await voidPayment.run(actor, { paymentId: params.id, reason: undefined }, once(presentPayment)),
      ),
  }),
];

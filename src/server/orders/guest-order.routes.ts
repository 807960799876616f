import type { z } from 'zod';
import type { GuestActor } from '../../domain/shared/actor.ts';
import { notFound } from '../../domain/shared/errors.ts';
import { hashToken } from '../../domain/shared/ids.ts';
import { parseMoney } from '../../domain/shared/money.ts';
import type { CancelLines } from '../../domain/use-cases/cancel-lines.ts';
import type { CancelOrder } from '../../domain/use-cases/cancel-order.ts';
import type { ClaimOrder } from '../../domain/use-cases/claim-order.ts';
import type { OrderDetail, OrderReadModel } from '../../domain/use-cases/order-detail.ts';
import { scopeOf } from '../../domain/use-cases/order-edit.ts';
import type { GuestPlacement, PlaceGuestOrder } from '../../domain/use-cases/place-guest-order.ts';
import type { ProcessReturn } from '../../domain/use-cases/process-return.ts';
import type { RequestReturn } from '../../domain/use-cases/request-return.ts';
import type { StartPayment } from '../../domain/use-cases/start-payment.ts';
import type { VoidPayment } from '../../domain/use-cases/void-payment.ts';
import { NO_PARTS } from '../addresses/addresses.schema.ts';
import { localeOf } from '../fields.ts';
import { presentPayment } from '../payments/payment.present.ts';
import { refusal, storingRefusals } from '../payments/payment.refusal.ts';
import { PAYING_ERRORS, PayBody, PaymentView } from '../payments/payment.schema.ts';
import { presentReturn, ReturnBody, ReturnReasonBody, ReturnView } from '../returns/return.schema.ts';
import { type Route, route } from '../route.ts';
import {
  ClaimBody,
  ClaimSentView,
  GuestCartHeaders,
  GuestOrderHeaders,
  GuestOrderView,
  GuestPaymentParams,
  GuestReturnParams,
  PlaceGuestOrderBody,
  RedeemBody,
} from './guest-order.schema.ts';
import { presentOrder } from './order.present.ts';
import { CancelBody, OrderParams, OrderView, PLACEMENT_ERRORS, wantedLine } from './order.schema.ts';

interface Ports {
  readonly orders: OrderReadModel;
  readonly placeGuestOrder: PlaceGuestOrder;
  readonly cancelOrder: CancelOrder;
  readonly cancelLines: CancelLines;
  readonly requestReturn: RequestReturn;
  readonly processReturn: ProcessReturn;
  readonly startPayment: StartPayment;
  readonly voidPayment: VoidPayment;
  readonly claimOrder: ClaimOrder;
}

const tags = ['orders: guests'];
const opened = { tags, auth: 'public', headers: GuestOrderHeaders, params: OrderParams } as const;
const step = { ...opened, method: 'post', idempotent: true } as const;

/** Whoever holds the order's token. @throws DomainError not_found without one, as with a wrong one */
function guestOf(headers: { 'x-order-token'?: string }): GuestActor {
  const token = headers['x-order-token'];
  if (token === undefined) throw notFound('order');
  return { type: 'guest', orderTokenHash: hashToken(token) };
}

const placementOf = (
  { address, expectedTotal, ...body }: z.output<typeof PlaceGuestOrderBody>,
  cartToken: string,
  acceptLanguage: string | undefined,
): GuestPlacement => ({
  note: body.note,
  email: body.email,
  acceptPriceChange: body.acceptPriceChange,
  shippingMethodId: body.shippingMethodId,
  couponCode: body.couponCode,
  incoterm: body.incoterm,
  cartToken,
  address: { ...NO_PARTS, ...address },
  expectedTotal: expectedTotal && parseMoney(expectedTotal),
  locale: localeOf(undefined, acceptLanguage),
});

export const guestOrderRoutes = (ports: Ports): Route[] => [
  ...placing(ports),
  ...stepsOf(ports),
  ...returning(ports),
  ...claiming(ports),
];

const placing = ({ orders, placeGuestOrder }: Ports): Route[] => [
  route({
    method: 'post',
    path: '/guest-orders',
    summary: "Order a guest's cart, without an account",
    description:
      'As POST /orders. The token in the answer is the only way back to the order without an account.',
    tags,
    auth: 'public',
    rateLimit: 'write',
    idempotent: true,
    headers: GuestCartHeaders,
    body: PlaceGuestOrderBody,
    reply: { status: 201, schema: GuestOrderView },
    errors: [...PLACEMENT_ERRORS, 'unknown_country', 'rate_limited'],
    handle: async ({ headers, body, once, req }) => {
      const cartToken = headers['x-cart-token'];
      if (cartToken === undefined) throw notFound('cart');
      const placement = placementOf(body, cartToken, req.get('accept-language'));
      // The token is never stored: the use case adds it to a reply that is repeated.
      const stored = once((detail: OrderDetail) => ({ token: '', order: presentOrder(detail) }));
      const { token, detail } = await placeGuestOrder.run(placement, stored);
      return { token, order: presentOrder(detail) };
    },
  }),
  route({
    ...opened,
    method: 'get',
    path: '/guest-orders/{id}',
    summary: "A guest's order",
    reply: { status: 200, schema: OrderView },
    handle: async ({ params, headers }) => {
      const detail = await orders.detail(params.id, scopeOf(guestOf(headers)));
      if (detail === undefined) throw notFound('order');
      return presentOrder(detail);
    },
  }),
];

const stepsOf = ({ cancelOrder, cancelLines, startPayment, voidPayment }: Ports): Route[] => [
  route({
    ...step,
    path: '/guest-orders/{id}/payments',
    summary: "Pay a guest's order: always its whole total",
    rateLimit: 'write',
    body: PayBody,
    reply: { status: 201, schema: PaymentView },
    errors: PAYING_ERRORS,
    handle: async ({ params, headers, body, once, req }) => {
      const stored = storingRefusals(once(presentPayment), `${req.baseUrl}${req.path}`);
      const request = { orderId: params.id, token: body.token };
      const payment = await startPayment.run(guestOf(headers), request, stored);
      const refused = refusal(payment);
      if (refused) throw refused;
      return presentPayment(payment);
    },
  }),
  route({
    ...step,
    params: GuestPaymentParams,
    path: '/guest-orders/{id}/payments/{paymentId}/cancel',
    summary: "Withdraw a payment of a guest's order that waits for its buyer, to pay in another way",
    description: 'Should it go through all the same, its money comes back.',
    rateLimit: 'write',
    reply: { status: 200, schema: PaymentView },
    errors: ['transition_not_allowed', 'payment_in_progress', 'rate_limited'],
    handle: async ({ params, headers, once }) => {
      const { id: orderId, paymentId } = params;
      const request = { orderId, paymentId, reason: undefined };
      return presentPayment(await voidPayment.run(guestOf(headers), request, once(presentPayment)));
    },
  }),
  route({
    ...step,
    path: '/guest-orders/{id}/cancel',
    summary: "Cancel a guest's order before anything of it is shipped",
    description: 'Or units of a paid order that did not leave yet.',
    body: CancelBody,
    reply: { status: 200, schema: OrderView },
    errors: ['transition_not_allowed'],
    handle: async ({ params, headers, body, once }) => {
      const guest = guestOf(headers);
      const request = { orderId: params.id, reason: body?.reason };
      if (body?.lines === undefined)
        return presentOrder(await cancelOrder.run(guest, request, once(presentOrder)));
      const lines = body.lines.map(wantedLine);
      return presentOrder(await cancelLines.run(guest, { ...request, lines }, once(presentOrder)));
    },
  }),
];

const returning = ({ requestReturn, processReturn }: Ports): Route[] => [
  route({
    ...step,
    path: '/guest-orders/{id}/returns',
    summary: "Ask to send delivered units of a guest's order back",
    body: ReturnBody,
    reply: { status: 201, schema: ReturnView },
    errors: ['transition_not_allowed'],
    handle: async ({ params, headers, body, once }) => {
      const request = { orderId: params.id, lines: body.lines };
      return presentReturn(await requestReturn.run(guestOf(headers), request, once(presentReturn)));
    },
  }),
  route({
    ...step,
    params: GuestReturnParams,
    path: '/guest-orders/{id}/returns/{returnId}/withdraw',
    summary: "Give up a return of a guest's order before it arrives",
    body: ReturnReasonBody,
    reply: { status: 200, schema: ReturnView },
    errors: ['transition_not_allowed'],
    handle: async ({ params, headers, body, once }) => {
      const { id: orderId, returnId } = params;
      const request = { orderId, returnId, to: 'withdrawn', reason: body?.reason } as const;
      return presentReturn(await processReturn.decide(guestOf(headers), request, once(presentReturn)));
    },
  }),
];

const claiming = ({ claimOrder }: Ports): Route[] => [
  route({
    method: 'post',
    path: '/order-claims',
    summary: "Have a token mailed to the address of a guest's order",
    description:
      'The answer is the same whether there is such an order or not. The token is good for an hour.',
    tags,
    auth: 'customer',
    rateLimit: 'write',
    idempotent: true,
    body: ClaimBody,
    reply: { status: 202, schema: ClaimSentView },
    errors: ['rate_limited'],
    handle: ({ body, once }) =>
      claimOrder.ask(
        body.number,
        once((sent) => sent),
      ),
  }),
  route({
    method: 'post',
    path: '/order-claims/redeem',
    summary: "Make a guest's order yours, with the token that was mailed to its address",
    description: "Once. From then on the order is the account's, and its guest's token opens it no more.",
    tags,
    auth: 'customer',
    rateLimit: 'write',
    idempotent: true,
    body: RedeemBody,
    reply: { status: 200, schema: OrderView },
    errors: ['not_found', 'rate_limited'],
    handle: async ({ actor, body, once }) =>
      presentOrder(await claimOrder.redeem(actor, body.token, once(presentOrder))),
  }),
];

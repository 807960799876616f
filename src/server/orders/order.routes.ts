import { notFound } from '../../domain/shared/errors.ts';
import { parseMoney } from '../../domain/shared/money.ts';
import type { CancelLines } from '../../domain/use-cases/cancel-lines.ts';
import type { CancelOrder } from '../../domain/use-cases/cancel-order.ts';
import type { OrderReadModel } from '../../domain/use-cases/order-detail.ts';
import { scopeOf } from '../../domain/use-cases/order-edit.ts';
import type { PlaceOrder } from '../../domain/use-cases/place-order.ts';
import { localeOf } from '../fields.ts';
import { type Route, route } from '../route.ts';
import { presentOrder, presentSummary } from './order.present.ts';
import {
  CancelBody,
  OrderListParams,
  OrderPageView,
  OrderParams,
  OrderView,
  PLACEMENT_ERRORS,
  PlaceOrderBody,
  wantedLine,
} from './order.schema.ts';

interface Ports {
  readonly orders: OrderReadModel;
  readonly placeOrder: PlaceOrder;
  readonly cancelOrder: CancelOrder;
  readonly cancelLines: CancelLines;
}

const tags = ['orders'];

export const orderRoutes = ({ orders, placeOrder, cancelOrder, cancelLines }: Ports): Route[] => [
  route({
    method: 'post',
    path: '/orders',
    summary: 'Place an order: everything in the cart, to one of your addresses',
    description: 'Reserves the stock until the order is paid, cancelled or expired, and empties the cart.',
    tags,
    auth: 'customer',
    rateLimit: 'write',
    idempotent: true,
    body: PlaceOrderBody,
    reply: { status: 201, schema: OrderView },
    errors: [...PLACEMENT_ERRORS, 'rate_limited'],
    handle: async ({ actor, body, once, req, res }) => {
      const buyer = { type: 'user', actor, addressId: body.addressId } as const;
      const placement = {
        email: body.email,
        note: body.note,
        expectedTotal: body.expectedTotal && parseMoney(body.expectedTotal),
        acceptPriceChange: body.acceptPriceChange,
        shippingMethodId: body.shippingMethodId,
        couponCode: body.couponCode,
        incoterm: body.incoterm,
        locale: localeOf(undefined, req.get('accept-language')),
      };
      const detail = await placeOrder.run(buyer, placement, once(presentOrder));
      res.location(`/api/v1/orders/${detail.order.id}`);
      return presentOrder(detail);
    },
  }),
  route({
    method: 'get',
    path: '/orders',
    summary: 'Your orders, newest first',
    tags,
    auth: 'customer',
    query: OrderListParams,
    reply: { status: 200, schema: OrderPageView },
    errors: ['invalid_cursor'],
    handle: async ({ actor, query: { status, ...page } }) => {
      const found = await orders.page({ ownerId: actor.userId }, { status }, page);
      return { ...found, items: found.items.map(presentSummary) };
    },
  }),
  route({
    method: 'get',
    path: '/orders/{id}',
    summary: 'An order with its history, payments and shipments',
    description: 'Your own; staff see every order.',
    tags,
    auth: 'customer',
    params: OrderParams,
    reply: { status: 200, schema: OrderView },
    handle: async ({ actor, params }) => {
      const detail = await orders.detail(params.id, scopeOf(actor));
      if (detail === undefined) throw notFound('order');
      return presentOrder(detail);
    },
  }),
  route({
    method: 'post',
    path: '/orders/{id}/cancel',
    summary: 'Cancel an order before anything of it is shipped; what was paid goes back',
    description: 'Or units of a paid order that did not leave yet. Your own; staff cancel every order.',
    tags,
    auth: 'customer',
    idempotent: true,
    params: OrderParams,
    body: CancelBody,
    reply: { status: 200, schema: OrderView },
    errors: ['transition_not_allowed', 'forbidden'],
    handle: async ({ actor, params, body, once }) => {
      const request = { orderId: params.id, reason: body?.reason };
      if (body?.lines === undefined)
        return presentOrder(await cancelOrder.run(actor, request, once(presentOrder)));
      const lines = body.lines.map(wantedLine);
      return presentOrder(await cancelLines.run(actor, { ...request, lines }, once(presentOrder)));
    },
  }),
];

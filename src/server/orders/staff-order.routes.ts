import type { FulfilOrder } from '../../domain/use-cases/fulfil-order.ts';
import type { OrderReadModel } from '../../domain/use-cases/order-detail.ts';
import { type Route, route } from '../route.ts';
import { presentOrder, presentSummary } from './order.present.ts';
import {
  DeliverBody,
  OrderListParams,
  OrderPageView,
  OrderParams,
  OrderView,
  ShipBody,
  wantedLine,
} from './order.schema.ts';

interface Ports {
  readonly orders: OrderReadModel;
  readonly fulfilOrder: FulfilOrder;
}

const common = { tags: ['orders: staff'], auth: 'staff' } as const;
const step = {
  ...common,
  method: 'post',
  idempotent: true,
  params: OrderParams,
  reply: { status: 200, schema: OrderView },
} as const;

/** What staff do with orders. */
export const staffOrderRoutes = ({ orders, fulfilOrder }: Ports): Route[] => [
  route({
    ...common,
    method: 'get',
    path: '/staff/orders',
    summary: "Everybody's orders, newest first",
    query: OrderListParams,
    reply: { status: 200, schema: OrderPageView },
    errors: ['invalid_cursor'],
    handle: async ({ query: { status, ...page } }) => {
      const found = await orders.page('any', { status }, page);
      return { ...found, items: found.items.map(presentSummary) };
    },
  }),
  route({
    ...step,
    path: '/orders/{id}/confirm',
    summary: 'Accept a paid order for fulfilment',
    errors: ['transition_not_allowed', 'conflict'],
    handle: async ({ actor, params, once }) =>
      presentOrder(await fulfilOrder.confirm(actor, params.id, once(presentOrder))),
  }),
  route({
    ...step,
    path: '/orders/{id}/ship',
    summary: 'Record a shipment of a paid order; its units leave the stock',
    body: ShipBody,
    errors: ['transition_not_allowed'],
    handle: async ({ actor, params, body, once }) => {
      const { carrier, trackingNumber, trackingUrl } = body;
      const dispatch = { carrier, trackingNumber, trackingUrl, lines: body.lines?.map(wantedLine) };
      return presentOrder(await fulfilOrder.ship(actor, params.id, dispatch, once(presentOrder)));
    },
  }),
  route({
    ...step,
    path: '/orders/{id}/deliver',
    summary: 'Record an arrival; the last one completes the order',
    body: DeliverBody,
    errors: ['transition_not_allowed'],
    handle: async ({ actor, params, body, once }) =>
      presentOrder(await fulfilOrder.deliver(actor, params.id, body?.shipmentId, once(presentOrder))),
  }),
];

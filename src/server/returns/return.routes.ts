import type { ReturnReadModel } from '../../domain/returns/return.store.ts';
import { notFound } from '../../domain/shared/errors.ts';
import { scopeOf } from '../../domain/use-cases/order-edit.ts';
import type { ProcessReturn } from '../../domain/use-cases/process-return.ts';
import type { RequestReturn } from '../../domain/use-cases/request-return.ts';
import { type Route, route } from '../route.ts';
import {
  presentReturn,
  ReceiveBody,
  ReturnBody,
  ReturnListParams,
  ReturnPageView,
  ReturnParams,
  ReturnReasonBody,
  ReturnView,
} from './return.schema.ts';

interface Ports {
  readonly returns: ReturnReadModel;
  readonly requestReturn: RequestReturn;
  readonly processReturn: ProcessReturn;
}

const tags = ['returns'];
const step = {
  method: 'post',
  idempotent: true,
  params: ReturnParams,
  reply: { status: 200, schema: ReturnView },
} as const;
const ofStaff = { ...step, tags: ['returns: staff'], auth: 'staff' } as const;

export const returnRoutes = (ports: Ports): Route[] => [...buyersRoutes(ports), ...staffRoutes(ports)];

const buyersRoutes = ({ returns, requestReturn, processReturn }: Ports): Route[] => [
  route({
    method: 'post',
    path: '/orders/{id}/returns',
    summary: 'Ask to send delivered units back',
    tags,
    auth: 'customer',
    idempotent: true,
    params: ReturnParams,
    body: ReturnBody,
    reply: { status: 201, schema: ReturnView },
    errors: ['transition_not_allowed'],
    handle: async ({ actor, params, body, once, res }) => {
      const request = { orderId: params.id, lines: body.lines };
      const made = await requestReturn.run(actor, request, once(presentReturn));
      res.location(`/api/v1/returns/${made.id}`);
      return presentReturn(made);
    },
  }),
  route({
    method: 'get',
    path: '/returns/{id}',
    summary: 'A return with its history',
    description: 'Of your own order; staff see every return.',
    tags,
    auth: 'customer',
    params: ReturnParams,
    reply: { status: 200, schema: ReturnView },
    handle: async ({ actor, params }) => {
      const scope = scopeOf(actor);
      const found = await returns.find(params.id, scope === 'any' ? undefined : scope.ownerId);
      if (found === undefined) throw notFound('return');
      return presentReturn(found);
    },
  }),
  route({
    ...step,
    tags,
    auth: 'customer',
    path: '/returns/{id}/withdraw',
    summary: 'Give up a return before it arrives',
    body: ReturnReasonBody,
    errors: ['transition_not_allowed'],
    handle: async ({ actor, params, body, once }) => {
      const request = { returnId: params.id, to: 'withdrawn', reason: body?.reason } as const;
      return presentReturn(await processReturn.decide(actor, request, once(presentReturn)));
    },
  }),
];

const staffRoutes = ({ returns, processReturn }: Ports): Route[] => [
  route({
    method: 'get',
    path: '/staff/returns',
    summary: "Everybody's returns, newest first",
    tags: ['returns: staff'],
    auth: 'staff',
    query: ReturnListParams,
    reply: { status: 200, schema: ReturnPageView },
    errors: ['invalid_cursor'],
    handle: async ({ query: { status, ...page } }) => {
      const found = await returns.page({ status }, page);
      return { ...found, items: found.items.map(presentReturn) };
    },
  }),
  ...(['approve', 'reject'] as const).map((verb) =>
    route({
      ...ofStaff,
      path: `/returns/{id}/${verb}`,
      summary: verb === 'approve' ? 'Agree to a return' : 'Refuse a return',
      body: ReturnReasonBody,
      errors: ['transition_not_allowed'],
      handle: async ({ actor, params, body, once }) => {
        const to = verb === 'approve' ? 'approved' : 'rejected';
        const request = { returnId: params.id, to, reason: body?.reason } as const;
        return presentReturn(await processReturn.decide(actor, request, once(presentReturn)));
      },
    }),
  ),
  route({
    ...ofStaff,
    path: '/returns/{id}/receive',
    summary: 'Record what arrived: restocked units are on hand again',
    body: ReceiveBody,
    errors: ['transition_not_allowed', 'conflict'],
    handle: async ({ actor, params, body, once }) => {
      const request = { returnId: params.id, lines: body.lines };
      return presentReturn(await processReturn.receive(actor, request, once(presentReturn)));
    },
  }),
  route({
    ...ofStaff,
    path: '/returns/{id}/refund',
    summary: 'Order the refund of what arrived',
    errors: ['transition_not_allowed'],
    handle: async ({ actor, params, once }) =>
      presentReturn(await processReturn.refund(actor, params.id, once(presentReturn))),
  }),
];

import type { PaymentReadModel } from '../../domain/payments/payment.store.ts';
import type { UserActor } from '../../domain/shared/actor.ts';
import { notFound } from '../../domain/shared/errors.ts';
import type { OrderReadModel } from '../../domain/use-cases/order-detail.ts';
import { scopeOf } from '../../domain/use-cases/order-edit.ts';
import type { StartPayment } from '../../domain/use-cases/start-payment.ts';
import { type Route, route } from '../route.ts';
import { presentPayment } from './payment.present.ts';
import { refusal, storingRefusals } from './payment.refusal.ts';
import {
  OrderPaymentParams,
  PAYING_ERRORS,
  PayBody,
  PaymentListView,
  PaymentParams,
  PaymentView,
} from './payment.schema.ts';

interface Ports {
  readonly payments: PaymentReadModel;
  readonly orders: OrderReadModel;
  readonly startPayment: StartPayment;
}

const tags = ['payments'];

const ownerOf = (actor: UserActor): string | undefined => {
  const scope = scopeOf(actor);
  return scope === 'any' ? undefined : scope.ownerId;
};

export const paymentRoutes = ({ payments, orders, startPayment }: Ports): Route[] => [
  route({
    method: 'post',
    path: '/orders/{id}/payments',
    summary: 'Pay your order: always its whole total',
    description:
      'At most one attempt of an order is active. An outcome that is not known yet answers `pending`.',
    tags,
    auth: 'customer',
    rateLimit: 'write',
    idempotent: true,
    params: OrderPaymentParams,
    body: PayBody,
    reply: { status: 201, schema: PaymentView },
    errors: PAYING_ERRORS,
    handle: async ({ actor, params, body, once, req, res }) => {
      const stored = storingRefusals(once(presentPayment), `${req.baseUrl}${req.path}`);
      const payment = await startPayment.run(actor, { orderId: params.id, token: body.token }, stored);
      const refused = refusal(payment);
      if (refused) throw refused;
      res.location(`/api/v1/payments/${payment.id}`);
      return presentPayment(payment);
    },
  }),
  route({
    method: 'get',
    path: '/orders/{id}/payments',
    summary: 'Every attempt to pay an order',
    tags,
    auth: 'customer',
    params: OrderPaymentParams,
    reply: { status: 200, schema: PaymentListView },
    handle: async ({ actor, params }) => {
      const detail = await orders.detail(params.id, scopeOf(actor));
      if (detail === undefined) throw notFound('order');
      return { items: detail.payments.map(presentPayment) };
    },
  }),
  route({
    method: 'get',
    path: '/payments/{id}',
    summary: 'What became of a payment',
    tags,
    auth: 'customer',
    params: PaymentParams,
    reply: { status: 200, schema: PaymentView },
    handle: async ({ actor, params }) => {
      const payment = await payments.find(params.id, ownerOf(actor));
      if (payment === undefined) throw notFound('payment');
      return presentPayment(payment);
    },
  }),
];

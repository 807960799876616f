import { createHmac } from 'node:crypto';
import type { PaymentGateway } from '../domain/payments/payment.gateway.ts';
import { AttendRefund } from '../domain/use-cases/attend-refund.ts';
import { CapturePayment } from '../domain/use-cases/capture-payment.ts';
import { CompleteTestPayment } from '../domain/use-cases/complete-test-payment.ts';
import { GiveBackMoney } from '../domain/use-cases/give-back-money.ts';
import type { OrderReadModel } from '../domain/use-cases/order-detail.ts';
import { ReceivePaymentWebhook } from '../domain/use-cases/receive-payment-webhook.ts';
import { ReconcilePayments } from '../domain/use-cases/reconcile-payments.ts';
import { RefundPayment } from '../domain/use-cases/refund-payment.ts';
import { ReleaseStaleReservations } from '../domain/use-cases/release-stale-reservations.ts';
import { StartPayment } from '../domain/use-cases/start-payment.ts';
import { VoidPayment } from '../domain/use-cases/void-payment.ts';
import { SqlMockCharges } from '../infra/db/payments/sql-mock-charges.ts';
import { SqlPaymentReadModel } from '../infra/db/payments/sql-payment.read-model.ts';
import { MockGateway } from '../infra/payments/mock.gateway.ts';
import { NoGateway } from '../infra/payments/no.gateway.ts';
import { StripeGateway } from '../infra/payments/stripe.gateway.ts';
import { mockGatewayRoutes } from '../server/payments/mock-gateway.routes.ts';
import { paymentRoutes } from '../server/payments/payment.routes.ts';
import { staffPaymentRoutes } from '../server/payments/staff-payment.routes.ts';
import { staffRefundRoutes } from '../server/payments/staff-refund.routes.ts';
import { stripeRoutes } from '../server/payments/stripe.routes.ts';
import type { Route } from '../server/route.ts';
import type { Core } from './core.ts';

export interface Payments {
  readonly routes: readonly Route[];
  readonly startPayment: StartPayment;
  readonly voidPayment: VoidPayment;
  readonly reconcilePayments: ReconcilePayments;
  readonly releaseStaleReservations: ReleaseStaleReservations;
  readonly giveBackMoney: GiveBackMoney;
}

/** The key that signs the mock gateway's webhooks: hex, derived from SECRET_KEY. */
export const mockWebhookSecret = (secretKey: string): string =>
  createHmac('sha256', secretKey).update('mock-gateway-webhook').digest('hex');

/** Wires payments with the one provider that the configuration names. */
export function wirePayments(core: Core, orders: OrderReadModel): Payments {
  const { db, clock, log, connections } = core;
  const payments = new SqlPaymentReadModel(connections.read);
  const mock = core.config.payments.gateway === 'mock' ? mockGateway(core) : undefined;
  const gateway = mock ?? realGateway(core);
  const giveBack = new GiveBackMoney({ db, clock, log, gateway, payments });
  const moves = { db, clock, gateway, giveBack };
  const receive = new ReceivePaymentWebhook(moves);
  const startPayment = new StartPayment(moves);
  const voidPayment = new VoidPayment(moves);
  return {
    startPayment,
    voidPayment,
    routes: [
      ...paymentRoutes({ payments, orders, startPayment }),
      ...staffPaymentRoutes({
        capturePayment: new CapturePayment(moves),
        voidPayment,
        refundPayment: new RefundPayment(moves),
      }),
      ...staffRefundRoutes({ payments, attendRefund: new AttendRefund(moves) }),
      ...(gateway.provider === 'stripe' ? stripeRoutes(receive) : []),
      ...(mock === undefined
        ? []
        : mockGatewayRoutes({
            receiveWebhook: receive,
            completePayment: new CompleteTestPayment({ gateway: mock, payments, receive }),
          })),
    ],
    reconcilePayments: new ReconcilePayments({ ...moves, log, payments }),
    releaseStaleReservations: new ReleaseStaleReservations({ ...moves, log, payments }),
    giveBackMoney: giveBack,
  };
}

const mockGateway = ({ clock, config, connections }: Core): MockGateway =>
  new MockGateway({
    clock,
    charges: new SqlMockCharges(connections, clock),
    webhookSecret: mockWebhookSecret(config.secretKey),
    publicUrl: config.http.publicUrl.replace(/\/$/, ''),
  });

function realGateway({ clock, config }: Core): PaymentGateway {
  const { stripe, payments, http } = config;
  if (payments.gateway !== 'stripe' || stripe === undefined) return new NoGateway();
  return new StripeGateway({
    ...stripe,
    clock,
    capture: payments.capture,
    returnUrl: http.publicUrl.replace(/\/$/, ''),
  });
}

import { createHmac } from 'node:crypto';
import { CancelOrder } from '../domain/use-cases/cancel-order.ts';
import { CompleteTestPayment } from '../domain/use-cases/complete-test-payment.ts';
import { ExpireUnpaidOrders } from '../domain/use-cases/expire-unpaid-orders.ts';
import { FulfilOrder } from '../domain/use-cases/fulfil-order.ts';
import { GiveBackMoney } from '../domain/use-cases/give-back-money.ts';
import { ManageCart } from '../domain/use-cases/manage-cart.ts';
import { MergeGuestCart } from '../domain/use-cases/merge-guest-cart.ts';
import { PlaceOrder } from '../domain/use-cases/place-order.ts';
import { ReceivePaymentWebhook } from '../domain/use-cases/receive-payment-webhook.ts';
import { ReconcilePayments } from '../domain/use-cases/reconcile-payments.ts';
import { StartPayment } from '../domain/use-cases/start-payment.ts';
import { SqlCartReadModel } from '../infra/db/carts/sql-cart.read-model.ts';
import { SqlOrderReadModel } from '../infra/db/orders/sql-order.read-model.ts';
import { SqlPaymentReadModel } from '../infra/db/payments/sql-payment.read-model.ts';
import { MockGateway } from '../infra/payments/mock.gateway.ts';
import { cartRoutes } from '../server/carts/cart.routes.ts';
import { orderRoutes } from '../server/orders/order.routes.ts';
import { staffOrderRoutes } from '../server/orders/staff-order.routes.ts';
import { mockGatewayRoutes } from '../server/payments/mock-gateway.routes.ts';
import { paymentRoutes } from '../server/payments/payment.routes.ts';
import type { Route } from '../server/route.ts';
import type { Core } from './core.ts';

export interface Trade {
  readonly routes: readonly Route[];
  readonly orders: SqlOrderReadModel;
  /** For signing in. */
  readonly mergeGuestCart: MergeGuestCart;
  /** For jobs. */
  readonly expireUnpaidOrders: ExpireUnpaidOrders;
  readonly reconcilePayments: ReconcilePayments;
  readonly giveBackMoney: GiveBackMoney;
}

/** The key that signs the mock gateway's webhooks: hex, derived from SECRET_KEY. */
export const mockWebhookSecret = (secretKey: string): string =>
  createHmac('sha256', secretKey).update('mock-gateway-webhook').digest('hex');

/** Wires carts, orders, payments and shipments. */
export function wireTrade(core: Core): Trade {
  const { db, clock, log, config, connections } = core;
  const carts = new SqlCartReadModel(connections.read);
  const orders = new SqlOrderReadModel(connections.read);
  const payments = new SqlPaymentReadModel(connections.read);
  const gateway = new MockGateway({
    clock,
    webhookSecret: mockWebhookSecret(config.secretKey),
    publicUrl: config.http.publicUrl.replace(/\/$/, ''),
  });
  const giveBack = new GiveBackMoney({ db, clock, log, gateway, payments });
  const receiveWebhook = new ReceivePaymentWebhook({ db, clock, gateway, giveBack });
  const expirationMinutes = config.orders.expirationMinutes;
  return {
    routes: [
      ...cartRoutes({ carts, manageCart: new ManageCart({ db, clock }) }),
      ...orderRoutes({
        orders,
        placeOrder: new PlaceOrder({ db, clock, expirationMinutes }),
        cancelOrder: new CancelOrder({ db, clock, giveBack }),
      }),
      ...staffOrderRoutes({ orders, fulfilOrder: new FulfilOrder({ db, clock }) }),
      ...paymentRoutes({
        payments,
        orders,
        startPayment: new StartPayment({ db, clock, gateway, giveBack }),
      }),
      ...mockGatewayRoutes({
        receiveWebhook,
        completePayment: new CompleteTestPayment({ gateway, payments, receive: receiveWebhook }),
      }),
    ],
    orders,
    mergeGuestCart: new MergeGuestCart({ db, clock }),
    expireUnpaidOrders: new ExpireUnpaidOrders({ db, clock, log, orders }),
    reconcilePayments: new ReconcilePayments({ db, clock, log, gateway, payments, giveBack }),
    giveBackMoney: giveBack,
  };
}

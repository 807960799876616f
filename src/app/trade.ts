import type { ClaimReadModel, ClaimTokens } from '../domain/orders/guest-order.ts';
import { CancelLines } from '../domain/use-cases/cancel-lines.ts';
import { CancelOrder } from '../domain/use-cases/cancel-order.ts';
import { ClaimOrder } from '../domain/use-cases/claim-order.ts';
import { ExpireUnpaidOrders } from '../domain/use-cases/expire-unpaid-orders.ts';
import { FulfilOrder } from '../domain/use-cases/fulfil-order.ts';
import type { GiveBackMoney } from '../domain/use-cases/give-back-money.ts';
import type { LandedCosts } from '../domain/use-cases/landed-costs.ts';
import { MergeGuestCart } from '../domain/use-cases/merge-guest-cart.ts';
import { PlaceGuestOrder } from '../domain/use-cases/place-guest-order.ts';
import { PlaceOrder } from '../domain/use-cases/place-order.ts';
import { ProcessReturn } from '../domain/use-cases/process-return.ts';
import type { ReconcilePayments } from '../domain/use-cases/reconcile-payments.ts';
import type { ReleaseStaleReservations } from '../domain/use-cases/release-stale-reservations.ts';
import { RequestReturn } from '../domain/use-cases/request-return.ts';
import { SqlClaimReadModel } from '../infra/db/orders/sql-guest-order.store.ts';
import { SqlOrderReadModel } from '../infra/db/orders/sql-order.read-model.ts';
import { SqlReturnReadModel } from '../infra/db/returns/sql-return.read-model.ts';
import { HmacClaimTokens } from '../infra/security/hmac-claim-tokens.ts';
import { guestOrderRoutes } from '../server/orders/guest-order.routes.ts';
import { orderRoutes } from '../server/orders/order.routes.ts';
import { staffOrderRoutes } from '../server/orders/staff-order.routes.ts';
import { returnRoutes } from '../server/returns/return.routes.ts';
import type { Route } from '../server/route.ts';
import type { Core } from './core.ts';
import { wirePayments } from './payments.ts';

export interface Trade {
  readonly routes: readonly Route[];
  readonly orders: SqlOrderReadModel;
  /** For signing in. */
  readonly mergeGuestCart: MergeGuestCart;
  /** For jobs. */
  readonly expireUnpaidOrders: ExpireUnpaidOrders;
  readonly reconcilePayments: ReconcilePayments;
  readonly releaseStaleReservations: ReleaseStaleReservations;
  readonly giveBackMoney: GiveBackMoney;
  readonly claims: ClaimReadModel;
  readonly claimTokens: ClaimTokens;
}

/** Wires orders, payments and shipments. */
export function wireTrade(core: Core, landedCosts: LandedCosts): Trade {
  const { db, clock, log, config, connections } = core;
  const orders = new SqlOrderReadModel(connections.read);
  const payments = wirePayments(core, orders);
  const giveBack = payments.giveBackMoney;
  const placeOrder = new PlaceOrder({
    ...{ db, clock, landedCosts },
    expirationMinutes: config.orders.expirationMinutes,
  });
  const cancelOrder = new CancelOrder({ db, clock, giveBack });
  const cancelLines = new CancelLines({ db, clock, giveBack });
  const requestReturn = new RequestReturn({ db, clock });
  const processReturn = new ProcessReturn({ db, clock, giveBack });
  const claimTokens = new HmacClaimTokens(config.secretKey);
  return {
    routes: [
      ...orderRoutes({
        orders,
        placeOrder,
        cancelLines,
        cancelOrder,
      }),
      ...guestOrderRoutes({
        orders,
        placeGuestOrder: new PlaceGuestOrder(placeOrder),
        cancelOrder,
        cancelLines,
        requestReturn,
        processReturn,
        startPayment: payments.startPayment,
        voidPayment: payments.voidPayment,
        claimOrder: new ClaimOrder({ db, clock, tokens: claimTokens }),
      }),
      ...returnRoutes({
        returns: new SqlReturnReadModel(connections.read),
        requestReturn,
        processReturn,
      }),
      ...staffOrderRoutes({ orders, fulfilOrder: new FulfilOrder({ db, clock }) }),
      ...payments.routes,
    ],
    orders,
    mergeGuestCart: new MergeGuestCart({ db, clock }),
    expireUnpaidOrders: new ExpireUnpaidOrders({ db, clock, log, orders }),
    reconcilePayments: payments.reconcilePayments,
    releaseStaleReservations: payments.releaseStaleReservations,
    giveBackMoney: giveBack,
    claims: new SqlClaimReadModel(connections.read),
    claimTokens,
  };
}

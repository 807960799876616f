import type { IdentityReference } from '../identity/importer-identity.ts';
import type { FrozenLandedCost } from '../landed-cost/landed-cost.store.ts';
import type { Cancellation } from '../orders/cancellation.ts';
import type { AccountScope, OrderScope } from '../orders/order.store.ts';
import type { HistoryEntry, Order, OrderLine } from '../orders/order.ts';
import type { OrderStatus } from '../orders/order-machine.ts';
import type { OrderPaymentStatus } from '../payments/order-payment-status.ts';
import type { Payment } from '../payments/payment.ts';
import type { Refund } from '../payments/refund.ts';
import { cameBack, type OrderReturn } from '../returns/return.ts';
import type { Page, PageRequest } from '../shared/page.ts';
import { type FulfilmentStatus, fulfilmentStatus, type Shipment } from '../shipments/shipment.ts';

/** Everything about one order, for whoever may see it. */
export interface OrderDetail {
  readonly order: Order;
  readonly lines: readonly OrderLine[];
  readonly identity: IdentityReference | undefined;
  /** Undefined for an order of before there were quotes. */
  readonly landedCost: FrozenLandedCost | undefined;
  readonly history: readonly HistoryEntry[];
  readonly payments: readonly Payment[];
  readonly refunds: readonly Refund[];
  readonly shipments: readonly Shipment[];
  readonly cancellations: readonly Cancellation[];
  readonly returns: readonly OrderReturn[];
}

/** Derived whenever it is shown, never stored. */
export const fulfilmentOfOrder = (detail: OrderDetail): FulfilmentStatus =>
  fulfilmentStatus(detail.lines, detail.shipments, {
    cancelled: detail.cancellations.flatMap((c) => c.lines),
    returned: cameBack(detail.returns),
  });

export interface OrderSummary {
  readonly order: Order;
  /** Units over all lines. */
  readonly units: number;
  readonly paymentStatus: OrderPaymentStatus;
  readonly fulfilmentStatus: FulfilmentStatus;
}

export interface OrderFilter {
  readonly status?: OrderStatus | undefined;
}

/** Orders with what other features know of them. Newest first. */
export interface OrderReadModel {
  detail(id: string, scope: OrderScope): Promise<OrderDetail | undefined>;
  page(scope: AccountScope, filter: OrderFilter, request: PageRequest): Promise<Page<OrderSummary>>;
  /** Ids of unpaid orders whose time has run out, oldest first. */
  expired(now: Date, limit: number): Promise<readonly string[]>;
}

import type { OrderScope } from '../orders/order.store.ts';
import type { HistoryEntry, Order, OrderLine } from '../orders/order.ts';
import type { OrderStatus } from '../orders/order-machine.ts';
import type { OrderPaymentStatus, Payment } from '../payments/payment.ts';
import type { Page, PageRequest } from '../shared/page.ts';
import type { FulfilmentStatus, Shipment } from '../shipments/shipment.ts';

/** Everything about one order, for whoever may see it. */
export interface OrderDetail {
  readonly order: Order;
  readonly lines: readonly OrderLine[];
  readonly history: readonly HistoryEntry[];
  readonly payments: readonly Payment[];
  readonly shipments: readonly Shipment[];
}

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
  page(scope: OrderScope, filter: OrderFilter, request: PageRequest): Promise<Page<OrderSummary>>;
  /** Ids of unpaid orders whose time has run out, oldest first. */
  expired(now: Date, limit: number): Promise<readonly string[]>;
}

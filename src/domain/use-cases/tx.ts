import type { AddressStore } from '../addresses/address.store.ts';
import type { AuditStore } from '../audit/audit.ts';
import type { CartStore } from '../carts/cart.store.ts';
import type { CatalogStore } from '../catalog/catalog.store.ts';
import type { DeadLetterStore } from '../eventstream/dead-letter.ts';
import type { InboxStore } from '../eventstream/inbox.store.ts';
import type { OutboxStore } from '../eventstream/outbox.store.ts';
import type { IdentityStore } from '../identity/identity.store.ts';
import type { InventoryStore } from '../inventory/inventory.store.ts';
import type { ReservationStore } from '../inventory/reservation.store.ts';
import type { StockProjectionStore } from '../inventory/stock-projection.ts';
import type { QueueStore } from '../jobs/queue.store.ts';
import type { RetentionStore } from '../jobs/retention.store.ts';
import type { ScheduleStore } from '../jobs/schedule.store.ts';
import type { WorkerStore } from '../jobs/worker.store.ts';
import type { LandedCostStore, TariffStore } from '../landed-cost/landed-cost.store.ts';
import type { CancellationStore } from '../orders/cancellation.ts';
import type { GuestOrderStore } from '../orders/guest-order.ts';
import type { OrderStore } from '../orders/order.store.ts';
import type { PaymentStore } from '../payments/payment.store.ts';
import type { ExchangeRateStore } from '../pricing/exchange-rate.store.ts';
import type { PromotionStore } from '../promotions/promotion.store.ts';
import type { ReturnStore } from '../returns/return.store.ts';
import type { JobQueue } from '../shared/job.ts';
import type { Once } from '../shared/once.ts';
import type { ShipmentStore } from '../shipments/shipment.store.ts';
import type { ShippingStore } from '../shipping/shipping.store.ts';
import type { RefreshTokenStore } from '../users/refresh-token.store.ts';
import type { UserStore } from '../users/user.store.ts';
import type { WebhookStore } from '../webhooks/webhook.store.ts';
import type { CheckoutStore } from './checkout.store.ts';
import type { OrderReadModel } from './order-detail.ts';

/** An operation of several transactions that carries an Idempotency-Key. */
export interface BegunOperation {
  /** What it is about: of the first request with the key. */
  readonly subject: string;
  /** An earlier request began it, and did not come to its end: go on from what is stored. */
  readonly resumed: boolean;
}

export interface IdempotencyStore {
  /** For an operation of one transaction. @throws Replay, DomainError idempotency_key_reused, idempotency_in_flight */
  claim<T>(once: Once<T>): Promise<void>;
  /**
   * For an operation of several transactions: claims the key in the first of them, and binds it to what the operation
   * makes.
   * @param subject the id of that
   * @param isDone whether such a thing, begun earlier, has its outcome: then it can be answered without waiting
   * @throws Replay; DomainError idempotency_in_flight while another process may still be at it
   */
  begin<T>(
    once: Once<T>,
    subject: string,
    isDone: (subject: string) => Promise<boolean>,
  ): Promise<BegunOperation>;
  /** ... and stores its reply in the last. */
  complete<T>(once: Once<T>, result: T): Promise<void>;
  /** Forgets all keys of a user, and with them the replies, which hold personal data. */
  deleteAllOf(userId: string): Promise<void>;
}

/** One transaction: the only place where write stores exist. Steps take it; none opens another. */
export interface Tx {
  readonly idempotency: IdempotencyStore;
  readonly audit: AuditStore;
  readonly users: UserStore;
  readonly refreshTokens: RefreshTokenStore;
  readonly addresses: AddressStore;
  readonly identities: IdentityStore;
  readonly catalog: CatalogStore;
  readonly inventory: InventoryStore;
  readonly reservations: ReservationStore;
  readonly carts: CartStore;
  readonly checkout: CheckoutStore;
  readonly orders: OrderStore;
  /** Whole orders as this transaction sees them, for replies. */
  readonly orderDetails: OrderReadModel;
  readonly payments: PaymentStore;
  readonly shipments: ShipmentStore;
  readonly guestOrders: GuestOrderStore;
  readonly cancellations: CancellationStore;
  readonly returns: ReturnStore;
  readonly shipping: ShippingStore;
  readonly promotions: PromotionStore;
  readonly exchangeRates: ExchangeRateStore;
  readonly tariffs: TariffStore;
  readonly landedCosts: LandedCostStore;
  readonly outbox: OutboxStore;
  readonly inbox: InboxStore;
  readonly deadLetters: DeadLetterStore;
  readonly jobs: JobQueue;
  readonly queues: QueueStore;
  readonly schedules: ScheduleStore;
  readonly workers: WorkerStore;
  readonly retention: RetentionStore;
  readonly stockProjection: StockProjectionStore;
  readonly webhooks: WebhookStore;
}

/** Throws what its caller must be told whatever key he sends: that there is nothing of that name for him. */
export type Guard = (tx: Tx) => Promise<void>;

export interface Database {
  /**
   * Runs `work` in one transaction: commits when it resolves, rolls back when it throws, and may run it again after
   * a deadlock, so it must not touch the world outside. With `once`, the key is claimed first and completed last in
   * the same transaction. A key that is in flight is waited for, for a bounded time.
   * @param guard looks, before the key does, whether what the request names is the caller's: `work` looks again
   * @throws Replay (handled by the route) when the key was completed before
   */
  transaction<T>(work: (tx: Tx) => Promise<T>, once?: Once<T>, guard?: Guard): Promise<T>;
}

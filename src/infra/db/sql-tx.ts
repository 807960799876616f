import type { AuditStore } from '../../domain/audit/audit.ts';
import type { Clock } from '../../domain/shared/clock.ts';
import type { IdempotencyStore, Tx } from '../../domain/use-cases/tx.ts';
import { SqlAddressStore } from './addresses/sql-address.store.ts';
import { SqlCartStore } from './carts/sql-cart.store.ts';
import { SqlCatalogStore } from './catalog/sql-catalog.store.ts';
import { SqlDeadLetterStore } from './eventstream/sql-dead-letters.ts';
import { SqlInboxStore } from './eventstream/sql-inbox.store.ts';
import { SqlOutboxStore } from './eventstream/sql-outbox.store.ts';
import { SqlIdempotency } from './idempotency.ts';
import { SqlIdentityStore } from './identity/sql-identity.store.ts';
import { SqlInventoryStore } from './inventory/sql-inventory.store.ts';
import { SqlReservationStore } from './inventory/sql-reservation.store.ts';
import { SqlStockProjectionStore } from './inventory/sql-stock-projection.ts';
import { SqlJobQueue } from './jobs/sql-job-queue.ts';
import { SqlQueueStore } from './jobs/sql-queue.store.ts';
import { SqlRetentionStore } from './jobs/sql-retention.store.ts';
import { SqlScheduleStore } from './jobs/sql-schedule.store.ts';
import { SqlWorkerStore } from './jobs/sql-worker.store.ts';
import { SqlLandedCostStore } from './landed-cost/sql-landed-cost.store.ts';
import { SqlTariffStore } from './landed-cost/sql-tariff.store.ts';
import { SqlCancellationStore } from './orders/sql-cancellation.store.ts';
import { SqlCheckoutStore } from './orders/sql-checkout.store.ts';
import { SqlGuestOrderStore } from './orders/sql-guest-order.store.ts';
import { SqlOrderReadModel } from './orders/sql-order.read-model.ts';
import { SqlOrderStore } from './orders/sql-order.store.ts';
import { SqlPaymentStore } from './payments/sql-payment.store.ts';
import { SqlExchangeRateStore } from './pricing/sql-exchange-rate.store.ts';
import { SqlPromotionStore } from './promotions/sql-promotion.store.ts';
import { SqlReturnStore } from './returns/sql-return.store.ts';
import { SqlShipmentStore } from './shipments/sql-shipment.store.ts';
import { SqlShippingStore } from './shipping/sql-shipping.store.ts';
import type { Sql } from './sql.ts';
import { SqlAuditStore } from './sql-audit.store.ts';
import { SqlRefreshTokenStore } from './users/sql-refresh-token.store.ts';
import { SqlUserStore } from './users/sql-user.store.ts';
import { SqlWebhookStore } from './webhooks/sql-webhook.store.ts';

/** What stores need besides their connection. */
export interface TxEnvironment {
  readonly clock: Clock;
}

/** The stores of one transaction, each made when first used. */
export class SqlTx implements Tx {
  readonly #sql: Sql;
  readonly #env: TxEnvironment;
  #idempotency: IdempotencyStore | undefined;
  #audit: AuditStore | undefined;

  constructor(sql: Sql, env: TxEnvironment) {
    this.#sql = sql;
    this.#env = env;
  }

  get idempotency(): IdempotencyStore {
    return (this.#idempotency ??= new SqlIdempotency(this.#sql, this.#env.clock));
  }

  get audit(): AuditStore {
    return (this.#audit ??= new SqlAuditStore(this.#sql));
  }

  get catalog(): SqlCatalogStore {
    return new SqlCatalogStore(this.#sql);
  }

  get inventory(): SqlInventoryStore {
    return new SqlInventoryStore(this.#sql);
  }

  get reservations(): SqlReservationStore {
    return new SqlReservationStore(this.#sql);
  }

  get carts(): SqlCartStore {
    return new SqlCartStore(this.#sql);
  }

  get checkout(): SqlCheckoutStore {
    return new SqlCheckoutStore(this.#sql);
  }

  get orders(): SqlOrderStore {
    return new SqlOrderStore(this.#sql);
  }

  get orderDetails(): SqlOrderReadModel {
    return new SqlOrderReadModel(this.#sql);
  }

  get payments(): SqlPaymentStore {
    return new SqlPaymentStore(this.#sql);
  }

  get shipments(): SqlShipmentStore {
    return new SqlShipmentStore(this.#sql);
  }

  get shipping(): SqlShippingStore {
    return new SqlShippingStore(this.#sql);
  }

  get guestOrders(): SqlGuestOrderStore {
    return new SqlGuestOrderStore(this.#sql);
  }

  get cancellations(): SqlCancellationStore {
    return new SqlCancellationStore(this.#sql);
  }

  get returns(): SqlReturnStore {
    return new SqlReturnStore(this.#sql);
  }

  get promotions(): SqlPromotionStore {
    return new SqlPromotionStore(this.#sql);
  }

  get exchangeRates(): SqlExchangeRateStore {
    return new SqlExchangeRateStore(this.#sql);
  }

  get tariffs(): SqlTariffStore {
    return new SqlTariffStore(this.#sql);
  }

  get landedCosts(): SqlLandedCostStore {
    return new SqlLandedCostStore(this.#sql);
  }

  get users(): SqlUserStore {
    return new SqlUserStore(this.#sql);
  }

  get refreshTokens(): SqlRefreshTokenStore {
    return new SqlRefreshTokenStore(this.#sql);
  }

  get addresses(): SqlAddressStore {
    return new SqlAddressStore(this.#sql);
  }

  get identities(): SqlIdentityStore {
    return new SqlIdentityStore(this.#sql);
  }

  get outbox(): SqlOutboxStore {
    return new SqlOutboxStore(this.#sql);
  }

  get inbox(): SqlInboxStore {
    return new SqlInboxStore(this.#sql, this.#env.clock);
  }

  get deadLetters(): SqlDeadLetterStore {
    return new SqlDeadLetterStore(this.#sql);
  }

  get jobs(): SqlJobQueue {
    return new SqlJobQueue(this.#sql, this.#env.clock);
  }

  get queues(): SqlQueueStore {
    return new SqlQueueStore(this.#sql);
  }

  get schedules(): SqlScheduleStore {
    return new SqlScheduleStore(this.#sql, this.#env.clock);
  }

  get workers(): SqlWorkerStore {
    return new SqlWorkerStore(this.#sql);
  }

  get stockProjection(): SqlStockProjectionStore {
    return new SqlStockProjectionStore(this.#sql);
  }

  get webhooks(): SqlWebhookStore {
    return new SqlWebhookStore(this.#sql, this.#env.clock);
  }

  get retention(): SqlRetentionStore {
    return new SqlRetentionStore(this.#sql);
  }
}

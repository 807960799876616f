import type { MigrationInterface } from 'typeorm';
import { Foundation1764000000001 } from './1764000000001-foundation.ts';
import { Users1764000001001 } from './1764000001001-users.ts';
import { Addresses1764000001002 } from './1764000001002-addresses.ts';
import { ImporterIdentities1764000001003 } from './1764000001003-importer-identities.ts';
import { Catalog1764000002001 } from './1764000002001-catalog.ts';
import { ProductSearch1764000002002 } from './1764000002002-product-search.ts';
import { Inventory1764000002003 } from './1764000002003-inventory.ts';
import { Carts1764000003001 } from './1764000003001-carts.ts';
import { Orders1764000003002 } from './1764000003002-orders.ts';
import { Payments1764000003003 } from './1764000003003-payments.ts';
import { Shipments1764000003004 } from './1764000003004-shipments.ts';
import { Eventstream1764000004001 } from './1764000004001-eventstream.ts';
import { Jobs1764000004002 } from './1764000004002-jobs.ts';
import { IdleCarts1764000005001 } from './1764000005001-idle-carts.ts';
import { Promotions1765000001001 } from './1765000001001-promotions.ts';
import { CartPrices1765000001002 } from './1765000001002-cart-prices.ts';
import { Shipping1765000002001 } from './1765000002001-shipping.ts';
import { CancellationsAndReturns1765000003001 } from './1765000003001-cancellations-and-returns.ts';
import { PaymentLedger1765000004001 } from './1765000004001-payment-ledger.ts';
import { StockChecks1765000005001 } from './1765000005001-stock-checks.ts';
import { GuestOrders1765000005002 } from './1765000005002-guest-orders.ts';
import { PaymentCare1766000001001 } from './1766000001001-payment-care.ts';
import { ExchangeRates1766000002001 } from './1766000002001-exchange-rates.ts';
import { LandedCost1766000002002 } from './1766000002002-landed-cost.ts';
import { Consumers1766000004001 } from './1766000004001-consumers.ts';
import { Webhooks1766000004002 } from './1766000004002-webhooks.ts';
import { JobControl1766000005001 } from './1766000005001-job-control.ts';
import { OutboxHeads1766000005101 } from './1766000005101-outbox-heads.ts';
import { CustomersOfPromotions1766000006001 } from './1766000006001-customers-of-promotions.ts';
import { OrderHistoryPosition1766000006002 } from './1766000006002-order-history-position.ts';
import { ReturnHistoryPosition1766000006003 } from './1766000006003-return-history-position.ts';
import { WaitingJobs1766000007001 } from './1766000007001-waiting-jobs.ts';
import { DeadLetterMessages1766000008001 } from './1766000008001-dead-letter-messages.ts';
import { FormerWebhookSecrets1766000008002 } from './1766000008002-former-webhook-secrets.ts';
import { DeadLettersByEvent1766000009001 } from './1766000009001-dead-letters-by-event.ts';

/** In the order they run. Append only: a migration that has shipped is never edited. */
export const migrations: (new () => MigrationInterface)[] = [
  Foundation1764000000001,
  Users1764000001001,
  Addresses1764000001002,
  ImporterIdentities1764000001003,
  Catalog1764000002001,
  ProductSearch1764000002002,
  Inventory1764000002003,
  Carts1764000003001,
  Orders1764000003002,
  Payments1764000003003,
  Shipments1764000003004,
  Eventstream1764000004001,
  Jobs1764000004002,
  IdleCarts1764000005001,
  Promotions1765000001001,
  CartPrices1765000001002,
  Shipping1765000002001,
  CancellationsAndReturns1765000003001,
  PaymentLedger1765000004001,
  StockChecks1765000005001,
  GuestOrders1765000005002,
  PaymentCare1766000001001,
  ExchangeRates1766000002001,
  LandedCost1766000002002,
  Consumers1766000004001,
  Webhooks1766000004002,
  JobControl1766000005001,
  OutboxHeads1766000005101,
  CustomersOfPromotions1766000006001,
  OrderHistoryPosition1766000006002,
  ReturnHistoryPosition1766000006003,
  WaitingJobs1766000007001,
  DeadLetterMessages1766000008001,
  FormerWebhookSecrets1766000008002,
  DeadLettersByEvent1766000009001,
];

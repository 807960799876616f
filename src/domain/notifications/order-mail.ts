import type { Locale } from '../shared/locale.ts';
import type { Money } from '../shared/money.ts';

/** What a customer is told about an order, each once. */
export const ORDER_MAILS = [
  'created',
  'expiring',
  'paid',
  'shipped',
  'delivered',
  'refunded',
  'cancelled',
  'expired',
] as const;
export type OrderMailKind = (typeof ORDER_MAILS)[number];

/** An order as its mails show it. */
export interface OrderForMail {
  readonly number: string;
  /** It waits for its payment. */
  readonly unpaid: boolean;
  readonly email: string | undefined;
  readonly locale: Locale;
  readonly lines: readonly {
    readonly name: string;
    readonly sku: string;
    readonly quantity: number;
    readonly total: Money;
  }[];
  readonly items: Money;
  readonly shipping: Money;
  readonly discount: Money;
  readonly tax: Money;
  readonly duty: Money;
  readonly total: Money;
  readonly expiresAt: Date;
}

export interface Tracking {
  readonly carrier: string;
  readonly trackingNumber: string;
  readonly trackingUrl: string | null;
}

export interface OrderMailReadModel {
  find(orderId: string): Promise<OrderForMail | undefined>;
}

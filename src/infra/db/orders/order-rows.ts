import type {
  AddressSnapshot,
  ChosenShipping,
  FrozenExchangeRate,
  FrozenPromotion,
  Incoterm,
  Order,
} from '../../../domain/orders/order.ts';
import type { OrderStatus } from '../../../domain/orders/order-machine.ts';
import { DEFAULT_LOCALE, isLocale } from '../../../domain/shared/locale.ts';
import type { SqlParam } from '../values.ts';
import {
  type RawDate,
  type RawInteger,
  type RawJson,
  toBigint,
  toDate,
  toJson,
  toOptionalDate,
} from '../values.ts';

export interface OrderRow {
  id: string;
  number: string;
  user_id: string | null;
  status: OrderStatus;
  currency: string;
  items_total: RawInteger;
  shipping_total: RawInteger;
  discount_total: RawInteger;
  tax_total: RawInteger;
  duty_total: RawInteger;
  total: RawInteger;
  shipping_address: RawJson;
  identity_id: string | null;
  locale: string;
  email: string | null;
  note: string | null;
  version: number;
  event_sequence: number;
  placed_at: RawDate;
  updated_at: RawDate;
  expires_at: RawDate;
  confirmed_at: RawDate | null;
  shipping_method: RawJson | null;
  promotions: RawJson | null;
  exchange_rate: RawJson | null;
  incoterm: Incoterm;
}

export const ORDER_COLUMNS = [
  'id',
  'number',
  'user_id',
  'status',
  'currency',
  'items_total',
  'shipping_total',
  'discount_total',
  'tax_total',
  'duty_total',
  'total',
  'shipping_address',
  'identity_id',
  'locale',
  'email',
  'note',
  'version',
  'event_sequence',
  'placed_at',
  'updated_at',
  'expires_at',
  'confirmed_at',
  'shipping_method',
  'promotions',
  'exchange_rate',
  'incoterm',
] as const;

/** For SELECTs with the alias `o`. */
export const ORDER_SELECT = ORDER_COLUMNS.map((column) => `o.${column}`).join(', ');

export const orderParams = (o: Order): SqlParam[] => [
  o.id,
  o.number,
  o.userId,
  o.status,
  o.currency,
  o.totals.items.amount,
  o.totals.shipping.amount,
  o.totals.discount.amount,
  o.totals.tax.amount,
  o.totals.duty.amount,
  o.totals.total.amount,
  JSON.stringify(o.shippingAddress),
  o.identityId,
  o.locale,
  o.email,
  o.note,
  o.version,
  o.eventSequence,
  o.placedAt,
  o.updatedAt,
  o.expiresAt,
  o.confirmedAt,
  o.shippingMethod === undefined ? null : JSON.stringify(o.shippingMethod),
  o.promotions.length === 0 ? null : JSON.stringify(o.promotions),
  o.exchangeRate === undefined ? null : JSON.stringify(o.exchangeRate),
  o.incoterm,
];

export function toOrder(row: OrderRow): Order {
  const amount = (minor: RawInteger) => ({ amount: toBigint(minor), currency: row.currency });
  return {
    id: row.id,
    number: row.number,
    userId: row.user_id ?? undefined,
    status: row.status,
    currency: row.currency,
    totals: {
      items: amount(row.items_total),
      shipping: amount(row.shipping_total),
      discount: amount(row.discount_total),
      tax: amount(row.tax_total),
      duty: amount(row.duty_total),
      total: amount(row.total),
    },
    shippingAddress: toJson(row.shipping_address) as AddressSnapshot,
    identityId: row.identity_id ?? undefined,
    locale: isLocale(row.locale) ? row.locale : DEFAULT_LOCALE,
    email: row.email ?? undefined,
    note: row.note ?? undefined,
    version: row.version,
    eventSequence: row.event_sequence,
    placedAt: toDate(row.placed_at),
    updatedAt: toDate(row.updated_at),
    expiresAt: toDate(row.expires_at),
    confirmedAt: toOptionalDate(row.confirmed_at),
    shippingMethod:
      row.shipping_method === null ? undefined : (toJson(row.shipping_method) as ChosenShipping),
    promotions: row.promotions === null ? [] : (toJson(row.promotions) as FrozenPromotion[]),
    exchangeRate: row.exchange_rate === null ? undefined : (toJson(row.exchange_rate) as FrozenExchangeRate),
    incoterm: row.incoterm,
  };
}

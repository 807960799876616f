import type { AddressSnapshot, HistoryEntry, Order, OrderLine } from '../../../domain/orders/order.ts';
import type { OrderStatus } from '../../../domain/orders/order-machine.ts';
import type { Currency } from '../../../domain/shared/currency.ts';
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
  };
}

export interface LineRow {
  id: string;
  position: number;
  variant_id: string;
  sku: string;
  name: string;
  options: RawJson;
  hs_code: string;
  origin_country: string;
  weight_grams: number;
  warehouse_id: string;
  unit_price: RawInteger;
  quantity: number;
  total: RawInteger;
}

export const LINE_COLUMNS = [
  'id',
  'order_id',
  'position',
  'variant_id',
  'sku',
  'name',
  'options',
  'hs_code',
  'origin_country',
  'weight_grams',
  'warehouse_id',
  'unit_price',
  'quantity',
  'total',
] as const;

export const lineParams = (orderId: string, l: OrderLine): SqlParam[] => [
  l.id,
  orderId,
  l.position,
  l.variantId,
  l.sku,
  l.name,
  JSON.stringify(l.options),
  l.hsCode,
  l.originCountry,
  l.weightGrams,
  l.warehouseId,
  l.unitPrice.amount,
  l.quantity,
  l.total.amount,
];

export const toLine = (row: LineRow, currency: Currency): OrderLine => ({
  id: row.id,
  position: row.position,
  variantId: row.variant_id,
  sku: row.sku,
  name: row.name,
  options: toJson(row.options) as Record<string, string>,
  hsCode: row.hs_code,
  originCountry: row.origin_country,
  weightGrams: row.weight_grams,
  warehouseId: row.warehouse_id,
  unitPrice: { amount: toBigint(row.unit_price), currency },
  quantity: row.quantity,
  total: { amount: toBigint(row.total), currency },
});

export interface HistoryRow {
  id: string;
  order_id: string;
  from_status: OrderStatus | null;
  to_status: OrderStatus;
  actor: string;
  reason: string | null;
  at: RawDate;
}

export const HISTORY_COLUMNS = [
  'id',
  'order_id',
  'from_status',
  'to_status',
  'actor',
  'reason',
  'at',
] as const;

export const historyParams = (e: HistoryEntry): SqlParam[] => [
  e.id,
  e.orderId,
  e.from,
  e.to,
  e.actor,
  e.reason,
  e.at,
];

export const toHistory = (row: HistoryRow): HistoryEntry => ({
  id: row.id,
  orderId: row.order_id,
  from: row.from_status ?? undefined,
  to: row.to_status,
  actor: row.actor,
  reason: row.reason ?? undefined,
  at: toDate(row.at),
});

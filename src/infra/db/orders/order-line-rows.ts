import type { HistoryEntry, LineQuote, OrderLine } from '../../../domain/orders/order.ts';
import type { OrderStatus } from '../../../domain/orders/order-machine.ts';
import type { Currency } from '../../../domain/shared/currency.ts';
import {
  type RawDate,
  type RawInteger,
  type RawJson,
  type SqlParam,
  toBigint,
  toDate,
  toJson,
} from '../values.ts';

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
  discount: RawInteger;
  tax: RawInteger;
  duty: RawInteger;
  customs_value: RawInteger | null;
  quoted_duty: RawInteger | null;
  quoted_tax: RawInteger | null;
  quoted_fees: RawInteger | null;
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
  'discount',
  'tax',
  'duty',
  'customs_value',
  'quoted_duty',
  'quoted_tax',
  'quoted_fees',
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
  l.discount.amount,
  l.tax.amount,
  l.duty.amount,
  l.quoted?.customsValue.amount,
  l.quoted?.duty?.amount,
  l.quoted?.tax?.amount,
  l.quoted?.fees?.amount,
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
  discount: { amount: toBigint(row.discount), currency },
  tax: { amount: toBigint(row.tax), currency },
  duty: { amount: toBigint(row.duty), currency },
  quoted: toQuote(row, currency),
});

/** Nothing where the destination had no rules, or before there were any. */
function toQuote(row: LineRow, currency: Currency): LineQuote | undefined {
  if (row.customs_value === null) return undefined;
  const known = (amount: RawInteger | null) =>
    amount === null ? undefined : { amount: toBigint(amount), currency };
  return {
    customsValue: { amount: toBigint(row.customs_value), currency },
    duty: known(row.quoted_duty),
    tax: known(row.quoted_tax),
    fees: known(row.quoted_fees),
  };
}

export interface HistoryRow {
  id: string;
  order_id: string;
  position: number;
  from_status: OrderStatus | null;
  to_status: OrderStatus;
  actor: string;
  reason: string | null;
  at: RawDate;
}

export const HISTORY_COLUMNS = [
  'id',
  'order_id',
  'position',
  'from_status',
  'to_status',
  'actor',
  'reason',
  'at',
] as const;

export const historyParams = (e: HistoryEntry): SqlParam[] => [
  e.id,
  e.orderId,
  e.position,
  e.from,
  e.to,
  e.actor,
  e.reason,
  e.at,
];

export const toHistory = (row: HistoryRow): HistoryEntry => ({
  id: row.id,
  orderId: row.order_id,
  position: row.position,
  from: row.from_status ?? undefined,
  to: row.to_status,
  actor: row.actor,
  reason: row.reason ?? undefined,
  at: toDate(row.at),
});

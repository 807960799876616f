import type { Payment, PaymentStatus } from '../../../domain/payments/payment.ts';
import { type RawDate, type RawInteger, toBigint, toDate } from '../values.ts';

export interface PaymentRow {
  id: string;
  order_id: string;
  provider: string;
  provider_reference: string | null;
  status: PaymentStatus;
  amount: RawInteger;
  currency: string;
  failure_code: string | null;
  next_action_url: string | null;
  created_at: RawDate;
  updated_at: RawDate;
  version: number;
}

/** For SELECTs with the alias `p`. */
export const PAYMENT_SELECT = [
  'id',
  'order_id',
  'provider',
  'provider_reference',
  'status',
  'amount',
  'currency',
  'failure_code',
  'next_action_url',
  'created_at',
  'updated_at',
  'version',
]
  .map((column) => `p.${column}`)
  .join(', ');

export const toPayment = (row: PaymentRow): Payment => ({
  id: row.id,
  orderId: row.order_id,
  provider: row.provider,
  providerReference: row.provider_reference ?? undefined,
  status: row.status,
  amount: { amount: toBigint(row.amount), currency: row.currency },
  failureCode: row.failure_code ?? undefined,
  nextActionUrl: row.next_action_url ?? undefined,
  createdAt: toDate(row.created_at),
  updatedAt: toDate(row.updated_at),
  version: row.version,
});

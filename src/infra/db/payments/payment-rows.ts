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
  captured: RawInteger;
  promised: RawInteger;
  refunded: RawInteger;
}

/** Sums of the ledger, per payment with the alias `p`. */
export const CAPTURED =
  'COALESCE((SELECT c.amount FROM payment_captures c WHERE c.payment_id = p.id), 0) AS captured';
const PROMISED =
  'COALESCE((SELECT c.promised FROM payment_captures c WHERE c.payment_id = p.id), 0) AS promised';
export const REFUNDED =
  "COALESCE((SELECT SUM(r.amount) FROM refunds r WHERE r.payment_id = p.id AND r.status = 'succeeded'), 0) AS refunded";

const COLUMNS = [
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
];
/** For SELECTs with the alias `p`. */
export const PAYMENT_SELECT = [...COLUMNS.map((column) => `p.${column}`), CAPTURED, PROMISED, REFUNDED].join(
  ', ',
);

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
  ledger: {
    captured: toBigint(row.captured),
    promised: toBigint(row.promised),
    refunded: toBigint(row.refunded),
  },
});

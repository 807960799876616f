import type { Payment } from '../../../domain/payments/payment.ts';
import type { Refund, RefundReason, RefundStatus } from '../../../domain/payments/refund.ts';
import type { Sql } from '../sql.ts';
import { type RawDate, type RawInteger, toBigint, toDate } from '../values.ts';

export interface RefundRow {
  id: string;
  payment_id: string;
  order_id: string;
  amount: RawInteger;
  currency: string;
  reason: RefundReason;
  note: string | null;
  actor: string;
  status: RefundStatus;
  provider_reference: string | null;
  failure_code: string | null;
  replaced_by: string | null;
  closed_note: string | null;
  created_at: RawDate;
  updated_at: RawDate;
}

export const REFUND_COLUMNS = [
  'id',
  'payment_id',
  'order_id',
  'amount',
  'currency',
  'reason',
  'note',
  'actor',
  'status',
  'provider_reference',
  'failure_code',
  'replaced_by',
  'closed_note',
  'created_at',
  'updated_at',
] as const;

export const toRefund = (row: RefundRow): Refund => ({
  id: row.id,
  paymentId: row.payment_id,
  orderId: row.order_id,
  amount: { amount: toBigint(row.amount), currency: row.currency },
  reason: row.reason,
  note: row.note ?? undefined,
  actor: row.actor,
  status: row.status,
  providerReference: row.provider_reference ?? undefined,
  failureCode: row.failure_code ?? undefined,
  replacedBy: row.replaced_by ?? undefined,
  closedNote: row.closed_note ?? undefined,
  createdAt: toDate(row.created_at),
  updatedAt: toDate(row.updated_at),
});

/**
 * A refund `r` of a capture `c` that failed and waits for somebody: until it was made again or closed, or nothing of the
 * capture is left that could be given back.
 */
export const NEEDS_ATTENTION =
  "r.status = 'failed' AND r.replaced_by IS NULL AND r.closed_note IS NULL AND c.promised < c.amount";

/** Refunds of one order's attempts: one statement, and none where nothing was captured. */
export async function readRefunds(sql: Sql, payments: readonly Payment[]): Promise<Refund[]> {
  const captured = payments.find(({ ledger }) => ledger.captured > 0n);
  return captured === undefined ? [] : refundsOfOrder(sql, captured.orderId);
}

export async function refundsOfOrder(sql: Sql, orderId: string): Promise<Refund[]> {
  const rows = await sql.query<RefundRow>(
    `SELECT ${REFUND_COLUMNS.join(', ')} FROM refunds WHERE order_id = ? ORDER BY id`,
    [orderId],
  );
  return rows.map(toRefund);
}

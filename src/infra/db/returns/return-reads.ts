import type { OrderReturn, ReturnHistoryEntry, ReturnLine } from '../../../domain/returns/return.ts';
import type { ReturnStatus } from '../../../domain/returns/return-machine.ts';
import { list, type Sql } from '../sql.ts';
import { type RawDate, type RawInteger, type SqlParam, toBigint, toDate } from '../values.ts';

interface ReturnRow {
  id: string;
  order_id: string;
  status: ReturnStatus;
  created_at: RawDate;
  updated_at: RawDate;
  refunded_amount: RawInteger | null;
  currency: string;
  user_id: string | null;
}

interface LineRow {
  return_id: string;
  order_line_id: string;
  quantity: number;
  reason: string;
  restocked: number;
  written_off: number;
  amount: RawInteger;
}

interface HistoryRow {
  id: string;
  return_id: string;
  from_status: ReturnStatus | null;
  to_status: ReturnStatus;
  actor: string;
  reason: string | null;
  at: RawDate;
}

/**
 * Whole returns in three statements; in one, where there are none.
 * @param tail what follows the FROM, with the aliases `r` (returns) and `o` (their orders)
 */
export async function readReturns(
  sql: Sql,
  tail: string,
  params: readonly SqlParam[],
): Promise<OrderReturn[]> {
  const rows = await sql.query<ReturnRow>(
    `SELECT r.id, r.order_id, r.status, r.created_at, r.updated_at, r.refunded_amount, o.currency, o.user_id
     FROM order_returns r JOIN orders o ON o.id = r.order_id ${tail}`,
    params,
  );
  if (rows.length === 0) return [];
  const ids = rows.map((row) => row.id);
  const lines = await sql.query<LineRow>(
    `SELECT return_id, order_line_id, quantity, reason, restocked, written_off, amount
     FROM order_return_lines WHERE return_id IN (${list(ids.length)}) ORDER BY return_id, order_line_id`,
    ids,
  );
  const history = await sql.query<HistoryRow>(
    `SELECT id, return_id, from_status, to_status, actor, reason, at
     FROM order_return_history WHERE return_id IN (${list(ids.length)}) ORDER BY return_id, position`,
    ids,
  );
  return rows.map((row) => ({
    id: row.id,
    orderId: row.order_id,
    buyerId: row.user_id ?? undefined,
    status: row.status,
    createdAt: toDate(row.created_at),
    updatedAt: toDate(row.updated_at),
    refunded:
      row.refunded_amount === null
        ? undefined
        : { amount: toBigint(row.refunded_amount), currency: row.currency },
    lines: lines.filter((line) => line.return_id === row.id).map((line) => toLine(line, row.currency)),
    history: history.filter((entry) => entry.return_id === row.id).map(toHistory),
  }));
}

export const readReturnsOf = (sql: Sql, orderId: string): Promise<OrderReturn[]> =>
  readReturns(sql, 'WHERE r.order_id = ? ORDER BY r.id', [orderId]);

const toLine = (row: LineRow, currency: string): ReturnLine => ({
  orderLineId: row.order_line_id,
  quantity: row.quantity,
  reason: row.reason,
  restocked: row.restocked,
  writtenOff: row.written_off,
  amount: { amount: toBigint(row.amount), currency },
});

const toHistory = (row: HistoryRow): ReturnHistoryEntry => ({
  id: row.id,
  from: row.from_status ?? undefined,
  to: row.to_status,
  actor: row.actor,
  reason: row.reason ?? undefined,
  at: toDate(row.at),
});

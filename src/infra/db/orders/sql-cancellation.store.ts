import type { Cancellation, CancellationStore } from '../../../domain/orders/cancellation.ts';
import { sum } from '../../../domain/shared/money.ts';
import { insertRows } from '../insert-rows.ts';
import type { Sql } from '../sql.ts';
import { type RawDate, type RawInteger, toBigint, toDate } from '../values.ts';

interface CancellationRow {
  id: string;
  actor: string;
  reason: string | null;
  at: RawDate;
  order_line_id: string;
  quantity: number;
  amount: RawInteger;
}

/** Oldest first, in one statement. */
export async function readCancellations(
  sql: Sql,
  order: { readonly id: string; readonly currency: string },
): Promise<Cancellation[]> {
  const rows = await sql.query<CancellationRow>(
    `SELECT c.id, c.actor, c.reason, c.at, l.order_line_id, l.quantity, l.amount
     FROM order_cancellations c JOIN order_cancellation_lines l ON l.cancellation_id = c.id
     WHERE c.order_id = ? ORDER BY c.id, l.order_line_id`,
    [order.id],
  );
  const found = new Map<string, Cancellation>();
  for (const row of rows) {
    const amount = { amount: toBigint(row.amount), currency: order.currency };
    const line = { orderLineId: row.order_line_id, quantity: row.quantity, amount };
    const lines = [...(found.get(row.id)?.lines ?? []), line];
    found.set(row.id, {
      id: row.id,
      orderId: order.id,
      actor: row.actor,
      reason: row.reason ?? undefined,
      at: toDate(row.at),
      amount: sum(
        lines.map((l) => l.amount),
        order.currency,
      ),
      lines,
    });
  }
  return [...found.values()];
}

export class SqlCancellationStore implements CancellationStore {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  ofOrder(order: { readonly id: string; readonly currency: string }): Promise<readonly Cancellation[]> {
    return readCancellations(this.#sql, order);
  }

  async insert({ id, orderId, actor, reason, amount, at, lines }: Cancellation): Promise<void> {
    await this.#sql.run(
      'INSERT INTO order_cancellations (id, order_id, actor, reason, amount, at) VALUES (?, ?, ?, ?, ?, ?)',
      [id, orderId, actor, reason, amount.amount, at],
    );
    await insertRows(
      this.#sql,
      'order_cancellation_lines',
      ['cancellation_id', 'order_line_id', 'quantity', 'amount'],
      lines.map((line) => [id, line.orderLineId, line.quantity, line.amount.amount]),
    );
  }
}

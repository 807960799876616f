import type { ReturnStore } from '../../../domain/returns/return.store.ts';
import type { OrderReturn } from '../../../domain/returns/return.ts';
import { DomainError } from '../../../domain/shared/errors.ts';
import { insertRows } from '../insert-rows.ts';
import type { Sql } from '../sql.ts';
import { readReturnsOf } from './return-reads.ts';

export class SqlReturnStore implements ReturnStore {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  async orderOf(id: string): Promise<string | undefined> {
    const [row] = await this.#sql.query<{ order_id: string }>(
      'SELECT r.order_id FROM order_returns r WHERE r.id = ?',
      [id],
    );
    return row?.order_id;
  }

  ofOrder(order: { readonly id: string }): Promise<readonly OrderReturn[]> {
    return readReturnsOf(this.#sql, order.id);
  }

  async insert(subject: OrderReturn): Promise<void> {
    await this.#sql.run(
      'INSERT INTO order_returns (id, order_id, status, created_at, updated_at) VALUES (?, ?, ?, ?, ?)',
      [subject.id, subject.orderId, subject.status, subject.createdAt, subject.updatedAt],
    );
    await insertRows(
      this.#sql,
      'order_return_lines',
      ['return_id', 'order_line_id', 'quantity', 'reason', 'restocked', 'written_off', 'amount'],
      subject.lines.map((line) => [
        subject.id,
        line.orderLineId,
        line.quantity,
        line.reason,
        line.restocked,
        line.writtenOff,
        line.amount.amount,
      ]),
    );
    await this.#tell(subject, 0);
  }

  async update(before: OrderReturn, after: OrderReturn): Promise<void> {
    const { affected } = await this.#sql.run(
      'UPDATE order_returns SET status = ?, updated_at = ?, refunded_amount = ? WHERE id = ? AND status = ?',
      [after.status, after.updatedAt, after.refunded?.amount, after.id, before.status],
    );
    if (affected !== 1)
      throw new DomainError('version_conflict', 'the return was changed meanwhile', { retryAfter: 1 });
    if (after.lines !== before.lines) {
      for (const line of after.lines) {
        await this.#sql.run(
          'UPDATE order_return_lines SET restocked = ?, written_off = ?, amount = ? WHERE return_id = ? AND order_line_id = ?',
          [line.restocked, line.writtenOff, line.amount.amount, after.id, line.orderLineId],
        );
      }
    }
    await this.#tell(after, before.history.length);
  }

  /** The steps after the first `told` ones. */
  #tell({ id, history }: OrderReturn, told: number): Promise<void> {
    return insertRows(
      this.#sql,
      'order_return_history',
      ['id', 'return_id', 'position', 'from_status', 'to_status', 'actor', 'reason', 'at'],
      history.slice(told).map((e, i) => [e.id, id, told + i + 1, e.from, e.to, e.actor, e.reason, e.at]),
    );
  }
}

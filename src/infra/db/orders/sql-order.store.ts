import type { OrderScope, OrderStore } from '../../../domain/orders/order.store.ts';
import type { HistoryEntry, Order, OrderLine } from '../../../domain/orders/order.ts';
import { isFinal, ORDER_STATUSES } from '../../../domain/orders/order-machine.ts';
import { DomainError } from '../../../domain/shared/errors.ts';
import { insertRows } from '../insert-rows.ts';
import { list, placeholders, type Sql } from '../sql.ts';
import { violatedKey } from '../unique-violation.ts';
import { HISTORY_COLUMNS, historyParams, LINE_COLUMNS, lineParams } from './order-line-rows.ts';
import { readLines } from './order-reads.ts';
import { ORDER_COLUMNS, ORDER_SELECT, type OrderRow, orderParams, toOrder } from './order-rows.ts';
import { scopeCondition } from './order-scope.ts';

export class SqlOrderStore implements OrderStore {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  async insert(order: Order, lines: readonly OrderLine[], first: HistoryEntry): Promise<boolean> {
    try {
      await this.#sql.run(
        `INSERT INTO orders (${ORDER_COLUMNS.join(', ')}) VALUES ${placeholders(1, ORDER_COLUMNS.length)}`,
        orderParams(order),
      );
    } catch (error) {
      if (!violatedKey(error)?.includes('number')) throw error;
      return false;
    }
    await insertRows(
      this.#sql,
      'order_lines',
      LINE_COLUMNS,
      lines.map((line) => lineParams(order.id, line)),
    );
    await this.appendHistory([first]);
    return true;
  }

  async exists(id: string, scope: OrderScope): Promise<boolean> {
    const own = scopeCondition(scope);
    const rows = await this.#sql.query(`SELECT 1 AS found FROM orders o WHERE o.id = ?${own.sql}`, [
      id,
      ...own.params,
    ]);
    return rows.length > 0;
  }

  async lock(id: string, scope: OrderScope): Promise<Order | undefined> {
    // On SQLite the transaction has the only write lock already.
    const forUpdate = this.#sql.kind === 'sqlite' ? '' : ' FOR UPDATE';
    const own = scopeCondition(scope);
    const [row] = await this.#sql.query<OrderRow>(
      `SELECT ${ORDER_SELECT} FROM orders o WHERE o.id = ?${own.sql}${forUpdate}`,
      [id, ...own.params],
    );
    return row && toOrder(row);
  }

  async openWithIdentity(userId: string, identityId: string): Promise<readonly string[]> {
    const open = ORDER_STATUSES.filter((status) => !isFinal(status));
    const rows = await this.#sql.query<{ number: string }>(
      `SELECT number FROM orders WHERE user_id = ? AND identity_id = ? AND status IN (${list(open.length)}) ORDER BY number`,
      [userId, identityId, ...open],
    );
    return rows.map((row) => row.number);
  }

  lines(order: Order): Promise<readonly OrderLine[]> {
    return readLines(this.#sql, order);
  }

  async update(order: Order): Promise<Order> {
    const { affected } = await this.#sql.run(
      `UPDATE orders SET status = ?, event_sequence = ?, updated_at = ?, confirmed_at = ?, version = version + 1
       WHERE id = ? AND version = ?`,
      [order.status, order.eventSequence, order.updatedAt, order.confirmedAt, order.id, order.version],
    );
    if (affected !== 1)
      throw new DomainError('version_conflict', 'the order was changed meanwhile', { retryAfter: 1 });
    return { ...order, version: order.version + 1 };
  }

  async appendHistory(entries: readonly HistoryEntry[]): Promise<void> {
    await insertRows(this.#sql, 'order_history', HISTORY_COLUMNS, entries.map(historyParams));
  }
}

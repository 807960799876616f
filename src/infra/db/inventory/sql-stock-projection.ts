import type {
  Availability,
  StockChange,
  StockProjectionReadModel,
  StockProjectionStore,
} from '../../../domain/inventory/stock-projection.ts';
import {
  decodeCursor,
  encodeCursor,
  type Page,
  type PageRequest,
  toPage,
} from '../../../domain/shared/page.ts';
import { insertOrIgnore } from '../insert-or-ignore.ts';
import { forUpdate, list, type Sql } from '../sql.ts';
import { type RawDate, type RawInteger, toDate, toInt } from '../values.ts';

const SORT = 'availability';

export class SqlStockProjectionReadModel implements StockProjectionReadModel {
  readonly #sql: Sql;

  constructor(read: Sql) {
    this.#sql = read;
  }

  async availability({ limit, cursor }: PageRequest): Promise<Page<Availability>> {
    const rows = await this.#sql.query<{
      variant_id: string;
      sku: string;
      on_hand: RawInteger;
      reserved: RawInteger;
      updated_at: RawDate;
    }>(
      `SELECT p.variant_id, v.sku, SUM(p.on_hand) AS on_hand, SUM(p.reserved) AS reserved, MAX(p.updated_at) AS updated_at
       FROM stock_projection p JOIN variants v ON v.id = p.variant_id
       ${cursor === undefined ? '' : 'WHERE p.variant_id > ?'}
       GROUP BY p.variant_id, v.sku ORDER BY p.variant_id LIMIT ${limit + 1}`,
      cursor === undefined ? [] : decodeCursor(cursor, SORT, 1),
    );
    const items = rows.map((row) => {
      const [onHand, reserved] = [toInt(row.on_hand), toInt(row.reserved)];
      const { variant_id: variantId, sku } = row;
      return {
        variantId,
        sku,
        onHand,
        reserved,
        available: onHand - reserved,
        updatedAt: toDate(row.updated_at),
      };
    });
    return toPage(items, limit, ({ variantId }) => encodeCursor(SORT, [variantId]));
  }
}

export class SqlStockProjectionStore implements StockProjectionStore {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  async apply(change: StockChange): Promise<void> {
    if (await this.#add(change)) return;
    // Either the row began after this event, or there is none: then it begins with what the level has now.
    const { affected } = await this.#sql.run(
      `${insertOrIgnore(this.#sql)} INTO stock_projection (stock_level_id, variant_id, warehouse_id, on_hand, reserved, base_sequence, updated_at)
       SELECT id, variant_id, warehouse_id, on_hand, reserved, event_sequence, ? FROM stock_levels WHERE id = ?`,
      [change.at, change.stockLevelId],
    );
    // A rebuild may have inserted it in between, from before this event.
    if (affected === 0) await this.#add(change);
  }

  async #add({ stockLevelId, onHand, reserved, sequence, at }: StockChange): Promise<boolean> {
    const { affected } = await this.#sql.run(
      `UPDATE stock_projection SET on_hand = on_hand + ?, reserved = reserved + ?, updated_at = ?
       WHERE stock_level_id = ? AND base_sequence < ?`,
      [onHand, reserved, at, stockLevelId, sequence],
    );
    return affected === 1;
  }

  async rebuild(afterId: string | undefined, limit: number, at: Date): Promise<string | undefined> {
    const levels = await this.#sql.query<{ id: string }>(
      `SELECT id FROM stock_levels WHERE id > ? ORDER BY id LIMIT ${limit}`,
      [afterId ?? ''],
    );
    if (levels.length === 0) return undefined;
    const ids = levels.map(({ id }) => id);
    await this.#sql.run(
      `${insertOrIgnore(this.#sql)} INTO stock_projection (stock_level_id, variant_id, warehouse_id, on_hand, reserved, base_sequence, updated_at)
       SELECT id, variant_id, warehouse_id, 0, 0, 0, ? FROM stock_levels WHERE id IN (${list(ids.length)})`,
      [at, ...ids],
    );
    // No event is added while the levels are read: what comes after that is later than the numbers that were read.
    await this.#sql.query(
      `SELECT stock_level_id FROM stock_projection WHERE stock_level_id IN (${list(ids.length)})${forUpdate(this.#sql)}`,
      ids,
    );
    const now = await this.#sql.query<{
      id: string;
      on_hand: RawInteger;
      reserved: RawInteger;
      event_sequence: RawInteger;
    }>(
      `SELECT id, on_hand, reserved, event_sequence FROM stock_levels WHERE id IN (${list(ids.length)})`,
      ids,
    );
    for (const level of now) {
      await this.#sql.run(
        'UPDATE stock_projection SET on_hand = ?, reserved = ?, base_sequence = ?, updated_at = ? WHERE stock_level_id = ?',
        [level.on_hand, level.reserved, level.event_sequence, at, level.id],
      );
    }
    return ids.at(-1);
  }
}

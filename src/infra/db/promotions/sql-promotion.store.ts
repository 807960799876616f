import type { PromotionStore, Redemption } from '../../../domain/promotions/promotion.store.ts';
import type { Promotion } from '../../../domain/promotions/promotion.ts';
import { DomainError } from '../../../domain/shared/errors.ts';
import { insertRows } from '../insert-rows.ts';
import { list } from '../sql.ts';
import { violatedKey } from '../unique-violation.ts';
import { PROMOTION_COLUMNS, promotionParams, SET_TERMS, termsParams } from './promotion-rows.ts';
import { SqlPromotionReadModel } from './sql-promotion.read-model.ts';

const REDEMPTION_COLUMNS = [
  'id',
  'promotion_id',
  'order_id',
  'customer_key',
  'slot',
  'saving',
  'currency',
  'created_at',
] as const;

export class SqlPromotionStore extends SqlPromotionReadModel implements PromotionStore {
  insert(promotion: Promotion, at: Date): Promise<void> {
    return unlessTaken(() =>
      insertRows(this.sql, 'promotions', PROMOTION_COLUMNS, [promotionParams(promotion, at)]),
    );
  }

  update(promotion: Promotion, at: Date): Promise<Promotion> {
    return unlessTaken(async () => {
      const { affected } = await this.sql.run(
        `UPDATE promotions SET ${SET_TERMS}, updated_at = ?, version = version + 1
         WHERE id = ? AND version = ? AND redeemed <= COALESCE(?, redeemed)`,
        [...termsParams(promotion), at, promotion.id, promotion.version, promotion.totalLimit],
      );
      if (affected === 1) return { ...promotion, version: promotion.version + 1 };
      const now = await this.find(promotion.id);
      if (now?.version !== promotion.version) {
        throw new DomainError('version_conflict', 'the promotion has been changed since: read it again');
      }
      throw new DomainError('conflict', `${now.redeemed} orders hold it already: the limit cannot be less`);
    });
  }

  async delete(id: string): Promise<boolean> {
    const { affected } = await this.sql.run(
      `DELETE FROM promotions WHERE id = ?
         AND NOT EXISTS (SELECT 1 FROM promotion_redemptions r WHERE r.promotion_id = ?)`,
      [id, id],
    );
    return affected === 1;
  }

  /** Only limits need the row's lock: a promotion without any never makes one checkout wait for another. */
  async redeem(promotion: Promotion, redemption: Redemption): Promise<boolean> {
    const { totalLimit, perCustomerLimit } = promotion;
    if (totalLimit !== undefined && !(await this.#count(promotion.id))) return false;
    let slot: number | undefined;
    if (perCustomerLimit !== undefined && redemption.customerKey !== undefined) {
      slot = await this.#freeSlot(promotion.id, redemption.customerKey, perCustomerLimit);
      if (slot === undefined) return false;
    }
    const { id, promotionId, orderId, customerKey, saving, currency, at } = redemption;
    try {
      await insertRows(this.sql, 'promotion_redemptions', REDEMPTION_COLUMNS, [
        [id, promotionId, orderId, customerKey, slot, saving, currency, at],
      ]);
      return true;
    } catch (error) {
      // Another order of the same customer took the slot since we looked.
      if (slot === undefined || violatedKey(error) === undefined) throw error;
      return false;
    }
  }

  async #count(id: string): Promise<boolean> {
    const { affected } = await this.sql.run(
      'UPDATE promotions SET redeemed = redeemed + 1 WHERE id = ? AND active = ? AND redeemed < total_limit',
      [id, true],
    );
    return affected === 1;
  }

  /**
   * Orders of before there was a limit have no slot, and count all the same. Everybody takes the first one that is free:
   * so of two that see the same, one must give way.
   */
  async #freeSlot(promotionId: string, customer: string, limit: number): Promise<number | undefined> {
    const rows = await this.sql.query<{ slot: number | null }>(
      'SELECT slot FROM promotion_redemptions WHERE promotion_id = ? AND customer_key = ? AND released_at IS NULL',
      [promotionId, customer],
    );
    if (rows.length >= limit) return undefined;
    const taken = new Set(rows.map((row) => row.slot));
    for (let slot = 1; slot <= limit; slot++) if (!taken.has(slot)) return slot;
    return undefined;
  }

  async rekey(orderId: string, customer: string): Promise<void> {
    // The slot may be another's under this key: without one it counts all the same.
    await this.sql.run(
      'UPDATE promotion_redemptions SET customer_key = ?, slot = NULL WHERE order_id = ? AND customer_key <> ?',
      [customer, orderId, customer],
    );
  }

  async release(orderId: string, at: Date): Promise<void> {
    const held = await this.sql.query<{ promotion_id: string }>(
      'SELECT promotion_id FROM promotion_redemptions WHERE order_id = ? AND released_at IS NULL',
      [orderId],
    );
    if (held.length === 0) return;
    const ids = held.map((row) => row.promotion_id).sort();
    // The promotions first, as when they are redeemed: the same order of locks.
    await this.sql.run(
      `UPDATE promotions SET redeemed = redeemed - 1 WHERE total_limit IS NOT NULL AND id IN (${list(ids.length)})`,
      ids,
    );
    await this.sql.run(
      'UPDATE promotion_redemptions SET released_at = ?, slot = NULL WHERE order_id = ? AND released_at IS NULL',
      [at, orderId],
    );
  }
}

async function unlessTaken<T>(write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    if (violatedKey(error) === undefined) throw error;
    throw new DomainError('already_exists', 'this code is taken', {
      issues: [{ path: 'code', message: 'is taken' }],
      cause: error,
    });
  }
}

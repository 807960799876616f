import type { PromotionReadModel } from '../../../domain/promotions/promotion.store.ts';
import type { Candidate, Promotion } from '../../../domain/promotions/promotion.ts';
import {
  decodeCursor,
  encodeCursor,
  type Page,
  type PageRequest,
  toPage,
} from '../../../domain/shared/page.ts';
import type { Sql } from '../sql.ts';
import { type RawInteger, toInt } from '../values.ts';
import { PROMOTION_SELECT, type PromotionRow, toPromotion } from './promotion-rows.ts';

const SORT = 'promotions';

export class SqlPromotionReadModel implements PromotionReadModel {
  protected readonly sql: Sql;

  constructor(sql: Sql) {
    this.sql = sql;
  }

  /** Automatic ones that ended stay out; a coupon that ended comes, so that one can say so. */
  async candidates({
    code,
    customer,
    at,
  }: Parameters<PromotionReadModel['candidates']>[0]): Promise<Candidate[]> {
    const isAccount = customer !== undefined && 'userId' in customer;
    const key = isAccount ? '(SELECT COALESCE(u.email, u.id) FROM users u WHERE u.id = ?)' : '?';
    const rows = await this.sql.query<PromotionRow & { used: RawInteger }>(
      `SELECT ${PROMOTION_SELECT}, (SELECT COUNT(*) FROM promotion_redemptions r
         WHERE r.promotion_id = p.id AND r.customer_key = ${key} AND r.released_at IS NULL) AS used
       FROM promotions p
       WHERE p.active = ? AND (p.code = ? OR (p.code IS NULL AND (p.ends_at IS NULL OR p.ends_at > ?)))
       ORDER BY p.id`,
      [isAccount ? customer.userId : customer?.key, true, code, at],
    );
    return rows.map((row) => ({ promotion: toPromotion(row), usedByCustomer: toInt(row.used) }));
  }

  async page({ limit, cursor }: PageRequest): Promise<Page<Promotion>> {
    const rows = await this.sql.query<PromotionRow>(
      `SELECT ${PROMOTION_SELECT} FROM promotions p ${cursor === undefined ? '' : 'WHERE p.id < ?'}
       ORDER BY p.id DESC LIMIT ${limit + 1}`,
      cursor === undefined ? [] : decodeCursor(cursor, SORT, 1),
    );
    return toPage(rows.map(toPromotion), limit, (promotion) => encodeCursor(SORT, [promotion.id]));
  }

  async find(id: string): Promise<Promotion | undefined> {
    const [row] = await this.sql.query<PromotionRow>(
      `SELECT ${PROMOTION_SELECT} FROM promotions p WHERE p.id = ?`,
      [id],
    );
    return row && toPromotion(row);
  }
}

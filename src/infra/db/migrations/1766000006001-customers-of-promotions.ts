import type { MigrationInterface, QueryRunner } from 'typeorm';
import { isSqlite } from './columns.ts';

const OWNED = 'order_id IN (SELECT id FROM orders WHERE user_id IS NOT NULL)';

/**
 * Who redeemed a promotion is told by his e-mail address alone, whether he had an account or not; that of an account
 * without one by its id. What gets another key gives its slot up, for it may be taken: it counts all the same.
 */
export class CustomersOfPromotions1766000006001 implements MigrationInterface {
  readonly name = 'CustomersOfPromotions1766000006001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `UPDATE promotion_redemptions SET slot = NULL, customer_key = (SELECT COALESCE(u.email, u.id)
         FROM orders o JOIN users u ON u.id = o.user_id WHERE o.id = promotion_redemptions.order_id) WHERE ${OWNED}`,
    );
    await runner.query(
      "UPDATE promotion_redemptions SET customer_key = SUBSTR(customer_key, 7) WHERE customer_key LIKE 'email:%'",
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    const joined = (prefix: string, value: string): string =>
      isSqlite(runner) ? `'${prefix}' || ${value}` : `CONCAT('${prefix}', ${value})`;
    await runner.query(
      `UPDATE promotion_redemptions SET customer_key = ${joined('email:', 'customer_key')}
       WHERE customer_key IS NOT NULL AND NOT (${OWNED})`,
    );
    await runner.query(
      `UPDATE promotion_redemptions SET slot = NULL, customer_key = (SELECT ${joined('user:', 'o.user_id')}
         FROM orders o WHERE o.id = promotion_redemptions.order_id) WHERE ${OWNED}`,
    );
  }
}

import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What the buyer saw: null for items of before, and for those whose price nobody was shown. */
export class CartPrices1765000001002 implements MigrationInterface {
  readonly name = 'CartPrices1765000001002';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE cart_items ADD COLUMN seen_price bigint');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE cart_items DROP COLUMN seen_price');
  }
}

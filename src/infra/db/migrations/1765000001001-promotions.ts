import type { MigrationInterface, QueryRunner } from 'typeorm';
import {
  bigint,
  boolean,
  createTable,
  datetime,
  int,
  isSqlite,
  json,
  NULL,
  primaryUuid,
  references,
  unique,
  uuid,
  varchar,
} from './columns.ts';

export class Promotions1765000001001 implements MigrationInterface {
  readonly name = 'Promotions1765000001001';

  async up(runner: QueryRunner): Promise<void> {
    await createPromotions(runner);
    await createRedemptions(runner);
    // Not TypeORM's addColumn, which on SQLite makes the table anew, and loses what refers to it.
    await runner.query('ALTER TABLE carts ADD COLUMN coupon_code varchar(40)');
    await runner.query('ALTER TABLE order_lines ADD COLUMN discount bigint NOT NULL DEFAULT 0');
    await runner.query('ALTER TABLE orders ADD COLUMN promotions json');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE orders DROP COLUMN promotions');
    await runner.query('ALTER TABLE order_lines DROP COLUMN discount');
    await runner.query('ALTER TABLE carts DROP COLUMN coupon_code');
    await runner.dropTable('promotion_redemptions');
    await runner.dropTable('promotions');
  }
}

async function createPromotions(runner: QueryRunner): Promise<void> {
  await createTable(runner, 'promotions', {
    columns: [
      primaryUuid(),
      varchar('name', 120),
      varchar('code', 40, NULL),
      varchar('kind', 20),
      int('basis_points', NULL),
      json('amounts'),
      json('minimums'),
      datetime('starts_at', NULL),
      datetime('ends_at', NULL),
      int('total_limit', NULL),
      int('per_customer_limit', NULL),
      int('redeemed'),
      boolean('active'),
      datetime('updated_at'),
      int('version'),
    ],
    indices: [unique('uq_promotions_code', ['code'])],
  });
  // Behind the conditional updates, where the server enforces it (MySQL from 8.0.16, MariaDB).
  if (!isSqlite(runner)) {
    await runner.query(
      'ALTER TABLE promotions ADD CONSTRAINT ck_promotions_redeemed CHECK (redeemed >= 0 AND (total_limit IS NULL OR redeemed <= total_limit))',
    );
  }
}

/** A held slot of a customer is unique; given back, it is null, which any number of rows may be. */
async function createRedemptions(runner: QueryRunner): Promise<void> {
  await createTable(runner, 'promotion_redemptions', {
    columns: [
      primaryUuid(),
      uuid('promotion_id'),
      uuid('order_id'),
      varchar('customer_key', 300, NULL),
      int('slot', NULL),
      bigint('saving'),
      varchar('currency', 3),
      datetime('created_at'),
      datetime('released_at', NULL),
    ],
    indices: [
      unique('uq_promotion_redemptions_order', ['order_id', 'promotion_id']),
      unique('uq_promotion_redemptions_slot', ['promotion_id', 'customer_key', 'slot']),
    ],
    foreignKeys: [
      references('fk_promotion_redemptions_promotion', 'promotion_id', 'promotions'),
      references('fk_promotion_redemptions_order', 'order_id', 'orders'),
    ],
  });
}

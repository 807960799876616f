import type { MigrationInterface, QueryRunner } from 'typeorm';
import {
  createTable,
  datetime,
  index,
  int,
  NULL,
  PRIMARY,
  primaryUuid,
  references,
  unique,
  uuid,
  varchar,
} from './columns.ts';

export class Carts1764000003001 implements MigrationInterface {
  readonly name = 'Carts1764000003001';

  async up(runner: QueryRunner): Promise<void> {
    await createTable(runner, 'carts', {
      columns: [
        primaryUuid(),
        uuid('user_id', NULL),
        varchar('token_hash', 64, NULL),
        varchar('currency', 3),
        datetime('created_at'),
        datetime('updated_at'),
        int('version'),
      ],
      indices: [unique('uq_carts_user', ['user_id']), unique('uq_carts_token', ['token_hash'])],
      foreignKeys: [references('fk_carts_user', 'user_id', 'users', 'CASCADE')],
    });
    await createTable(runner, 'cart_items', {
      columns: [uuid('cart_id', PRIMARY), uuid('variant_id', PRIMARY), int('quantity'), datetime('added_at')],
      indices: [index('idx_cart_items_variant', ['variant_id'])],
      foreignKeys: [
        references('fk_cart_items_cart', 'cart_id', 'carts', 'CASCADE'),
        references('fk_cart_items_variant', 'variant_id', 'variants'),
      ],
    });
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('cart_items');
    await runner.dropTable('carts');
  }
}

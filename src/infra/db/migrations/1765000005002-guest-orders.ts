import type { MigrationInterface, QueryRunner } from 'typeorm';
import {
  createTable,
  datetime,
  index,
  NULL,
  PRIMARY,
  primaryUuid,
  references,
  unique,
  uuid,
  varchar,
} from './columns.ts';

export class GuestOrders1765000005002 implements MigrationInterface {
  readonly name = 'GuestOrders1765000005002';

  async up(runner: QueryRunner): Promise<void> {
    await createTable(runner, 'guest_orders', {
      columns: [uuid('order_id', PRIMARY), varchar('token_hash', 64), datetime('created_at')],
      indices: [unique('uq_guest_orders_token', ['token_hash'])],
      foreignKeys: [references('fk_guest_orders_order', 'order_id', 'orders')],
    });
    await createTable(runner, 'order_claims', {
      columns: [
        primaryUuid(),
        uuid('order_id'),
        varchar('token_hash', 64),
        datetime('created_at'),
        datetime('expires_at'),
        datetime('spent_at', NULL),
      ],
      indices: [
        unique('uq_order_claims_token', ['token_hash']),
        index('idx_order_claims_order', ['order_id', 'created_at']),
      ],
      foreignKeys: [references('fk_order_claims_order', 'order_id', 'orders')],
    });
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('order_claims');
    await runner.dropTable('guest_orders');
  }
}

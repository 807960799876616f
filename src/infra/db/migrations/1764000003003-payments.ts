import type { MigrationInterface, QueryRunner } from 'typeorm';
import {
  bigint,
  createTable,
  datetime,
  index,
  int,
  json,
  NULL,
  PRIMARY,
  primaryUuid,
  references,
  unique,
  uuid,
  varchar,
} from './columns.ts';

export class Payments1764000003003 implements MigrationInterface {
  readonly name = 'Payments1764000003003';

  async up(runner: QueryRunner): Promise<void> {
    await createTable(runner, 'payments', {
      columns: [
        primaryUuid(),
        uuid('order_id'),
        // The order's id while the attempt is active, else NULL: the unique key allows one active attempt per order.
        uuid('active_order_id', NULL),
        varchar('provider', 20),
        varchar('provider_reference', 255, NULL),
        varchar('status', 20),
        bigint('amount'),
        varchar('currency', 3),
        varchar('failure_code', 60, NULL),
        varchar('next_action_url', 1000, NULL),
        datetime('created_at'),
        datetime('updated_at'),
        int('version'),
      ],
      indices: [
        unique('uq_payments_active_order', ['active_order_id']),
        index('idx_payments_order', ['order_id', 'id']),
        index('idx_payments_status', ['status', 'updated_at']),
      ],
      foreignKeys: [references('fk_payments_order', 'order_id', 'orders')],
    });
    await createTable(runner, 'payment_webhooks', {
      columns: [
        varchar('provider', 20, PRIMARY),
        varchar('event_id', 100, PRIMARY),
        datetime('received_at'),
        json('payload'),
      ],
      indices: [index('idx_payment_webhooks_received', ['received_at'])],
    });
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('payment_webhooks');
    await runner.dropTable('payments');
  }
}

import type { MigrationInterface, QueryRunner } from 'typeorm';
import {
  bigint,
  createTable,
  datetime,
  index,
  int,
  json,
  NULL,
  primaryUuid,
  references,
  unique,
  uuid,
  varchar,
} from './columns.ts';

export class Orders1764000003002 implements MigrationInterface {
  readonly name = 'Orders1764000003002';

  async up(runner: QueryRunner): Promise<void> {
    await createOrders(runner);
    await createLines(runner);
    await createTable(runner, 'order_history', {
      columns: [
        primaryUuid(),
        uuid('order_id'),
        varchar('from_status', 20, NULL),
        varchar('to_status', 20),
        varchar('actor', 100),
        varchar('reason', 500, NULL),
        datetime('at'),
      ],
      indices: [index('idx_order_history_order', ['order_id', 'id'])],
      foreignKeys: [references('fk_order_history_order', 'order_id', 'orders')],
    });
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('order_history');
    await runner.dropTable('order_lines');
    await runner.dropTable('orders');
  }
}

async function createOrders(runner: QueryRunner): Promise<void> {
  await createTable(runner, 'orders', {
    columns: [
      primaryUuid(),
      varchar('number', 20),
      uuid('user_id', NULL),
      varchar('status', 20),
      varchar('currency', 3),
      bigint('items_total'),
      bigint('shipping_total'),
      bigint('discount_total'),
      bigint('tax_total'),
      bigint('duty_total'),
      bigint('total'),
      json('shipping_address'),
      uuid('identity_id', NULL),
      varchar('locale', 5),
      varchar('email', 254, NULL),
      varchar('note', 500, NULL),
      int('version'),
      int('event_sequence'),
      datetime('placed_at'),
      datetime('updated_at'),
      datetime('expires_at'),
      datetime('confirmed_at', NULL),
    ],
    indices: [
      unique('uq_orders_number', ['number']),
      index('idx_orders_user', ['user_id', 'placed_at', 'id']),
      index('idx_orders_placed', ['placed_at', 'id']),
      index('idx_orders_status', ['status', 'expires_at']),
    ],
    foreignKeys: [references('fk_orders_user', 'user_id', 'users')],
  });
}

/** No foreign key to the catalogue: a line is frozen, and locks nothing that others sell. */
async function createLines(runner: QueryRunner): Promise<void> {
  await createTable(runner, 'order_lines', {
    columns: [
      primaryUuid(),
      uuid('order_id'),
      int('position'),
      uuid('variant_id'),
      varchar('sku', 40),
      varchar('name', 200),
      json('options'),
      varchar('hs_code', 10),
      varchar('origin_country', 2),
      int('weight_grams'),
      uuid('warehouse_id'),
      bigint('unit_price'),
      int('quantity'),
      bigint('total'),
    ],
    indices: [
      unique('uq_order_lines_position', ['order_id', 'position']),
      index('idx_order_lines_variant', ['variant_id']),
    ],
    foreignKeys: [references('fk_order_lines_order', 'order_id', 'orders')],
  });
}

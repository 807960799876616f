import type { MigrationInterface, QueryRunner } from 'typeorm';
import {
  createTable,
  datetime,
  index,
  int,
  isSqlite,
  NULL,
  primaryUuid,
  references,
  unique,
  uuid,
  varchar,
} from './columns.ts';

export class Inventory1764000002003 implements MigrationInterface {
  readonly name = 'Inventory1764000002003';

  async up(runner: QueryRunner): Promise<void> {
    await createTable(runner, 'warehouses', {
      columns: [primaryUuid(), varchar('code', 20), varchar('name', 120), varchar('country', 2)],
      indices: [unique('uq_warehouses_code', ['code'])],
    });
    await createStock(runner);
    await createReservations(runner);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['reservations', 'stock_adjustments', 'stock_levels', 'warehouses']) {
      await runner.dropTable(table);
    }
  }
}

async function createStock(runner: QueryRunner): Promise<void> {
  await createTable(runner, 'stock_levels', {
    columns: [
      primaryUuid(),
      uuid('variant_id'),
      uuid('warehouse_id'),
      int('on_hand'),
      int('reserved'),
      int('low_stock_threshold'),
      int('event_sequence'),
      datetime('updated_at'),
    ],
    indices: [
      unique('uq_stock_levels_variant_warehouse', ['variant_id', 'warehouse_id']),
      index('idx_stock_levels_warehouse', ['warehouse_id']),
    ],
    foreignKeys: [
      references('fk_stock_levels_variant', 'variant_id', 'variants'),
      references('fk_stock_levels_warehouse', 'warehouse_id', 'warehouses'),
    ],
  });
  // Behind the conditional updates, where the server enforces it (MySQL from 8.0.16, MariaDB).
  if (!isSqlite(runner)) {
    await runner.query(
      'ALTER TABLE stock_levels ADD CONSTRAINT ck_stock_levels_reserved CHECK (reserved >= 0 AND reserved <= on_hand)',
    );
  }
  await createTable(runner, 'stock_adjustments', {
    columns: [
      primaryUuid(),
      uuid('stock_level_id'),
      int('delta'),
      varchar('reason', 200),
      varchar('actor', 100),
      datetime('created_at'),
    ],
    indices: [index('idx_stock_adjustments_level', ['stock_level_id', 'created_at'])],
    foreignKeys: [references('fk_stock_adjustments_level', 'stock_level_id', 'stock_levels')],
  });
}

async function createReservations(runner: QueryRunner): Promise<void> {
  await createTable(runner, 'reservations', {
    columns: [
      primaryUuid(),
      uuid('order_id'),
      uuid('order_line_id'),
      uuid('stock_level_id'),
      int('quantity'),
      varchar('status', 20),
      datetime('expires_at'),
      datetime('created_at'),
      datetime('closed_at', NULL),
    ],
    indices: [
      index('idx_reservations_order', ['order_id', 'status']),
      index('idx_reservations_level', ['stock_level_id', 'status']),
      index('idx_reservations_expires', ['status', 'expires_at']),
    ],
    foreignKeys: [references('fk_reservations_level', 'stock_level_id', 'stock_levels')],
  });
}

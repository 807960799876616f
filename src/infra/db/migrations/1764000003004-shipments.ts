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
  uuid,
  varchar,
} from './columns.ts';

export class Shipments1764000003004 implements MigrationInterface {
  readonly name = 'Shipments1764000003004';

  async up(runner: QueryRunner): Promise<void> {
    await createTable(runner, 'shipments', {
      columns: [
        primaryUuid(),
        uuid('order_id'),
        varchar('carrier', 60),
        varchar('tracking_number', 100),
        varchar('tracking_url', 500, NULL),
        varchar('status', 20),
        datetime('shipped_at'),
        datetime('delivered_at', NULL),
      ],
      indices: [
        index('idx_shipments_order', ['order_id', 'id']),
        index('idx_shipments_tracking', ['carrier', 'tracking_number']),
      ],
      foreignKeys: [references('fk_shipments_order', 'order_id', 'orders')],
    });
    await createTable(runner, 'shipment_lines', {
      columns: [uuid('shipment_id', PRIMARY), uuid('order_line_id', PRIMARY), int('quantity')],
      indices: [index('idx_shipment_lines_line', ['order_line_id'])],
      foreignKeys: [
        references('fk_shipment_lines_shipment', 'shipment_id', 'shipments'),
        references('fk_shipment_lines_line', 'order_line_id', 'order_lines'),
      ],
    });
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('shipment_lines');
    await runner.dropTable('shipments');
  }
}

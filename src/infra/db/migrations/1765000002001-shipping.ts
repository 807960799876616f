import type { MigrationInterface, QueryRunner } from 'typeorm';
import {
  boolean,
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

export class Shipping1765000002001 implements MigrationInterface {
  readonly name = 'Shipping1765000002001';

  async up(runner: QueryRunner): Promise<void> {
    await createTable(runner, 'shipping_zones', {
      columns: [primaryUuid(), varchar('code', 40), varchar('name', 120), int('version')],
      indices: [unique('uq_shipping_zones_code', ['code'])],
    });
    await createTable(runner, 'shipping_zone_countries', {
      columns: [varchar('country', 2, PRIMARY), uuid('zone_id')],
      indices: [index('idx_shipping_zone_countries_zone', ['zone_id'])],
      foreignKeys: [references('fk_shipping_zone_countries_zone', 'zone_id', 'shipping_zones', 'CASCADE')],
    });
    await createTable(runner, 'shipping_methods', {
      columns: [
        primaryUuid(),
        uuid('zone_id'),
        varchar('code', 40),
        varchar('name', 120),
        varchar('basis', 10),
        int('min_days', NULL),
        int('max_days', NULL),
        int('position'),
        boolean('active'),
        json('rates'),
        datetime('updated_at'),
        int('version'),
      ],
      indices: [
        unique('uq_shipping_methods_code', ['code']),
        index('idx_shipping_methods_zone', ['zone_id']),
      ],
      foreignKeys: [references('fk_shipping_methods_zone', 'zone_id', 'shipping_zones')],
    });
    // Not TypeORM's addColumn, which on SQLite makes the table anew, and loses what refers to it.
    await runner.query('ALTER TABLE orders ADD COLUMN shipping_method json');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE orders DROP COLUMN shipping_method');
    for (const table of ['shipping_methods', 'shipping_zone_countries', 'shipping_zones']) {
      await runner.dropTable(table);
    }
  }
}

import type { MigrationInterface, QueryRunner } from 'typeorm';
import {
  bigint,
  createTable,
  datetime,
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

const LINE_QUOTE = ['customs_value', 'quoted_duty', 'quoted_tax', 'quoted_fees'];

export class LandedCost1766000002002 implements MigrationInterface {
  readonly name = 'LandedCost1766000002002';

  async up(runner: QueryRunner): Promise<void> {
    await createTable(runner, 'tariff_rates', {
      columns: [
        primaryUuid(),
        varchar('market', 2),
        varchar('hs_prefix', 10),
        varchar('origin', 2),
        varchar('programme', 40),
        int('ad_valorem_ppm'),
        varchar('currency', 3, NULL),
        varchar('unit', 10, NULL),
        bigint('specific_micros', NULL),
        bigint('min_micros', NULL),
        bigint('max_micros', NULL),
        datetime('valid_from'),
        datetime('valid_to', NULL),
        varchar('source', 200),
      ],
      indices: [unique('uq_tariff_rates_line', ['market', 'hs_prefix', 'origin', 'programme', 'valid_from'])],
    });
    await createTable(runner, 'order_landed_costs', {
      columns: [
        uuid('order_id', PRIMARY),
        varchar('country', 2),
        varchar('status', 20),
        varchar('confidence', 20, NULL),
        bigint('duty', NULL),
        bigint('tax', NULL),
        bigint('fees', NULL),
        json('rules'),
        json('rates'),
        json('reasons'),
        datetime('computed_at'),
      ],
      foreignKeys: [references('fk_order_landed_costs_order', 'order_id', 'orders')],
    });
    // Not TypeORM's addColumn, which on SQLite makes the table anew, and loses what refers to it.
    await runner.query("ALTER TABLE orders ADD COLUMN incoterm varchar(3) NOT NULL DEFAULT 'DAP'");
    await runner.query('ALTER TABLE order_lines ADD COLUMN tax bigint NOT NULL DEFAULT 0');
    await runner.query('ALTER TABLE order_lines ADD COLUMN duty bigint NOT NULL DEFAULT 0');
    for (const column of LINE_QUOTE)
      await runner.query(`ALTER TABLE order_lines ADD COLUMN ${column} bigint`);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const column of ['tax', 'duty', ...LINE_QUOTE]) {
      await runner.query(`ALTER TABLE order_lines DROP COLUMN ${column}`);
    }
    await runner.query('ALTER TABLE orders DROP COLUMN incoterm');
    await runner.dropTable('order_landed_costs');
    await runner.dropTable('tariff_rates');
  }
}

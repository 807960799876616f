import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createTable, datetime, primaryUuid, unique, varchar } from './columns.ts';

export class ExchangeRates1766000002001 implements MigrationInterface {
  readonly name = 'ExchangeRates1766000002001';

  async up(runner: QueryRunner): Promise<void> {
    await createTable(runner, 'exchange_rates', {
      columns: [
        primaryUuid(),
        varchar('base', 3),
        varchar('quote', 3),
        varchar('rate', 30),
        datetime('valid_from'),
        varchar('source', 200),
        datetime('created_at'),
      ],
      indices: [unique('uq_exchange_rates_pair', ['base', 'quote', 'valid_from'])],
    });
    // Not TypeORM's addColumn, which on SQLite makes the table anew, and loses what refers to it.
    await runner.query('ALTER TABLE orders ADD COLUMN exchange_rate json');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE orders DROP COLUMN exchange_rate');
    await runner.dropTable('exchange_rates');
  }
}

import type { MigrationInterface, QueryRunner } from 'typeorm';
import { isSqlite } from './columns.ts';

/**
 * What becomes of refunds that failed, what a return really gave back, and which payment an Idempotency-Key began.
 * Null for what was there before, but for returns, which gave back all that they owed.
 */
export class PaymentCare1766000001001 implements MigrationInterface {
  readonly name = 'PaymentCare1766000001001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE refunds ADD COLUMN replaced_by varchar(36)');
    await runner.query('ALTER TABLE refunds ADD COLUMN closed_note varchar(500)');
    await runner.query('CREATE INDEX idx_refunds_status_id ON refunds (status, id)');
    await runner.query('ALTER TABLE order_returns ADD COLUMN refunded_amount bigint');
    await runner.query(
      `UPDATE order_returns SET refunded_amount = (SELECT SUM(l.amount) FROM order_return_lines l
         WHERE l.return_id = order_returns.id) WHERE status = 'refunded'`,
    );
    await runner.query('ALTER TABLE idempotency_keys ADD COLUMN subject varchar(36)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE idempotency_keys DROP COLUMN subject');
    await runner.query('ALTER TABLE order_returns DROP COLUMN refunded_amount');
    // MySQL and MariaDB name the table, SQLite does not take it.
    await runner.query(`DROP INDEX idx_refunds_status_id${isSqlite(runner) ? '' : ' ON refunds'}`);
    await runner.query('ALTER TABLE refunds DROP COLUMN closed_note');
    await runner.query('ALTER TABLE refunds DROP COLUMN replaced_by');
  }
}

import type { MigrationInterface, QueryRunner } from 'typeorm';
import { isSqlite } from './columns.ts';

/** A history is told in the order of its steps, whatever the clocks of the hosts that made their ids said. */
export class OrderHistoryPosition1766000006002 implements MigrationInterface {
  readonly name = 'OrderHistoryPosition1766000006002';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE order_history ADD COLUMN position integer NOT NULL DEFAULT 0');
    // An order comes to each status once at most, and an end is the last one: no clock is needed for what there is.
    // Steps to come count from one, so these stand before them.
    await runner.query(
      `UPDATE order_history SET position = CASE to_status
         WHEN 'pending_payment' THEN -3 WHEN 'authorized' THEN -2 WHEN 'paid' THEN -1 ELSE 0 END`,
    );
    await runner.query('CREATE UNIQUE INDEX uq_order_history_position ON order_history (order_id, position)');
    await dropIndex(runner, 'idx_order_history_order');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE INDEX idx_order_history_order ON order_history (order_id, id)');
    await dropIndex(runner, 'uq_order_history_position');
    await runner.query('ALTER TABLE order_history DROP COLUMN position');
  }
}

/** MySQL and MariaDB name the table, SQLite does not take it. */
const dropIndex = (runner: QueryRunner, name: string): Promise<unknown> =>
  runner.query(`DROP INDEX ${name}${isSqlite(runner) ? '' : ' ON order_history'}`);

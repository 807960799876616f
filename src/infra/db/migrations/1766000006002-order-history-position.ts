import { type MigrationInterface, type QueryRunner, TableIndex } from 'typeorm';
import { index, unique } from './columns.ts';

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
    await runner.createIndex(
      'order_history',
      new TableIndex(unique('uq_order_history_position', ['order_id', 'position'])),
    );
    await runner.dropIndex('order_history', 'idx_order_history_order');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.createIndex(
      'order_history',
      new TableIndex(index('idx_order_history_order', ['order_id', 'id'])),
    );
    await runner.dropIndex('order_history', 'uq_order_history_position');
    await runner.query('ALTER TABLE order_history DROP COLUMN position');
  }
}

import { type MigrationInterface, type QueryRunner, TableIndex } from 'typeorm';
import { index, unique } from './columns.ts';

/** A return's history too is told in the order of its steps. */
export class ReturnHistoryPosition1766000006003 implements MigrationInterface {
  readonly name = 'ReturnHistoryPosition1766000006003';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE order_return_history ADD COLUMN position integer NOT NULL DEFAULT 0');
    await runner.query(
      `UPDATE order_return_history SET position = CASE to_status
         WHEN 'requested' THEN 1 WHEN 'approved' THEN 2 WHEN 'received' THEN 3 ELSE 4 END`,
    );
    await runner.createIndex(
      'order_return_history',
      new TableIndex(unique('uq_order_return_history_position', ['return_id', 'position'])),
    );
    await runner.dropIndex('order_return_history', 'idx_order_return_history_return');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.createIndex(
      'order_return_history',
      new TableIndex(index('idx_order_return_history_return', ['return_id', 'id'])),
    );
    await runner.dropIndex('order_return_history', 'uq_order_return_history_position');
    await runner.query('ALTER TABLE order_return_history DROP COLUMN position');
  }
}

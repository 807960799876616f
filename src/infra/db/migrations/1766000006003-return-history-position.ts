import type { MigrationInterface, QueryRunner } from 'typeorm';
import { isSqlite } from './columns.ts';

/** A return's history too is told in the order of its steps. */
export class ReturnHistoryPosition1766000006003 implements MigrationInterface {
  readonly name = 'ReturnHistoryPosition1766000006003';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE order_return_history ADD COLUMN position integer NOT NULL DEFAULT 0');
    await runner.query(
      `UPDATE order_return_history SET position = CASE to_status
         WHEN 'requested' THEN 1 WHEN 'approved' THEN 2 WHEN 'received' THEN 3 ELSE 4 END`,
    );
    await runner.query(
      'CREATE UNIQUE INDEX uq_order_return_history_position ON order_return_history (return_id, position)',
    );
    await dropIndex(runner, 'idx_order_return_history_return');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'CREATE INDEX idx_order_return_history_return ON order_return_history (return_id, id)',
    );
    await dropIndex(runner, 'uq_order_return_history_position');
    await runner.query('ALTER TABLE order_return_history DROP COLUMN position');
  }
}

/** MySQL and MariaDB name the table, SQLite does not take it. */
const dropIndex = (runner: QueryRunner, name: string): Promise<unknown> =>
  runner.query(`DROP INDEX ${name}${isSqlite(runner) ? '' : ' ON order_return_history'}`);

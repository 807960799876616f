import type { MigrationInterface, QueryRunner } from 'typeorm';
import {
  bigint,
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

export class CancellationsAndReturns1765000003001 implements MigrationInterface {
  readonly name = 'CancellationsAndReturns1765000003001';

  async up(runner: QueryRunner): Promise<void> {
    await createCancellations(runner);
    await createReturns(runner);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of [
      'order_return_history',
      'order_return_lines',
      'order_returns',
      'order_cancellation_lines',
      'order_cancellations',
    ]) {
      await runner.dropTable(table);
    }
  }
}

async function createCancellations(runner: QueryRunner): Promise<void> {
  await createTable(runner, 'order_cancellations', {
    columns: [
      primaryUuid(),
      uuid('order_id'),
      varchar('actor', 100),
      varchar('reason', 500, NULL),
      bigint('amount'),
      datetime('at'),
    ],
    indices: [index('idx_order_cancellations_order', ['order_id', 'id'])],
    foreignKeys: [references('fk_order_cancellations_order', 'order_id', 'orders')],
  });
  await createTable(runner, 'order_cancellation_lines', {
    columns: [
      uuid('cancellation_id', PRIMARY),
      uuid('order_line_id', PRIMARY),
      int('quantity'),
      bigint('amount'),
    ],
    indices: [index('idx_order_cancellation_lines_line', ['order_line_id'])],
    foreignKeys: [
      references('fk_order_cancellation_lines_cancellation', 'cancellation_id', 'order_cancellations'),
      references('fk_order_cancellation_lines_line', 'order_line_id', 'order_lines'),
    ],
  });
}

async function createReturns(runner: QueryRunner): Promise<void> {
  await createTable(runner, 'order_returns', {
    columns: [
      primaryUuid(),
      uuid('order_id'),
      varchar('status', 20),
      datetime('created_at'),
      datetime('updated_at'),
    ],
    indices: [
      index('idx_order_returns_order', ['order_id', 'id']),
      index('idx_order_returns_status', ['status', 'id']),
    ],
    foreignKeys: [references('fk_order_returns_order', 'order_id', 'orders')],
  });
  await createTable(runner, 'order_return_lines', {
    columns: [
      uuid('return_id', PRIMARY),
      uuid('order_line_id', PRIMARY),
      int('quantity'),
      varchar('reason', 200),
      int('restocked'),
      int('written_off'),
      bigint('amount'),
    ],
    indices: [index('idx_order_return_lines_line', ['order_line_id'])],
    foreignKeys: [
      references('fk_order_return_lines_return', 'return_id', 'order_returns'),
      references('fk_order_return_lines_line', 'order_line_id', 'order_lines'),
    ],
  });
  await createTable(runner, 'order_return_history', {
    columns: [
      primaryUuid(),
      uuid('return_id'),
      varchar('from_status', 20, NULL),
      varchar('to_status', 20),
      varchar('actor', 100),
      varchar('reason', 500, NULL),
      datetime('at'),
    ],
    indices: [index('idx_order_return_history_return', ['return_id', 'id'])],
    foreignKeys: [references('fk_order_return_history_return', 'return_id', 'order_returns')],
  });
}

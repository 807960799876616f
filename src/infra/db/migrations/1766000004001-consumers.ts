import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createTable, datetime, index, int, PRIMARY, uuid, varchar } from './columns.ts';

export class Consumers1766000004001 implements MigrationInterface {
  readonly name = 'Consumers1766000004001';

  async up(runner: QueryRunner): Promise<void> {
    await createTable(runner, 'consumer_positions', {
      columns: [
        varchar('consumer_group', 60, PRIMARY),
        varchar('aggregate_type', 40, PRIMARY),
        uuid('aggregate_id', PRIMARY),
        int('sequence'),
        datetime('updated_at'),
      ],
      indices: [index('idx_consumer_positions_updated_at', ['updated_at'])],
    });
    await createTable(runner, 'stock_projection', {
      columns: [
        uuid('stock_level_id', PRIMARY),
        uuid('variant_id'),
        uuid('warehouse_id'),
        int('on_hand'),
        int('reserved'),
        int('base_sequence'),
        datetime('updated_at'),
      ],
      indices: [index('idx_stock_projection_variant', ['variant_id'])],
    });
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('stock_projection');
    await runner.dropTable('consumer_positions');
  }
}

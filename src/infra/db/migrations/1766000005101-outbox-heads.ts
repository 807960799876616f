import { type MigrationInterface, type QueryRunner, TableIndex } from 'typeorm';
import { index } from './columns.ts';

const NAME = 'idx_outbox_head';

/** The heads of the outbox along one range, whatever waits behind them. */
export class OutboxHeads1766000005101 implements MigrationInterface {
  readonly name = 'OutboxHeads1766000005101';

  up(runner: QueryRunner): Promise<void> {
    return remake(runner, ['status', 'aggregate_id', 'aggregate_type', 'sequence']);
  }

  down(runner: QueryRunner): Promise<void> {
    return remake(runner, ['aggregate_type', 'aggregate_id', 'status', 'sequence']);
  }
}

async function remake(runner: QueryRunner, columns: string[]): Promise<void> {
  await runner.dropIndex('outbox', NAME);
  await runner.createIndex('outbox', new TableIndex(index(NAME, columns)));
}

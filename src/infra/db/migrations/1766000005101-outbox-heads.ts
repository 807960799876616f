import { type MigrationInterface, type QueryRunner, TableIndex } from 'typeorm';
import { index } from './columns.ts';

const NAME = 'idx_outbox_head';
const BY_OWNER = 'idx_outbox_lease_owner';

/** The heads of the outbox along one range, whatever waits behind them; leases are found by the ids they hold. */
export class OutboxHeads1766000005101 implements MigrationInterface {
  readonly name = 'OutboxHeads1766000005101';

  async up(runner: QueryRunner): Promise<void> {
    await remake(runner, ['status', 'aggregate_id', 'aggregate_type', 'sequence']);
    await runner.dropIndex('outbox', BY_OWNER);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.createIndex('outbox', new TableIndex(index(BY_OWNER, ['lease_owner'])));
    await remake(runner, ['aggregate_type', 'aggregate_id', 'status', 'sequence']);
  }
}

async function remake(runner: QueryRunner, columns: string[]): Promise<void> {
  await runner.dropIndex('outbox', NAME);
  await runner.createIndex('outbox', new TableIndex(index(NAME, columns)));
}

import { type MigrationInterface, type QueryRunner, TableIndex } from 'typeorm';
import { index } from './columns.ts';

/** Finds the guest carts that nobody came back to, however many carts of users are older. */
export class IdleCarts1764000005001 implements MigrationInterface {
  readonly name = 'IdleCarts1764000005001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.createIndex('carts', new TableIndex(index('idx_carts_idle', ['user_id', 'updated_at'])));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropIndex('carts', 'idx_carts_idle');
  }
}

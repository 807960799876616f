import { type MigrationInterface, type QueryRunner, TableIndex } from 'typeorm';
import { index } from './columns.ts';

const TABLE = 'consumer_dead_letters';
const NAME = 'idx_consumer_dead_letters_event';

/** Whether a group has buried an event is asked when the log brings one that the group is past. */
export class DeadLettersByEvent1766000009001 implements MigrationInterface {
  readonly name = 'DeadLettersByEvent1766000009001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.createIndex(TABLE, new TableIndex(index(NAME, ['consumer_group', 'event_id'])));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropIndex(TABLE, NAME);
  }
}

import { type MigrationInterface, type QueryRunner, TableIndex } from 'typeorm';
import { unique } from './columns.ts';

const TABLE = 'consumer_dead_letters';
const NAME = 'uq_consumer_dead_letters_message';
const PLACE = ['consumer_group', 'topic', 'partition_number', 'position'];

/** A topic that is made anew counts its offsets from zero: a dead letter is known by what it holds, too. */
export class DeadLetterMessages1766000008001 implements MigrationInterface {
  readonly name = 'DeadLetterMessages1766000008001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE ${TABLE} ADD COLUMN message_hash varchar(64) NULL`);
    await runner.dropIndex(TABLE, NAME);
    await runner.createIndex(TABLE, new TableIndex(unique(NAME, [...PLACE, 'message_hash'])));
  }

  /** Fails where two messages of one offset are kept: neither may be lost. */
  async down(runner: QueryRunner): Promise<void> {
    await runner.dropIndex(TABLE, NAME);
    await runner.createIndex(TABLE, new TableIndex(unique(NAME, PLACE)));
    await runner.query(`ALTER TABLE ${TABLE} DROP COLUMN message_hash`);
  }
}

import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createTable, datetime, index, primaryUuid, references, unique, uuid, varchar } from './columns.ts';

export class ImporterIdentities1764000001003 implements MigrationInterface {
  readonly name = 'ImporterIdentities1764000001003';

  async up(runner: QueryRunner): Promise<void> {
    await createTable(runner, 'importer_identities', {
      columns: [
        primaryUuid(),
        uuid('user_id'),
        varchar('country', 2),
        varchar('kind', 30),
        varchar('full_name', 100),
        varchar('number_encrypted', 255),
        varchar('number_masked', 40),
        varchar('number_fingerprint', 64),
        varchar('status', 20),
        datetime('created_at'),
        datetime('updated_at'),
      ],
      indices: [
        unique('uq_importer_identities_number', ['user_id', 'number_fingerprint']),
        index('idx_importer_identities_status', ['status', 'created_at', 'id']),
      ],
      foreignKeys: [references('fk_importer_identities_user', 'user_id', 'users')],
    });
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('importer_identities');
  }
}

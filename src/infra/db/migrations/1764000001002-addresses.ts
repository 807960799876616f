import type { MigrationInterface, QueryRunner } from 'typeorm';
import {
  boolean,
  createTable,
  datetime,
  index,
  NULL,
  primaryUuid,
  references,
  uuid,
  varchar,
} from './columns.ts';

export class Addresses1764000001002 implements MigrationInterface {
  readonly name = 'Addresses1764000001002';

  async up(runner: QueryRunner): Promise<void> {
    await createTable(runner, 'addresses', {
      columns: [
        primaryUuid(),
        uuid('user_id'),
        varchar('label', 60, NULL),
        varchar('recipient', 100),
        varchar('organization', 100, NULL),
        varchar('line1', 120),
        varchar('line2', 120, NULL),
        varchar('line3', 120, NULL),
        varchar('district', 100, NULL),
        varchar('city', 100, NULL),
        varchar('region', 100, NULL),
        varchar('postal_code', 20, NULL),
        varchar('country', 2),
        varchar('phone', 20),
        boolean('is_default'),
        datetime('created_at'),
        datetime('updated_at'),
      ],
      indices: [index('idx_addresses_user', ['user_id', 'created_at'])],
      foreignKeys: [references('fk_addresses_user', 'user_id', 'users')],
    });
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('addresses');
  }
}

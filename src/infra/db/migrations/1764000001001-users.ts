import type { MigrationInterface, QueryRunner } from 'typeorm';
import { boolean, createTable, datetime, int, NULL, primaryUuid, unique, varchar } from './columns.ts';

export class Users1764000001001 implements MigrationInterface {
  readonly name = 'Users1764000001001';

  async up(runner: QueryRunner): Promise<void> {
    await createTable(runner, 'users', {
      columns: [
        primaryUuid(),
        varchar('username', 150),
        varchar('email', 254, NULL),
        varchar('password_hash', 200, NULL),
        varchar('display_name', 150),
        varchar('role', 20),
        varchar('status', 20),
        varchar('locale', 5),
        boolean('must_change_password'),
        datetime('created_at'),
        datetime('updated_at'),
        int('version'),
      ],
      indices: [unique('uq_users_username', ['username']), unique('uq_users_email', ['email'])],
    });
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('users');
  }
}

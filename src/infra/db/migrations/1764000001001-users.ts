import type { MigrationInterface, QueryRunner } from 'typeorm';
import {
  boolean,
  createTable,
  datetime,
  index,
  int,
  NULL,
  primaryUuid,
  references,
  unique,
  uuid,
  varchar,
} from './columns.ts';

export class Users1764000001001 implements MigrationInterface {
  readonly name = 'Users1764000001001';

  async up(runner: QueryRunner): Promise<void> {
    await createTable(runner, 'users', {
      columns: [
        primaryUuid(),
        varchar('username', 150, NULL),
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
      indices: [
        unique('uq_users_username', ['username']),
        unique('uq_users_email', ['email']),
        index('idx_users_role', ['role', 'created_at']),
        index('idx_users_created', ['created_at', 'id']),
      ],
    });
    await createTable(runner, 'refresh_tokens', {
      columns: [
        primaryUuid(),
        uuid('user_id'),
        uuid('family_id'),
        varchar('token_hash', 64),
        datetime('expires_at'),
        datetime('used_at', NULL),
        datetime('revoked_at', NULL),
        datetime('created_at'),
      ],
      indices: [
        unique('uq_refresh_tokens_hash', ['token_hash']),
        index('idx_refresh_tokens_user', ['user_id', 'expires_at']),
        index('idx_refresh_tokens_family', ['family_id', 'revoked_at']),
      ],
      foreignKeys: [references('fk_refresh_tokens_user', 'user_id', 'users')],
    });
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('refresh_tokens');
    await runner.dropTable('users');
  }
}

import type { MigrationInterface, QueryRunner } from 'typeorm';
import {
  createTable,
  datetime,
  index,
  int,
  json,
  largeText,
  NULL,
  PRIMARY,
  primaryUuid,
  varchar,
} from './columns.ts';

export class Foundation1764000000001 implements MigrationInterface {
  readonly name = 'Foundation1764000000001';

  async up(runner: QueryRunner): Promise<void> {
    await createTable(runner, 'idempotency_keys', {
      columns: [
        varchar('scope', 200, PRIMARY),
        varchar('idempotency_key', 255, PRIMARY),
        varchar('fingerprint', 64),
        int('reply_status', NULL),
        largeText('reply_body', NULL),
        datetime('created_at'),
        datetime('lease_until'),
        datetime('expires_at'),
      ],
      indices: [index('idx_idempotency_keys_expires_at', ['expires_at'])],
    });
    await createTable(runner, 'audit_log', {
      columns: [
        primaryUuid(),
        datetime('at'),
        varchar('actor', 100),
        varchar('action', 60),
        varchar('subject', 120),
        json('details', NULL),
      ],
      indices: [index('idx_audit_log_subject', ['subject', 'at']), index('idx_audit_log_at', ['at'])],
    });
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('audit_log');
    await runner.dropTable('idempotency_keys');
  }
}

import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createTable, datetime, index, primaryUuid, references, text, uuid } from './columns.ts';

/** Former secrets that still sign, besides the newest one of each endpoint, which stays in its row. */
export class FormerWebhookSecrets1766000008002 implements MigrationInterface {
  readonly name = 'FormerWebhookSecrets1766000008002';

  up(runner: QueryRunner): Promise<void> {
    return createTable(runner, 'webhook_former_secrets', {
      columns: [primaryUuid(), uuid('endpoint_id'), text('secret'), datetime('expires_at')],
      indices: [index('idx_webhook_former_secrets_endpoint', ['endpoint_id', 'expires_at'])],
      foreignKeys: [
        references('fk_webhook_former_secrets_endpoint', 'endpoint_id', 'webhook_endpoints', 'CASCADE'),
      ],
    });
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('webhook_former_secrets');
  }
}

import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createTable, datetime, index, primaryUuid, references, text, uuid } from './columns.ts';

/** An endpoint may have several former secrets that still sign, each until its own instant. */
export class FormerWebhookSecrets1766000008002 implements MigrationInterface {
  readonly name = 'FormerWebhookSecrets1766000008002';

  async up(runner: QueryRunner): Promise<void> {
    await createTable(runner, 'webhook_former_secrets', {
      columns: [primaryUuid(), uuid('endpoint_id'), text('secret'), datetime('expires_at')],
      indices: [index('idx_webhook_former_secrets_endpoint', ['endpoint_id', 'expires_at'])],
      foreignKeys: [
        references('fk_webhook_former_secrets_endpoint', 'endpoint_id', 'webhook_endpoints', 'CASCADE'),
      ],
    });
    await runner.query(
      `INSERT INTO webhook_former_secrets (id, endpoint_id, secret, expires_at)
       SELECT id, id, former_secret, former_secret_until FROM webhook_endpoints
       WHERE former_secret IS NOT NULL AND former_secret_until IS NOT NULL`,
    );
    for (const column of ['former_secret', 'former_secret_until'])
      await runner.query(`ALTER TABLE webhook_endpoints DROP COLUMN ${column}`);
  }

  /** Keeps the newest one of each endpoint. */
  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE webhook_endpoints ADD COLUMN former_secret text NULL');
    const type = runner.dataSource.options.type === 'better-sqlite3' ? 'datetime' : 'datetime(6)';
    await runner.query(`ALTER TABLE webhook_endpoints ADD COLUMN former_secret_until ${type} NULL`);
    const newest = (column: string): string =>
      `(SELECT f.${column} FROM webhook_former_secrets f WHERE f.endpoint_id = webhook_endpoints.id ORDER BY f.expires_at DESC LIMIT 1)`;
    await runner.query(
      `UPDATE webhook_endpoints SET former_secret = ${newest('secret')}, former_secret_until = ${newest('expires_at')}`,
    );
    await runner.dropTable('webhook_former_secrets');
  }
}

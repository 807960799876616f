import type { MigrationInterface, QueryRunner } from 'typeorm';
import {
  boolean,
  createTable,
  datetime,
  index,
  int,
  json,
  largeText,
  NULL,
  primaryUuid,
  references,
  text,
  unique,
  uuid,
  varchar,
} from './columns.ts';

export class Webhooks1766000004002 implements MigrationInterface {
  readonly name = 'Webhooks1766000004002';

  async up(runner: QueryRunner): Promise<void> {
    await createEndpoints(runner);
    await createDeliveries(runner);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['webhook_attempts', 'webhook_deliveries', 'webhook_endpoints']) {
      await runner.dropTable(table);
    }
  }
}

const createEndpoints = (runner: QueryRunner): Promise<void> =>
  createTable(runner, 'webhook_endpoints', {
    columns: [
      primaryUuid(),
      varchar('url', 500),
      varchar('description', 200),
      json('event_types'),
      boolean('active'),
      varchar('disabled_reason', 200, NULL),
      datetime('failing_since', NULL),
      text('secret'),
      text('former_secret', NULL),
      datetime('former_secret_until', NULL),
      int('last_position'),
      uuid('lease_owner', NULL),
      datetime('lease_until', NULL),
      int('version'),
      datetime('created_at'),
      datetime('updated_at'),
    ],
    indices: [index('idx_webhook_endpoints_active', ['active'])],
  });

async function createDeliveries(runner: QueryRunner): Promise<void> {
  await createTable(runner, 'webhook_deliveries', {
    columns: [
      primaryUuid(),
      uuid('endpoint_id'),
      int('position'),
      varchar('event_id', 64),
      varchar('event_type', 100),
      largeText('body'),
      varchar('status', 10),
      int('attempts'),
      datetime('next_attempt_at'),
      datetime('created_at'),
    ],
    indices: [
      unique('uq_webhook_deliveries_position', ['endpoint_id', 'position']),
      index('idx_webhook_deliveries_head', ['endpoint_id', 'status', 'position']),
      index('idx_webhook_deliveries_due', ['status', 'next_attempt_at']),
      index('idx_webhook_deliveries_created_at', ['created_at']),
    ],
    foreignKeys: [
      references('fk_webhook_deliveries_endpoint', 'endpoint_id', 'webhook_endpoints', 'CASCADE'),
    ],
  });
  await createTable(runner, 'webhook_attempts', {
    columns: [
      primaryUuid(),
      uuid('delivery_id'),
      datetime('at'),
      int('status_code', NULL),
      int('milliseconds'),
      varchar('error', 300, NULL),
      text('response_body', NULL),
    ],
    indices: [index('idx_webhook_attempts_delivery', ['delivery_id', 'at'])],
    foreignKeys: [references('fk_webhook_attempts_delivery', 'delivery_id', 'webhook_deliveries', 'CASCADE')],
  });
}

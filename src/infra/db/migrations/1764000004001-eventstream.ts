import type { MigrationInterface, QueryRunner } from 'typeorm';
import {
  bigint,
  createTable,
  datetime,
  index,
  int,
  json,
  NULL,
  PRIMARY,
  primaryUuid,
  text,
  unique,
  uuid,
  varchar,
} from './columns.ts';

export class Eventstream1764000004001 implements MigrationInterface {
  readonly name = 'Eventstream1764000004001';

  async up(runner: QueryRunner): Promise<void> {
    await createOutbox(runner);
    await createInbox(runner);
    await createEventLog(runner);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of [
      'consumer_offsets',
      'event_log',
      'event_topics',
      'consumer_dead_letters',
      'inbox',
      'outbox',
    ]) {
      await runner.dropTable(table);
    }
  }
}

async function createOutbox(runner: QueryRunner): Promise<void> {
  await createTable(runner, 'outbox', {
    columns: [
      primaryUuid(),
      varchar('type', 100),
      varchar('topic', 60),
      varchar('aggregate_type', 40),
      uuid('aggregate_id'),
      int('sequence'),
      json('payload'),
      varchar('correlation_id', 64, NULL),
      varchar('traceparent', 64, NULL),
      datetime('occurred_at'),
      varchar('status', 10),
      int('attempts'),
      datetime('available_at'),
      uuid('lease_owner', NULL),
      datetime('lease_until', NULL),
      datetime('sent_at', NULL),
      varchar('last_error', 500, NULL),
    ],
    indices: [
      unique('uq_outbox_sequence', ['aggregate_type', 'aggregate_id', 'sequence']),
      index('idx_outbox_head', ['aggregate_type', 'aggregate_id', 'status', 'sequence']),
      index('idx_outbox_due', ['status', 'available_at', 'id']),
      index('idx_outbox_sent_at', ['sent_at']),
      index('idx_outbox_lease_owner', ['lease_owner']),
    ],
  });
}

async function createInbox(runner: QueryRunner): Promise<void> {
  await createTable(runner, 'inbox', {
    columns: [
      varchar('consumer_group', 60, PRIMARY),
      varchar('event_id', 64, PRIMARY),
      datetime('handled_at'),
    ],
    indices: [index('idx_inbox_handled_at', ['handled_at'])],
  });
  await createTable(runner, 'consumer_dead_letters', {
    columns: [
      primaryUuid(),
      varchar('consumer_group', 60),
      varchar('topic', 60),
      int('partition_number'),
      varchar('position', 20),
      varchar('event_id', 64, NULL),
      varchar('event_type', 100, NULL),
      varchar('message_key', 200, NULL),
      json('headers'),
      json('value'),
      text('cause'),
      varchar('status', 10),
      datetime('created_at'),
    ],
    indices: [
      unique('uq_consumer_dead_letters_message', ['consumer_group', 'topic', 'partition_number', 'position']),
      index('idx_consumer_dead_letters_status', ['status', 'created_at']),
    ],
  });
}

async function createEventLog(runner: QueryRunner): Promise<void> {
  await createTable(runner, 'event_topics', {
    columns: [varchar('topic', 60, PRIMARY), bigint('last_position')],
  });
  await createTable(runner, 'event_log', {
    columns: [
      varchar('topic', 60, PRIMARY),
      bigint('position', PRIMARY),
      uuid('event_id'),
      varchar('message_key', 200),
      json('headers'),
      json('value'),
      datetime('appended_at'),
    ],
    indices: [
      unique('uq_event_log_event', ['topic', 'event_id']),
      index('idx_event_log_appended_at', ['appended_at']),
    ],
  });
  await createTable(runner, 'consumer_offsets', {
    columns: [
      varchar('consumer_group', 60, PRIMARY),
      varchar('topic', 60, PRIMARY),
      bigint('position'),
      uuid('lease_owner', NULL),
      datetime('lease_until', NULL),
      datetime('updated_at'),
    ],
  });
}

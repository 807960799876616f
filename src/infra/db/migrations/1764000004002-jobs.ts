import type { MigrationInterface, QueryRunner } from 'typeorm';
import {
  boolean,
  createTable,
  datetime,
  index,
  int,
  json,
  NULL,
  PRIMARY,
  primaryUuid,
  unique,
  uuid,
  varchar,
} from './columns.ts';

export class Jobs1764000004002 implements MigrationInterface {
  readonly name = 'Jobs1764000004002';

  async up(runner: QueryRunner): Promise<void> {
    await createJobs(runner);
    await createTable(runner, 'schedules', {
      columns: [
        varchar('name', 60, PRIMARY),
        varchar('job', 100),
        json('data'),
        varchar('cron', 100),
        varchar('timezone', 60),
        boolean('enabled'),
        datetime('next_run_at'),
        datetime('last_run_at', NULL),
        datetime('updated_at'),
      ],
      indices: [index('idx_schedules_due', ['enabled', 'next_run_at'])],
    });
    await createTable(runner, 'workers', {
      columns: [
        primaryUuid(),
        varchar('role', 20),
        varchar('host', 255),
        int('pid'),
        json('queues'),
        int('concurrency'),
        varchar('version', 40),
        datetime('started_at'),
        datetime('seen_at'),
      ],
      indices: [index('idx_workers_seen_at', ['role', 'seen_at'])],
    });
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['workers', 'schedules', 'jobs']) await runner.dropTable(table);
  }
}

async function createJobs(runner: QueryRunner): Promise<void> {
  await createTable(runner, 'jobs', {
    columns: [
      primaryUuid(),
      varchar('name', 100),
      varchar('queue', 40),
      json('data'),
      int('priority'),
      varchar('unique_key', 200, NULL),
      datetime('next_run_at', NULL),
      datetime('locked_at', NULL),
      uuid('lock_token', NULL),
      datetime('last_run_at', NULL),
      datetime('last_finished_at', NULL),
      datetime('failed_at', NULL),
      int('fail_count'),
      varchar('fail_reason', 1000, NULL),
      int('progress', NULL),
      boolean('disabled'),
      varchar('last_modified_by', 100, NULL),
      json('options', NULL),
      datetime('created_at'),
    ],
    indices: [
      unique('uq_jobs_unique_key', ['unique_key']),
      index('idx_jobs_due', ['locked_at', 'next_run_at', 'name']),
      index('idx_jobs_last_finished_at', ['last_finished_at']),
    ],
  });
}

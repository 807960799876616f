import { type MigrationInterface, type QueryRunner, TableIndex } from 'typeorm';
import {
  boolean,
  createTable,
  datetime,
  index,
  int,
  isSqlite,
  json,
  NULL,
  PRIMARY,
  primaryUuid,
  uuid,
  varchar,
} from './columns.ts';

const JOB_INDICES = [
  index('idx_jobs_turn', ['name', 'turn', 'next_run_at']),
  index('idx_jobs_fail_count', ['fail_count', 'id']),
  index('idx_jobs_failed_at', ['failed_at']),
  index('idx_jobs_queue', ['queue', 'id']),
  index('idx_jobs_name', ['name', 'id']),
];

const COLUMNS = [
  ['jobs', 'turn', 'int'],
  ['jobs', 'result', 'json'],
  ['jobs', 'attempts', 'json'],
  ['schedules', 'missed', 'varchar(20)'],
  ['workers', 'state', 'json'],
] as const;

/** What operators see and set of jobs, queues, workers and schedules. */
export class JobControl1766000005001 implements MigrationInterface {
  readonly name = 'JobControl1766000005001';

  async up(runner: QueryRunner): Promise<void> {
    for (const [table, column, type] of COLUMNS)
      await runner.query(`ALTER TABLE ${table} ADD COLUMN ${column} ${spell(runner, type)} NULL`);
    await runner.query(
      'UPDATE jobs SET turn = -priority WHERE next_run_at IS NOT NULL OR locked_at IS NOT NULL',
    );
    for (const each of JOB_INDICES) await runner.createIndex('jobs', new TableIndex(each));
    await createQueues(runner);
    await createTable(runner, 'schedule_runs', {
      columns: [
        primaryUuid(),
        varchar('schedule', 60),
        datetime('tick_at'),
        datetime('fired_at'),
        varchar('outcome', 10),
        varchar('job_key', 200, NULL),
      ],
      indices: [
        index('idx_schedule_runs_schedule', ['schedule', 'id']),
        index('idx_schedule_runs_fired_at', ['fired_at']),
      ],
    });
    await createTable(runner, 'worker_commands', {
      columns: [primaryUuid(), uuid('worker_id'), json('command'), datetime('created_at')],
      indices: [
        index('idx_worker_commands_worker_id', ['worker_id', 'id']),
        index('idx_worker_commands_created_at', ['created_at']),
      ],
    });
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['worker_commands', 'schedule_runs', 'queues']) await runner.dropTable(table);
    for (const { name = '' } of JOB_INDICES) await runner.dropIndex('jobs', name);
    for (const [table, column] of COLUMNS) await runner.query(`ALTER TABLE ${table} DROP COLUMN ${column}`);
  }
}

const spell = (runner: QueryRunner, type: string): string =>
  isSqlite(runner) && type === 'int' ? 'integer' : type;

async function createQueues(runner: QueryRunner): Promise<void> {
  await createTable(runner, 'queues', {
    columns: [
      varchar('name', 40, PRIMARY),
      boolean('paused'),
      int('concurrency', NULL),
      int('rate_jobs', NULL),
      int('rate_seconds', NULL),
      int('priority'),
      datetime('window_started_at', NULL),
      int('window_taken'),
      datetime('updated_at'),
    ],
  });
}

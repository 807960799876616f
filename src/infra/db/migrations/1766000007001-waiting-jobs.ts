import { type MigrationInterface, type QueryRunner, TableIndex } from 'typeorm';
import { index } from './columns.ts';

const WAITING = index('idx_jobs_waiting', ['turn', 'next_run_at']);

/**
 * What waits for a later time has no turn until then, so that looks for work do not read it. Jobs that wait now keep
 * theirs: workers of the version before may still have to run them.
 */
export class WaitingJobs1766000007001 implements MigrationInterface {
  readonly name = 'WaitingJobs1766000007001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.createIndex('jobs', new TableIndex(WAITING));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('UPDATE jobs SET turn = -priority WHERE next_run_at IS NOT NULL');
    await runner.dropIndex('jobs', 'idx_jobs_waiting');
  }
}

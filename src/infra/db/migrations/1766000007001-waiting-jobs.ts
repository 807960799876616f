import { type MigrationInterface, type QueryRunner, TableIndex } from 'typeorm';
import { index, isSqlite } from './columns.ts';

const WAITING = index('idx_jobs_waiting', ['turn', 'next_run_at']);

/** What waits for a later time has no turn until then, so that looks for work do not read it. */
export class WaitingJobs1766000007001 implements MigrationInterface {
  readonly name = 'WaitingJobs1766000007001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.createIndex('jobs', new TableIndex(WAITING));
    const now = isSqlite(runner) ? 'CURRENT_TIMESTAMP' : 'UTC_TIMESTAMP()';
    await runner.query(`UPDATE jobs SET turn = NULL WHERE next_run_at > ${now} AND locked_at IS NULL`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('UPDATE jobs SET turn = -priority WHERE next_run_at IS NOT NULL');
    await runner.dropIndex('jobs', 'idx_jobs_waiting');
  }
}

import type { Log } from '../../domain/shared/log.ts';
import type { SignalSource } from '../cache/redis-signals.ts';
import { JOBS_SIGNAL } from '../db/jobs/sql-job-queue.ts';
import { type Connections, list } from '../db/sql.ts';
import type { AgendaStore } from './agenda.job-runner.ts';
import type { ClaimLimits } from './held-jobs.ts';
import { SqlJobRepository } from './sql-job.repository.ts';

const OLD = 'last_finished_at < ? AND next_run_at IS NULL AND locked_at IS NULL';

/** Jobs in the program's own database. */
export class SqlAgendaStore implements AgendaStore {
  readonly name = 'sql';
  readonly #db: Connections;
  readonly #signals: SignalSource;
  readonly #log: Log;

  constructor(db: Connections, signals: SignalSource, log: Log) {
    this.#db = db;
    this.#signals = signals;
    this.#log = log;
  }

  repository(limits: ClaimLimits): Promise<SqlJobRepository> {
    return Promise.resolve(new SqlJobRepository(this.#db, limits, this.#log));
  }

  onEnqueued(listener: () => void): () => void {
    return this.#signals.onSignal(JOBS_SIGNAL, listener);
  }

  async purgeFinished(before: Date, limit: number): Promise<number> {
    return this.#db.write(async (sql) => {
      const rows = await sql.query<{ id: string }>(`SELECT id FROM jobs WHERE ${OLD} LIMIT ?`, [
        before,
        limit,
      ]);
      if (rows.length === 0) return 0;
      const { affected } = await sql.run(
        // One that was retried meanwhile is not old any more.
        `DELETE FROM jobs WHERE id IN (${list(rows.length)}) AND ${OLD}`,
        [...rows.map((r) => r.id), before],
      );
      return affected;
    });
  }

  ping(): Promise<void> {
    return this.#db.ping();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

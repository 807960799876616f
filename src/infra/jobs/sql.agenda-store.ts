import type { EndedBefore } from '../../domain/jobs/job-runner.ts';
import type { Log } from '../../domain/shared/log.ts';
import type { SignalSource } from '../cache/redis-signals.ts';
import { JOBS_SIGNAL } from '../db/jobs/sql-job-queue.ts';
import type { Connections } from '../db/sql.ts';
import type { AgendaStore } from './agenda.job-runner.ts';
import type { ClaimLimits } from './held-jobs.ts';
import { oldQuery, purgeStatement } from './sql-job.queries.ts';
import { SqlJobRepository } from './sql-job.repository.ts';

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

  async purgeFinished(before: EndedBefore, limit: number): Promise<number> {
    return this.#db.write(async (sql) => {
      const old = oldQuery(before, limit);
      const rows = await sql.query<{ id: string }>(old.text, old.params);
      if (rows.length === 0) return 0;
      const purge = purgeStatement(
        rows.map(({ id }) => id),
        before,
      );
      return (await sql.run(purge.text, purge.params)).affected;
    });
  }

  ping(): Promise<void> {
    return this.#db.ping();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

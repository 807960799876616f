import type { EndedBefore } from '../../domain/jobs/job-runner.ts';
import type { Log } from '../../domain/shared/log.ts';
import type { SignalSource } from '../cache/redis-signals.ts';
import { JOBS_SIGNAL } from '../db/jobs/sql-job-queue.ts';
import type { Connections } from '../db/sql.ts';
import type { AgendaStore } from './agenda.job-runner.ts';
import type { ClaimLimits } from './held-jobs.ts';
import { SqlJobPurge } from './sql-job.purge.ts';
import { SqlJobRepository } from './sql-job.repository.ts';

/** Jobs in the program's own database. */
export class SqlAgendaStore implements AgendaStore {
  readonly name = 'sql';
  readonly #db: Connections;
  readonly #signals: SignalSource;
  readonly #log: Log;
  readonly #purge: SqlJobPurge;

  constructor(db: Connections, signals: SignalSource, log: Log) {
    this.#db = db;
    this.#signals = signals;
    this.#log = log;
    this.#purge = new SqlJobPurge(db);
  }

  repository(limits: ClaimLimits): Promise<SqlJobRepository> {
    return Promise.resolve(new SqlJobRepository(this.#db, limits, this.#log));
  }

  onEnqueued(listener: () => void): () => void {
    return this.#signals.onSignal(JOBS_SIGNAL, listener);
  }

  purgeFinished(before: EndedBefore, limit: number): Promise<number> {
    return this.#purge.batch(before, limit);
  }

  ping(): Promise<void> {
    return this.#db.ping();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

import { type Filter, MongoClient } from 'mongodb';
import type { EndedBefore } from '../../domain/jobs/job-runner.ts';
import type { Log } from '../../domain/shared/log.ts';
import type { SignalSource } from '../cache/redis-signals.ts';
import { READY_JOBS_SIGNAL } from '../db/jobs/sql-job-queue.ts';
import type { Connections } from '../db/sql.ts';
import type { AgendaStore } from './agenda.job-runner.ts';
import type { ClaimLimits } from './held-jobs.ts';
import { JobHandover } from './job-handover.ts';
import { JOB_COLLECTION, JOB_INDICES, type JobDocument, mongoAway } from './mongo-job.document.ts';
import { FencedMongoJobRepository } from './mongo-job.repository.ts';
import { PurgeWalk } from './purge-walk.ts';
import { SqlJobPurge } from './sql-job.purge.ts';

const CONNECT_TIMEOUT = 5000;

/** Jobs in MongoDB. They are enqueued in the SQL database, with the data that they belong to, and handed over. */
export class MongoAgendaStore implements AgendaStore {
  readonly name = 'mongodb';
  readonly #client: MongoClient;
  readonly #sql: Connections;
  readonly #signals: SignalSource;
  readonly #log: Log;
  readonly #walk = new PurgeWalk();
  readonly #purgeStaged: SqlJobPurge;
  #handover: JobHandover | undefined;

  /** @param from where jobs are enqueued */
  constructor(url: string, from: { readonly sql: Connections; readonly signals: SignalSource }, log: Log) {
    this.#client = new MongoClient(url, { serverSelectionTimeoutMS: CONNECT_TIMEOUT });
    this.#sql = from.sql;
    this.#signals = from.signals;
    this.#log = log;
    this.#purgeStaged = new SqlJobPurge(from.sql);
  }

  async repository(limits: ClaimLimits): Promise<FencedMongoJobRepository> {
    await this.ping();
    const repository = new FencedMongoJobRepository(this.#client.db(), limits, this.#log);
    await repository.connect();
    await this.#jobs().createIndexes([...JOB_INDICES]);
    this.#handover ??= new JobHandover({
      sql: this.#sql,
      signals: this.#signals,
      jobs: this.#jobs(),
      log: this.#log,
      lockSeconds: limits.lockSeconds,
      // Whichever process carries them: workers of all processes are told.
      delivered: () => this.#sql.tell(READY_JOBS_SIGNAL),
    });
    return repository;
  }

  onEnqueued(listener: () => void): () => void {
    return this.#signals.onSignal(READY_JOBS_SIGNAL, listener);
  }

  /** Also what ended in the database: before the jobs were moved, or because MongoDB refused it. */
  async purgeFinished(before: EndedBefore, limit: number): Promise<number> {
    const gone = await this.#purgeHere(before, limit);
    return gone < limit ? gone + (await this.#purgeStaged.batch(before, limit - gone)) : gone;
  }

  async #purgeHere(before: EndedBefore, limit: number): Promise<number> {
    const { all, dead } = before;
    const old: Filter<JobDocument> = {
      lastFinishedAt: { $gte: this.#walk.from(before), $lt: all },
      nextRunAt: null,
      lockedAt: null,
      $or: [{ failCount: { $in: [0, null] } }, { disabled: true }, { lastFinishedAt: { $lt: dead } }],
    };
    const found = await this.#jobs()
      .find(old, { projection: { lastFinishedAt: 1 }, sort: { lastFinishedAt: 1 }, limit })
      .toArray();
    const last = found.at(-1)?.lastFinishedAt;
    if (!last) return 0;
    // One that was retried meanwhile is not old any more.
    const ids = found.map((job) => job._id);
    const { deletedCount } = await this.#jobs().deleteMany({ _id: { $in: ids }, ...old });
    this.#walk.passed(before, last);
    return deletedCount;
  }

  async ping(): Promise<void> {
    try {
      await this.#client.db().command({ ping: 1 });
    } catch (error) {
      throw mongoAway(error);
    }
  }

  async close(): Promise<void> {
    await this.#handover?.stop();
    await this.#client.close();
  }

  #jobs() {
    return this.#client.db().collection<JobDocument>(JOB_COLLECTION);
  }
}

import { MongoJobRepository } from '@agendajs/mongo-backend';
import { type JobId, type JobParameters, type JobRepositoryOptions, toJobId } from 'agenda';
import { type Collection, type Db, type Filter, ObjectId } from 'mongodb';
import { newId } from '../../domain/shared/ids.ts';
import { errorFacts, type Log } from '../../domain/shared/log.ts';
import {
  type ClaimingRepository,
  type ClaimLimits,
  DueNames,
  HELD_FOREVER,
  type HeldJob,
  HeldJobs,
  LockLost,
  lockDeadline,
  lockTokenOf,
} from './held-jobs.ts';

export const JOB_COLLECTION = 'jobs';

/** As Agenda stores it, with the token of who holds it. */
export interface JobDocument {
  _id: ObjectId;
  name: string;
  queue: string;
  data: unknown;
  /** As JSON, for the search. */
  dataText: string;
  uniqueKey: string | null;
  type: 'normal';
  priority: number;
  nextRunAt: Date | null;
  lockedAt: Date | null;
  lockToken: string | null;
  lastRunAt: Date | null;
  lastFinishedAt: Date | null;
  failedAt: Date | null;
  failCount: number | null;
  failReason: string | null;
  disabled: boolean | null;
  lastModifiedBy: string | null;
  result: unknown;
  attempts: unknown;
  createdAt: Date;
}

/**
 * Agenda's MongoDB store, mended: saving a job never takes the lock off one that runs, and a claim has a token, so
 * that a worker which lost its lock changes nothing any more.
 */
export class FencedMongoJobRepository extends MongoJobRepository implements ClaimingRepository {
  readonly held: HeldJobs;
  readonly #jobs: Collection<JobDocument>;
  readonly #lockSeconds: number;
  readonly #log: Log;
  readonly #dueNames: DueNames;

  constructor(db: Db, limits: ClaimLimits, log: Log) {
    super({ mongo: db, db: { collection: JOB_COLLECTION } });
    this.#jobs = db.collection(JOB_COLLECTION);
    this.held = new HeldJobs(limits.held);
    this.#lockSeconds = limits.lockSeconds;
    this.#log = log;
    this.#dueNames = new DueNames(() => this.#jobs.distinct('name', dueBy(new Date(), limits.lockSeconds)));
  }

  override getNextJobToRun(
    name: string,
    nextScanAt: Date,
    _agendasDeadline: Date,
    now: Date | undefined,
  ): Promise<JobParameters | undefined> {
    return this.held.claim(async () => {
      if (!(await this.#dueNames.has(name))) return undefined;
      return this.#take({ name, ...dueBy(nextScanAt, this.#lockSeconds) }, now ?? new Date());
    });
  }

  override lockJob(job: JobParameters): Promise<JobParameters | undefined> {
    const { _id: id, name, nextRunAt } = job;
    if (id === undefined) return Promise.resolve(undefined);
    return this.held.claim(() =>
      this.#take(
        { _id: new ObjectId(id), name, nextRunAt, lockedAt: null, disabled: { $ne: true } },
        new Date(),
      ),
    );
  }

  #take(filter: Filter<JobDocument>, at: Date): Promise<HeldJob | undefined> {
    const lockToken = newId();
    return this.held.take(async () => {
      const job = await this.#jobs.findOneAndUpdate(
        filter,
        { $set: { lockedAt: at, lockToken } },
        { returnDocument: 'after', sort: { priority: -1, nextRunAt: 1 } },
      );
      return job === null ? undefined : toHeldJob(job, lockToken);
    });
  }

  /** @throws LockLost when another worker has the job by now: nothing is changed */
  override async saveJobState(job: JobParameters, options: JobRepositoryOptions | undefined): Promise<void> {
    const id = job._id ?? '';
    const finished = job.lockedAt === undefined;
    try {
      const { matchedCount } = await this.#jobs.updateOne(
        { _id: new ObjectId(id), lockToken: lockTokenOf(job) },
        {
          $set: {
            lockedAt: finished ? null : new Date(),
            lockToken: finished ? null : lockTokenOf(job),
            nextRunAt: job.nextRunAt,
            lastRunAt: job.lastRunAt ?? null,
            lastFinishedAt: job.lastFinishedAt ?? null,
            failedAt: job.failedAt ?? null,
            failCount: job.failCount ?? null,
            failReason: job.failReason ?? null,
            lastModifiedBy: options?.lastModifiedBy ?? null,
          },
        },
      );
      if (matchedCount === 0) throw new LockLost(`job ${id} (${job.name}) is another worker's by now`);
    } catch (error) {
      this.held.letGo(id);
      this.#log.warn({ ...errorFacts(error), job: job.name, jobId: id }, 'the state of a job was not stored');
      throw error;
    }
    if (finished) this.held.letGo(id);
  }

  async renew(id: string): Promise<void> {
    const held = { _id: new ObjectId(id), lockToken: this.held.tokenOf(id) ?? '' };
    const { matchedCount } = await this.#jobs.updateOne(held, { $set: { lockedAt: new Date() } });
    if (matchedCount === 0) throw new LockLost(`job ${id} is another worker's by now`);
  }

  /** Agenda's own would write the lock of the copy that it is given, which has none. */
  override async saveJob<D = unknown>(
    job: JobParameters<D>,
    options: JobRepositoryOptions | undefined,
  ): Promise<JobParameters<D>> {
    if (job._id === undefined) return super.saveJob(job, options);
    const { data, priority, nextRunAt, disabled } = job;
    await this.#jobs.updateOne(
      { _id: new ObjectId(job._id), name: job.name },
      { $set: { data, priority, nextRunAt, disabled: disabled ?? null } },
    );
    return job;
  }

  override async unlockJob(job: JobParameters): Promise<void> {
    if (job._id !== undefined) await this.unlockJobs([job._id]);
  }

  /** Gives back what is held here. Never throws: Agenda does not wait for it, and the lock ends by itself. */
  override async unlockJobs(ids: (JobId | string)[]): Promise<void> {
    for (const id of ids) {
      const lockToken = this.held.tokenOf(id);
      this.held.letGo(id);
      if (lockToken === undefined) continue;
      const held = { _id: new ObjectId(id), lockToken };
      const free = { lockedAt: null, lockToken: null };
      try {
        // A job that was taken over from a dead worker has no time to run at any more: it is due at once.
        await this.#jobs.updateOne(
          { ...held, nextRunAt: null },
          { $set: { ...free, nextRunAt: new Date() } },
        );
        await this.#jobs.updateOne(held, { $set: free });
      } catch (error) {
        this.#log.warn({ ...errorFacts(error), jobId: id }, 'a job could not be given back');
      }
    }
  }
}

const dueBy = (at: Date, lockSeconds: number): Filter<JobDocument> => ({
  disabled: { $ne: true },
  $or: [{ lockedAt: null, nextRunAt: { $lte: at } }, { lockedAt: { $lte: lockDeadline(lockSeconds) } }],
});

function toHeldJob(doc: JobDocument, lockToken: string): HeldJob {
  return {
    _id: toJobId(doc._id.toHexString()),
    name: doc.name,
    data: doc.data,
    type: doc.type,
    priority: doc.priority,
    nextRunAt: doc.nextRunAt,
    failCount: doc.failCount ?? 0,
    lockedAt: HELD_FOREVER,
    lockToken,
    ...(doc.lastRunAt && { lastRunAt: doc.lastRunAt }),
    ...(doc.lastFinishedAt && { lastFinishedAt: doc.lastFinishedAt }),
    ...(doc.failedAt && { failedAt: doc.failedAt }),
    ...(doc.failReason && { failReason: doc.failReason }),
  };
}

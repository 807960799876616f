import { MongoJobRepository } from '@agendajs/mongo-backend';
import { type JobParameters, type JobRepositoryOptions, toJobId } from 'agenda';
import { type Collection, type Db, type Filter, ObjectId, type UpdateFilter } from 'mongodb';
import { newId } from '../../domain/shared/ids.ts';
import { errorFacts, type Log } from '../../domain/shared/log.ts';
import { attemptsAfter, failReason, lostAttempt, lostInARow, resultJson } from './attempt-record.ts';
import {
  type ClaimingRepository,
  type ClaimLimits,
  type DueName,
  HELD_FOREVER,
  type HeldJob,
  HeldJobs,
  LockLost,
  lockDeadline,
} from './held-jobs.ts';
import { toAttempts, withAttempt } from './job-view.ts';

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
  type: 'normal' | 'single';
  repeatInterval?: string | number;
  repeatTimezone?: string | null;
  repeatAt?: string;
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

/** Claims sent at the same time. */
const PARALLEL = 10;

/**
 * Agenda's MongoDB store, mended: saving a job never takes the lock off one that runs, and a claim has a token, so
 * that a worker which lost its lock changes nothing any more.
 */
export class FencedMongoJobRepository extends MongoJobRepository implements ClaimingRepository {
  readonly held = new HeldJobs();
  readonly #jobs: Collection<JobDocument>;
  readonly #limits: ClaimLimits;
  readonly #log: Log;

  constructor(db: Db, limits: ClaimLimits, log: Log) {
    super({ mongo: db, db: { collection: JOB_COLLECTION } });
    this.#jobs = db.collection(JOB_COLLECTION);
    this.#limits = limits;
    this.#log = log;
  }

  async due(names: readonly string[]): Promise<readonly DueName[]> {
    const due = this.#jobs.aggregate<{ _id: string; priority: number }>([
      { $match: { name: { $in: [...names] }, ...this.#due() } },
      { $group: { _id: '$name', priority: { $max: '$priority' } } },
    ]);
    return (await due.toArray()).map(({ _id: name, priority }) => ({ name, priority }));
  }

  async claim(name: string, count: number): Promise<readonly HeldJob[]> {
    const jobs: HeldJob[] = [];
    while (jobs.length < count) {
      const wanted = Math.min(PARALLEL, count - jobs.length);
      const taken = await Promise.all(Array.from({ length: wanted }, () => this.#take(name)));
      jobs.push(...taken.filter((job) => job !== undefined && job !== 'dead'));
      if (taken.includes(undefined)) break;
    }
    // Claims sent at the same time are carried out in any order.
    return jobs.sort((a, b) => b.priority - a.priority);
  }

  /** @returns undefined when nothing is due, `dead` for a job that lost its worker too often */
  async #take(name: string): Promise<HeldJob | 'dead' | undefined> {
    const [lockToken, at] = [newId(), new Date()];
    const before = await this.#jobs.findOneAndUpdate(
      { name, ...this.#due() },
      { $set: { lockedAt: at, lockToken, lastModifiedBy: this.#limits.worker, lastRunAt: at } },
      { returnDocument: 'before', sort: { priority: -1, nextRunAt: 1 } },
    );
    if (before === null) return undefined;
    const job = toHeldJob(before, lockToken, at);
    const runs = before.lockedAt === null ? job : await this.#takeOver(job, before);
    if (runs === undefined) return 'dead';
    this.held.add([runs]);
    return runs;
  }

  /** Writes down that its worker was lost. @returns undefined when that was once too often: it is dead */
  async #takeOver(job: HeldJob, before: JobDocument): Promise<HeldJob | undefined> {
    const lostOne = lostAttempt(before.lastRunAt ?? job.claimedAt, before.lastModifiedBy ?? undefined);
    const attempts = withAttempt(job.attempts, lostOne);
    const lost = lostInARow(attempts);
    const own = { _id: before._id, lockToken: job.lockToken };
    if (lost < this.#limits.maxLost) {
      await this.#jobs.updateOne(own, { $set: { attempts } });
      return { ...job, attempts };
    }
    await this.#jobs.updateOne(own, {
      $set: {
        attempts,
        lockedAt: null,
        lockToken: null,
        nextRunAt: null,
        failedAt: job.claimedAt,
        lastFinishedAt: job.claimedAt,
        failCount: (before.failCount ?? 0) + 1,
        failReason: `lost its worker ${lost} times in a row`,
      },
    });
    this.#log.error({ job: job.name, jobId: job._id, lost }, 'a job lost its worker too often and is dead');
    return undefined;
  }

  async unknownNames(queues: readonly string[], known: readonly string[]): Promise<readonly string[]> {
    const due = { disabled: { $ne: true }, lockedAt: null, nextRunAt: { $lte: new Date() } };
    return this.#jobs.distinct('name', { ...due, queue: { $in: [...queues] }, name: { $nin: [...known] } });
  }

  /** Agenda is given what was claimed for it: see JobClaimer and ClaimedJobs. */
  override getNextJobToRun(name: string): Promise<HeldJob | undefined> {
    return Promise.resolve(this.held.takeOffered(name));
  }

  override lockJob(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  /** @throws LockLost when another worker has the job by now: nothing is changed */
  override async saveJobState(job: JobParameters): Promise<void> {
    // That it starts was stored with the claim.
    if (job.lockedAt !== undefined) return;
    // Agenda looks at it all the while, and takes a job without it for one that was lost.
    job.lockedAt = HELD_FOREVER;
    const id = job._id ?? '';
    const held = this.held.get(id);
    try {
      if (held === undefined) throw new LockLost(`job ${id} (${job.name}) is not held here any more`);
      const { matchedCount } = await this.#jobs.updateOne(
        { _id: new ObjectId(id), lockToken: held.job.lockToken },
        { $set: this.#finished(job, held) },
      );
      if (matchedCount === 0) throw new LockLost(`job ${id} (${job.name}) was cancelled or taken over`);
    } catch (error) {
      this.#log.warn({ ...errorFacts(error), job: job.name, jobId: id }, 'the state of a job was not stored');
      throw error;
    } finally {
      this.held.letGo(id);
    }
  }

  #finished(
    job: JobParameters,
    { job: held, ending, startedAt }: NonNullable<ReturnType<HeldJobs['get']>>,
  ): NonNullable<UpdateFilter<JobDocument>['$set']> {
    const endedAt = job.lastFinishedAt ?? new Date();
    const result = resultJson(ending);
    return {
      lockedAt: null,
      lockToken: null,
      nextRunAt: job.nextRunAt,
      lastFinishedAt: job.lastFinishedAt ?? null,
      failedAt: job.failedAt ?? null,
      failCount: job.failCount ?? null,
      failReason: failReason(job) ?? null,
      result: result === null ? null : (JSON.parse(result) as unknown),
      attempts: attemptsAfter(held, ending, { worker: this.#limits.worker, startedAt, endedAt }),
    };
  }

  async renew(): Promise<readonly string[]> {
    const lost: string[] = [];
    for (const { _id: id = '', lockToken } of this.held.all) {
      const held = { _id: new ObjectId(id), lockToken };
      const { matchedCount } = await this.#jobs.updateOne(held, { $set: { lockedAt: new Date() } });
      if (matchedCount === 0) lost.push(id);
    }
    return lost;
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

  override async unlockJobs(ids: readonly string[]): Promise<void> {
    for (const id of ids) {
      const held = this.held.get(id);
      if (held === undefined) continue;
      this.held.letGo(id);
      try {
        const own = { _id: new ObjectId(id), lockToken: held.job.lockToken };
        await this.#jobs.updateOne(own, { $set: { lockedAt: null, lockToken: null } });
      } catch (error) {
        this.#log.warn({ ...errorFacts(error), jobId: id }, 'a job could not be given back');
      }
    }
  }

  #due(): Filter<JobDocument> {
    return {
      disabled: { $ne: true },
      $or: [
        { lockedAt: null, nextRunAt: { $lte: new Date() } },
        { lockedAt: { $lte: lockDeadline(this.#limits.lockSeconds) } },
      ],
    };
  }
}

function toHeldJob(doc: JobDocument, lockToken: string, claimedAt: Date): HeldJob {
  return {
    _id: toJobId(doc._id.toHexString()),
    name: doc.name,
    data: doc.data,
    type: doc.type,
    priority: doc.priority,
    // It is due: Agenda would set a timer by a clock that may be late.
    nextRunAt: null,
    failCount: doc.failCount ?? 0,
    lockedAt: HELD_FOREVER,
    lockToken,
    claimedAt,
    lastRunAt: claimedAt,
    queue: doc.queue,
    attempts: toAttempts(doc.attempts),
    ...(doc.lastFinishedAt && { lastFinishedAt: doc.lastFinishedAt }),
    ...(doc.failedAt && { failedAt: doc.failedAt }),
    ...(doc.failReason && { failReason: doc.failReason }),
    ...(doc.repeatInterval !== undefined && { repeatInterval: doc.repeatInterval }),
    ...(doc.repeatTimezone && { repeatTimezone: doc.repeatTimezone }),
    ...(doc.repeatAt !== undefined && { repeatAt: doc.repeatAt }),
  };
}

import { MongoJobRepository } from '@agendajs/mongo-backend';
import { type JobParameters, toJobId } from 'agenda';
import { type Collection, type Db, type Filter, ObjectId } from 'mongodb';
import { newId } from '../../domain/shared/ids.ts';
import { errorFacts, type Log } from '../../domain/shared/log.ts';
import { lostAttempt, lostInARow } from './attempt-record.ts';
import {
  type ClaimingRepository,
  type ClaimLimits,
  type DueName,
  type HeldJob,
  HeldJobs,
  lockDeadline,
} from './held-jobs.ts';
import { type JobEnd, JobEnds } from './job-ends.ts';
import { withAttempt } from './job-view.ts';
import {
  CANDIDATE,
  type Candidate,
  endKey,
  finished,
  JOB_COLLECTION,
  type JobDocument,
  ownedBy,
  toHeldJob,
  whenReached,
} from './mongo-job.document.ts';
import { saveMongoJob } from './mongo-saved-job.ts';
import { shuffled } from './shuffled.ts';
import { partSuspects, waitsUntil } from './suspects.ts';

/** How many more due jobs are looked at than wanted, so that two workers seldom want the same. */
const SPREAD = 3;

/**
 * Agenda's MongoDB store, mended: saving a job never takes the lock off one that runs, and a claim has a token, so
 * that a worker which lost its lock changes nothing any more.
 */
export class FencedMongoJobRepository extends MongoJobRepository implements ClaimingRepository {
  readonly held = new HeldJobs();
  readonly #jobs: Collection<JobDocument>;
  readonly #limits: ClaimLimits;
  readonly #log: Log;
  readonly #ends: JobEnds;

  constructor(db: Db, limits: ClaimLimits, log: Log) {
    super({ mongo: db, db: { collection: JOB_COLLECTION } });
    this.#jobs = db.collection(JOB_COLLECTION);
    this.#limits = limits;
    this.#log = log;
    this.#ends = new JobEnds({
      held: this.held,
      worker: limits.worker,
      log,
      store: (ends) => this.#store(ends),
    });
  }

  async due(names: readonly string[]): Promise<readonly DueName[]> {
    const due = this.#jobs.aggregate<{ _id: string; priority: number }>([
      { $match: { name: { $in: [...names] }, ...this.#due() } },
      { $group: { _id: '$name', priority: { $max: '$priority' } } },
    ]);
    return (await due.toArray()).map(({ _id: name, priority }) => ({ name, priority }));
  }

  /** Three requests, however many jobs: each document is taken by itself, as long as it is due. */
  async claim(name: string, count: number, starting: number): Promise<readonly HeldJob[]> {
    const due = this.#due();
    const candidates = await this.#candidates(name, count, due);
    if (candidates.length === 0) return [];
    const [token, at] = [newId(), new Date()];
    const ids = candidates.map(({ _id }) => _id);
    const free = candidates.filter(({ lockedAt }) => lockedAt === null).map(({ _id }) => _id);
    const started = free.slice(0, Math.max(0, starting - (ids.length - free.length)));
    const others = ids.filter((id) => !started.includes(id));
    const take = (some: readonly ObjectId[], lastRunAt: Date | null) => ({
      updateMany: {
        filter: { _id: { $in: [...some] }, ...due },
        update: {
          $set: { lockedAt: at, lockToken: token, lastModifiedBy: this.#limits.worker, lastRunAt },
        },
      },
    });
    const { matchedCount } = await this.#jobs.bulkWrite([
      ...(started.length === 0 ? [] : [take(started, at)]),
      // Of those that wait here to start there is no time of a start: see `storeStart`.
      ...(others.length === 0 ? [] : [take(others, null)]),
    ]);
    if (matchedCount === 0) return [];
    const taken = await this.#jobs.find({ _id: { $in: ids }, lockToken: token }).toArray();
    const jobs = new Map(taken.map((doc) => [doc._id.toHexString(), toHeldJob(doc, token, at)]));
    const owned: HeldJob[] = [];
    for (const candidate of candidates) {
      const job = jobs.get(candidate._id.toHexString());
      if (job === undefined) continue;
      const runs = candidate.lockedAt === null ? job : await this.#takeOver(job, candidate);
      if (runs !== undefined) owned.push(runs);
    }
    const { runs, waits } = partSuspects(owned, this.held);
    this.held.add(runs);
    await this.#postpone(waits);
    return runs;
  }

  /** Never throws: what was claimed with them runs, and their locks end by themselves. */
  async #postpone(jobs: readonly HeldJob[]): Promise<void> {
    if (jobs.length === 0) return;
    const updates = jobs.map((job) => ({
      updateOne: {
        filter: ownedBy([job]),
        update: {
          $set: { lockedAt: null, lockToken: null, nextRunAt: waitsUntil(this.#limits.lockSeconds) },
        },
      },
    }));
    try {
      await this.#jobs.bulkWrite(updates);
    } catch (error) {
      this.#log.warn({ ...errorFacts(error), jobs: jobs.length }, 'jobs could not be postponed');
    }
  }

  /** As the SQL store chooses them; none that is held here. */
  async #candidates(name: string, count: number, due: Filter<JobDocument>): Promise<readonly Candidate[]> {
    const found = await this.#jobs
      .find<Candidate>({ name, ...due }, { projection: CANDIDATE })
      .sort({ priority: -1, nextRunAt: 1 })
      .limit(count * SPREAD + this.held.count)
      .toArray();
    const free = found.filter(({ _id }) => !this.held.has(_id.toHexString()));
    return shuffled(free)
      .sort((a, b) => b.priority - a.priority)
      .slice(0, count);
  }

  /** Writes down that its worker was lost, when it had started. @returns undefined when that was once too often: it is dead */
  async #takeOver(job: HeldJob, before: Candidate): Promise<HeldJob | undefined> {
    if (before.lastRunAt === null) return { ...job, takenOver: true };
    const lostOne = lostAttempt(before.lastRunAt, before.lastModifiedBy ?? undefined);
    const attempts = withAttempt(job.attempts, lostOne);
    const lost = lostInARow(attempts);
    const own = { _id: before._id, lockToken: job.lockToken };
    if (lost < this.#limits.maxLost) {
      await this.#jobs.updateOne(own, { $set: { attempts } });
      return { ...job, attempts, takenOver: true };
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

  /** @throws LockLost when the job is not held here any more: nothing is changed */
  override async saveJobState(job: JobParameters): Promise<void> {
    // That it starts was stored with the claim.
    if (job.lockedAt === undefined) await this.#ends.save(job);
  }

  async #store(ends: readonly JobEnd[]): Promise<readonly string[]> {
    const updates = ends.map((end) => ({
      updateOne: {
        filter: { _id: new ObjectId(end.id), lockToken: end.lockToken },
        update: { $set: finished(end) },
      },
    }));
    const { matchedCount } = await whenReached(() => this.#jobs.bulkWrite(updates, { ordered: false }));
    return matchedCount === ends.length ? [] : this.#others(ends);
  }

  /** Of these, those that somebody else has changed since. */
  async #others(ends: readonly JobEnd[]): Promise<readonly string[]> {
    const ids = ends.map(({ id }) => new ObjectId(id));
    const found = await this.#jobs
      .find({ _id: { $in: ids } }, { projection: { lastFinishedAt: 1, lastRunAt: 1 } })
      .toArray();
    const stored = new Set(
      found.map((job) => endKey(job._id.toHexString(), job.lastRunAt, job.lastFinishedAt)),
    );
    return ends
      .filter(({ id, startedAt, finishedAt }) => !stored.has(endKey(id, startedAt, finishedAt)))
      .map(({ id }) => id);
  }

  async storeStart(job: HeldJob): Promise<boolean> {
    const held = this.held.get(job._id ?? '');
    const { matchedCount } = await this.#jobs.updateOne(ownedBy([job]), { $set: { lastRunAt: new Date() } });
    if (held !== undefined) held.startStored = true;
    return matchedCount > 0;
  }

  async renew(): Promise<readonly string[]> {
    const held = this.held.all;
    if (held.length === 0) return [];
    await this.#storeStarts();
    const own = ownedBy(held);
    const { matchedCount } = await this.#jobs.updateMany(own, { $set: { lockedAt: new Date() } });
    if (matchedCount === held.length) return [];
    const kept = await this.#jobs.find(own, { projection: { _id: 1 } }).toArray();
    const ids = new Set(kept.map(({ _id }) => _id.toHexString()));
    return held.flatMap(({ _id: id = '' }) => (ids.has(id) ? [] : [id]));
  }

  async #storeStarts(): Promise<void> {
    const starts = this.held.unstoredStarts;
    if (starts.length === 0) return;
    await this.#jobs.bulkWrite(
      starts.map(({ job, startedAt = job.claimedAt }) => ({
        updateOne: { filter: ownedBy([job]), update: { $set: { lastRunAt: startedAt } } },
      })),
    );
    for (const one of starts) one.startStored = true;
  }

  override async saveJob<D = unknown>(job: JobParameters<D>): Promise<JobParameters<D>> {
    const id = await saveMongoJob(this.#jobs, job);
    return { ...job, _id: toJobId(id.toHexString()) };
  }

  override async unlockJob(job: JobParameters): Promise<void> {
    if (job._id !== undefined) await this.unlockJobs([job._id]);
  }

  override async unlockJobs(ids: readonly string[]): Promise<void> {
    const jobs = ids.flatMap((id) => this.held.get(id)?.job ?? []);
    if (jobs.length === 0) return;
    for (const { _id: id = '' } of jobs) this.held.letGo(id);
    try {
      await this.#jobs.updateMany(ownedBy(jobs), { $set: { lockedAt: null, lockToken: null } });
    } catch (error) {
      this.#log.warn({ ...errorFacts(error), jobs: jobs.length }, 'jobs could not be given back');
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

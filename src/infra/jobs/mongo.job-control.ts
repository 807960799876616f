import { type Filter, MongoClient, ObjectId } from 'mongodb';
import type {
  JobAction,
  JobControl,
  JobDetail,
  JobFilter,
  JobState,
  JobSummary,
  QueueCounts,
} from '../../domain/jobs/job-record.ts';
import { addSeconds, type Clock } from '../../domain/shared/clock.ts';
import {
  decodeCursor,
  encodeCursor,
  invalidCursor,
  type Page,
  type PageRequest,
  toPage,
} from '../../domain/shared/page.ts';
import { retriedByHand } from './attempt-record.ts';
import { type StoredJob, toAttempts, toDetail, toSummary, withAttempt } from './job-view.ts';
import { JOB_COLLECTION, type JobDocument, whenReached } from './mongo-job.document.ts';
import { addCounts, type Counted, type CountedByQueue, queueCounts } from './queue-counts.ts';
import { jobIdOf } from './staged-jobs.ts';

const SORT = 'mongo-jobs';
/** Each for itself: one that freezes under an open connection is away after three of them, with the driver's second try. */
const TIMEOUT = 5000;
const MAX_RUNNING = 10_000;

/** The jobs in MongoDB, as operators see them. One that was not handed over yet is counted, and not listed. */
export class MongoJobControl implements JobControl {
  readonly #client: MongoClient;
  readonly #clock: Clock;
  readonly #staged: Pick<JobControl, 'counts'>;

  /** @param staged of the database where jobs are enqueued */
  constructor(url: string, clock: Clock, staged: Pick<JobControl, 'counts'>) {
    this.#client = new MongoClient(url, {
      serverSelectionTimeoutMS: TIMEOUT,
      connectTimeoutMS: TIMEOUT,
      socketTimeoutMS: TIMEOUT,
    });
    this.#clock = clock;
    this.#staged = staged;
  }

  async page(filter: JobFilter, { limit, cursor }: PageRequest): Promise<Page<JobSummary>> {
    const now = this.#clock.now();
    const conditions: Filter<JobDocument>[] = conditionsOf(filter, now);
    if (cursor !== undefined) conditions.push(afterCursor(cursor));
    const found = await whenReached(() =>
      this.#jobs()
        .find(conditions.length === 0 ? {} : { $and: conditions })
        .sort({ createdAt: -1, _id: -1 })
        .limit(limit + 1)
        .toArray(),
    );
    const jobs = found.map((job) => toSummary(toStored(job), now));
    return toPage(jobs, limit, (job) => encodeCursor(SORT, [job.createdAt.toISOString(), job.id]));
  }

  async find(id: string): Promise<JobDetail | undefined> {
    return isId(id) ? this.#find(new ObjectId(id)) : undefined;
  }

  findByKey(uniqueKey: string): Promise<JobDetail | undefined> {
    return this.#find(jobIdOf(uniqueKey));
  }

  async #find(_id: ObjectId): Promise<JobDetail | undefined> {
    const job = await whenReached(() => this.#jobs().findOne({ _id }));
    return job === null ? undefined : toDetail(toStored(job), this.#clock.now());
  }

  async runningOn(workerIds: readonly string[]): Promise<readonly JobSummary[]> {
    if (workerIds.length === 0) return [];
    const now = this.#clock.now();
    const found = await whenReached(() =>
      this.#jobs()
        .find({ lockedAt: { $ne: null }, lastModifiedBy: { $in: [...workerIds] } })
        .limit(MAX_RUNNING)
        .toArray(),
    );
    return found.map((job) => toSummary(toStored(job), now));
  }

  async counts(): Promise<readonly QueueCounts[]> {
    const now = this.#clock.now();
    const minuteAgo = addSeconds(now, -60);
    const counts = await whenReached(() =>
      Promise.all([
        this.#counted(conditionOf('ready', now)),
        this.#counted(conditionOf('scheduled', now)),
        this.#counted(conditionOf('retrying', now)),
        this.#counted(conditionOf('running', now)),
        this.#counted(conditionOf('dead', now)),
        this.#counted({
          lastFinishedAt: { $gte: minuteAgo },
          failCount: { $in: [0, null] },
          disabled: { $ne: true },
        }),
        this.#counted({ failedAt: { $gte: minuteAgo }, ...conditionOf('dead', now) }),
      ]),
    );
    return addCounts(queueCounts(counts), await this.#staged.counts());
  }

  /** By queue. */
  async #counted(condition: Filter<JobDocument>): Promise<CountedByQueue> {
    const groups = await this.#jobs()
      .aggregate<CountedGroup>([
        { $match: condition },
        { $group: { _id: '$queue', n: { $sum: 1 }, since: { $min: '$nextRunAt' } } },
      ])
      .toArray();
    return new Map(groups.map((group) => [group._id, group]));
  }

  async change(action: JobAction, ids: readonly string[]): Promise<readonly string[]> {
    const now = this.#clock.now();
    const changed: string[] = [];
    for (const id of ids.filter(isId)) {
      if ((await whenReached(() => this.#changeOne(action, new ObjectId(id), now))) > 0) changed.push(id);
    }
    return changed;
  }

  async #changeOne(action: JobAction, _id: ObjectId, now: Date): Promise<number> {
    if (action === 'delete') return (await this.#jobs().deleteOne({ _id, lockedAt: null })).deletedCount;
    const { when, set } = CHANGES[action](now);
    if (action === 'retry') {
      const known = await this.#jobs().findOne({ _id }, { projection: { attempts: 1, lastFinishedAt: 1 } });
      if (known === null) return 0;
      set.attempts = withAttempt(toAttempts(known.attempts), retriedByHand(now));
      // It has not run again since it was looked at.
      when.lastFinishedAt = known.lastFinishedAt ?? null;
    }
    return (await this.#jobs().updateOne({ _id, ...when }, { $set: set })).matchedCount;
  }

  close(): Promise<void> {
    return this.#client.close();
  }

  #jobs() {
    return this.#client.db().collection<JobDocument>(JOB_COLLECTION);
  }
}

interface CountedGroup extends Counted {
  readonly _id: string;
}

interface Change {
  readonly when: Filter<JobDocument>;
  readonly set: { -readonly [K in keyof JobDocument]?: JobDocument[K] };
}

/** The same as the SQL store does. */
const CHANGES: Readonly<Record<Exclude<JobAction, 'delete'>, (now: Date) => Change>> = {
  retry: (now) => ({
    when: { lockedAt: null, nextRunAt: null },
    set: { nextRunAt: now, failCount: 0, disabled: null },
  }),
  'run-now': (now) => ({
    when: { lockedAt: null, nextRunAt: { $ne: null }, disabled: { $ne: true } },
    set: { nextRunAt: now },
  }),
  // Without its token the worker that has it changes nothing any more.
  cancel: (now) => ({
    when: { $or: [{ lockedAt: { $ne: null } }, { nextRunAt: { $ne: null } }] },
    set: { nextRunAt: null, lastFinishedAt: now, lockedAt: null, lockToken: null, disabled: true },
  }),
};

const isId = (text: string): boolean => /^[0-9a-f]{24}$/.test(text);

function afterCursor(cursor: string): Filter<JobDocument> {
  const [at = '', id = ''] = decodeCursor(cursor, SORT, 2).map(String);
  const createdAt = new Date(at);
  if (Number.isNaN(createdAt.getTime()) || !isId(id)) throw invalidCursor();
  return {
    $or: [{ createdAt: { $lt: createdAt } }, { createdAt, _id: { $lt: new ObjectId(id) } }],
  };
}

function conditionOf(state: JobState, now: Date): Filter<JobDocument> {
  const [free, on] = [{ lockedAt: null }, { disabled: { $ne: true } }];
  const [failed, fine] = [{ failCount: { $gt: 0 } }, { failCount: { $in: [0, null] } }];
  switch (state) {
    case 'cancelled':
      return { disabled: true };
    case 'running':
      return { ...on, lockedAt: { $ne: null } };
    case 'ready':
      return { ...on, ...free, nextRunAt: { $lte: now } };
    case 'scheduled':
      return { ...on, ...free, ...fine, nextRunAt: { $gt: now } };
    case 'retrying':
      return { ...on, ...free, ...failed, nextRunAt: { $gt: now } };
    case 'succeeded':
      return { ...on, ...free, ...fine, nextRunAt: null };
    case 'dead':
      return { ...on, ...free, ...failed, nextRunAt: null };
  }
}

function conditionsOf({ state, queue, name, text }: JobFilter, now: Date): Filter<JobDocument>[] {
  const conditions: Filter<JobDocument>[] = [];
  if (state !== undefined) conditions.push(conditionOf(state, now));
  if (queue !== undefined) conditions.push({ queue });
  if (name !== undefined) conditions.push({ name });
  if (text !== undefined && text !== '') {
    const pattern = new RegExp(text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'), 'i');
    conditions.push({
      $or: [
        { name: pattern },
        { uniqueKey: pattern },
        { failReason: pattern },
        { dataText: pattern },
        ...(isId(text) ? [{ _id: new ObjectId(text) }] : []),
      ],
    });
  }
  return conditions;
}

const toStored = (job: JobDocument): StoredJob => ({
  id: job._id.toHexString(),
  name: job.name,
  queue: job.queue,
  data: job.data,
  priority: job.priority,
  uniqueKey: job.uniqueKey ?? undefined,
  createdAt: job.createdAt,
  nextRunAt: job.nextRunAt ?? undefined,
  locked: job.lockedAt !== null,
  disabled: job.disabled === true,
  lastRunAt: job.lastRunAt ?? undefined,
  lastFinishedAt: job.lastFinishedAt ?? undefined,
  failCount: job.failCount ?? 0,
  failReason: job.failReason ?? undefined,
  worker: job.lastModifiedBy ?? undefined,
  result: job.result ?? undefined,
  attempts: job.attempts ?? undefined,
});

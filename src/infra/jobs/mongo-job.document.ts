import { toJobId } from 'agenda';
import {
  type Filter,
  type IndexDescription,
  MongoNetworkError,
  MongoNotConnectedError,
  MongoServerSelectionError,
  MongoTopologyClosedError,
  ObjectId,
  type UpdateFilter,
} from 'mongodb';
import { DomainError } from '../../domain/shared/errors.ts';
import { HELD_FOREVER, type HeldJob } from './held-jobs.ts';
import type { JobEnd } from './job-ends.ts';
import { toAttempts } from './job-view.ts';

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

/** For the lists, newest first, the counts, the locks that have ended and the purge; Agenda has one for its claims. */
export const JOB_INDICES: readonly IndexDescription[] = [
  { name: 'jobs_created', key: { createdAt: -1, _id: -1 } },
  { name: 'jobs_queue', key: { queue: 1, createdAt: -1, _id: -1 } },
  { name: 'jobs_name', key: { name: 1, createdAt: -1, _id: -1 } },
  { name: 'jobs_due', key: { lockedAt: 1, nextRunAt: 1 } },
  { name: 'jobs_failed', key: { failCount: 1, createdAt: -1 } },
  { name: 'jobs_last_finished', key: { lastFinishedAt: 1 } },
];

/** What is known of a job before it is claimed. */
export type Candidate = Pick<
  JobDocument,
  '_id' | 'priority' | 'lockedAt' | 'lastRunAt' | 'lastModifiedBy' | 'failCount'
>;
export const CANDIDATE = { priority: 1, lockedAt: 1, lastRunAt: 1, lastModifiedBy: 1, failCount: 1 } as const;

/** Those of them whose token is still the stored one: no two claims have the same. */
export const ownedBy = (jobs: readonly HeldJob[]): Filter<JobDocument> => ({
  _id: { $in: jobs.map(({ _id: id = '' }) => new ObjectId(id)) },
  lockToken: { $in: [...new Set(jobs.map(({ lockToken }) => lockToken))] },
});

export const endKey = (id: string, startedAt: Date | null, finishedAt: Date | null): string =>
  `${id} ${startedAt?.getTime() ?? ''} ${finishedAt?.getTime() ?? ''}`;

export const finished = (end: JobEnd): NonNullable<UpdateFilter<JobDocument>['$set']> => ({
  lockedAt: null,
  lockToken: null,
  nextRunAt: end.nextRunAt,
  lastRunAt: end.startedAt,
  lastFinishedAt: end.finishedAt,
  failedAt: end.failedAt ?? null,
  failCount: end.failCount,
  failReason: end.failReason ?? null,
  result: end.result === null ? null : (JSON.parse(end.result) as unknown),
  attempts: end.attempts,
});

/** A driver that finds no server closes its topology under whatever waits for it. */
const AWAY = [MongoNetworkError, MongoServerSelectionError, MongoTopologyClosedError, MongoNotConnectedError];

/** @throws DomainError unavailable when the server is away; other errors stay as they are */
export async function whenReached<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (!AWAY.some((kind) => error instanceof kind)) throw error;
    throw mongoAway(error);
  }
}

export const mongoAway = (cause: unknown): DomainError =>
  new DomainError('unavailable', 'MongoDB cannot be reached: check MONGO_URL, and that the server runs', {
    cause,
  });

export function toHeldJob(doc: JobDocument, lockToken: string, claimedAt: Date): HeldJob {
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
    queue: doc.queue,
    attempts: toAttempts(doc.attempts),
    ...(doc.lastRunAt && { lastRunAt: doc.lastRunAt }),
    ...(doc.lastFinishedAt && { lastFinishedAt: doc.lastFinishedAt }),
    ...(doc.failedAt && { failedAt: doc.failedAt }),
    ...(doc.failReason && { failReason: doc.failReason }),
    ...(doc.repeatInterval !== undefined && { repeatInterval: doc.repeatInterval }),
    ...(doc.repeatTimezone && { repeatTimezone: doc.repeatTimezone }),
    ...(doc.repeatAt !== undefined && { repeatAt: doc.repeatAt }),
  };
}

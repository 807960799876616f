import type { JobParameters } from 'agenda';
import { type Collection, ObjectId } from 'mongodb';
import type { JobDocument } from './mongo-job.document.ts';
import { jobIdOf } from './staged-jobs.ts';
import { refuseDebounce, uniqueKeyOf } from './unique-key.ts';

/**
 * Makes or changes a job, as the SQL store does. What belongs to a run (the lock, how often it failed) is written when
 * the job is made, and never again: Agenda's own would take the lock off a job that runs.
 */
export async function saveMongoJob(jobs: Collection<JobDocument>, job: JobParameters): Promise<ObjectId> {
  refuseDebounce(job);
  const $set = settingsOf(job);
  if (job._id !== undefined) {
    const _id = new ObjectId(job._id);
    await jobs.updateOne({ _id, name: job.name }, { $set });
    return _id;
  }
  const key = uniqueKeyOf(job);
  const _id = key === undefined ? new ObjectId() : jobIdOf(key);
  const made = { ...NEW, name: job.name, uniqueKey: key ?? null, createdAt: new Date() };
  const update = job.uniqueOpts?.insertOnly
    ? { $setOnInsert: { ...made, ...$set } }
    : { $set, $setOnInsert: made };
  await jobs.updateOne({ _id }, update, { upsert: true });
  return _id;
}

const settingsOf = (job: JobParameters) => ({
  data: job.data ?? null,
  dataText: JSON.stringify(job.data ?? null),
  type: job.type === 'single' ? ('single' as const) : ('normal' as const),
  priority: job.priority,
  nextRunAt: job.nextRunAt,
  disabled: job.disabled ?? null,
  ...(job.repeatInterval !== undefined && { repeatInterval: job.repeatInterval }),
  ...(job.repeatTimezone && { repeatTimezone: job.repeatTimezone }),
  ...(job.repeatAt !== undefined && { repeatAt: job.repeatAt }),
});

const NEW = {
  queue: 'default',
  lockedAt: null,
  lockToken: null,
  lastRunAt: null,
  lastFinishedAt: null,
  failedAt: null,
  failCount: null,
  failReason: null,
  lastModifiedBy: null,
  result: null,
  attempts: null,
};

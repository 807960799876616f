import type { JobAction, JobControl, JobDetail, JobFilter, JobSummary } from '../jobs/job-record.ts';
import { type Actor, actorLabel } from '../shared/actor.ts';
import type { Clock } from '../shared/clock.ts';
import { DomainError, invalidField, notFound } from '../shared/errors.ts';
import { newId } from '../shared/ids.ts';
import { type JobType, type Queue, queueOf } from '../shared/job.ts';
import type { Page, PageRequest } from '../shared/page.ts';
import { onRecord, record } from './on-record.ts';
import type { Database } from './tx.ts';

/** At most so many jobs are changed by one call. */
export const MAX_CHANGED_JOBS = 1000;
/** As the job store keeps it. */
const MAX_KEY = 200;

/** What became of the jobs that were to be changed. */
export interface ChangedJobs {
  readonly changed: readonly string[];
  /** They do not exist, or their state does not allow it. */
  readonly unchanged: readonly string[];
}

interface Deps {
  readonly db: Database;
  readonly clock: Clock;
  readonly jobs: JobControl;
  /** Wakes the workers: jobs may have become ready. */
  readonly changed: () => void;
  /** The name of each queue, as it is configured. */
  readonly queues: Readonly<Record<Queue, string>>;
  /** Every job that there is, by name. */
  readonly catalog: ReadonlyMap<string, JobType<unknown>>;
}

/** What operators see of jobs, and do to them. */
export class ManageJobs {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /**
   * Newest first.
   * @param filter its queue logical, or as it is configured
   * @throws DomainError invalid_cursor, validation_failed for a queue that does not exist
   */
  async page(filter: JobFilter, page: PageRequest): Promise<Page<JobSummary>> {
    const { jobs, queues } = this.#deps;
    const queue = filter.queue === undefined ? undefined : queueOf(filter.queue, queues, 'validation_failed');
    return jobs.page({ ...filter, queue }, page);
  }

  /** @throws DomainError not_found */
  async get(id: string): Promise<JobDetail> {
    const job = await this.#deps.jobs.find(id);
    if (job === undefined) throw notFound(`job ${id}`);
    return job;
  }

  /** The job that a run of a schedule became. @throws DomainError not_found */
  async getByKey(uniqueKey: string): Promise<JobDetail> {
    const job = await this.#deps.jobs.findByKey(uniqueKey);
    if (job === undefined) throw notFound('job');
    return job;
  }

  /**
   * Puts a job where its handler finds it.
   * @returns its unique key
   * @throws DomainError not_found for a name that no job has, validation_failed for data that it does not take
   */
  enqueue(actor: Actor, name: string, data: unknown, key?: string): Promise<{ jobKey: string }> {
    const attempt = { actor, action: 'job.enqueue', subjects: [`job:${name}`] };
    return onRecord(this.#deps, attempt, () => this.#enqueue(actor, name, data, key));
  }

  async #enqueue(actor: Actor, name: string, data: unknown, key?: string): Promise<{ jobKey: string }> {
    const { db, clock, catalog } = this.#deps;
    const job = catalog.get(name);
    if (job === undefined) {
      const known = [...catalog.keys()].sort().join(', ');
      throw new DomainError('not_found', `there is no job ${name}: the jobs are ${known}`);
    }
    const jobKey = `manual:${name}:${key ?? newId()}`;
    if (jobKey.length > MAX_KEY) throw invalidField('key', 'too long');
    await db.transaction(async (tx) => {
      await tx.jobs.enqueue(job, data, { uniqueKey: jobKey });
      await tx.audit.append({
        at: clock.now(),
        actor: actorLabel(actor),
        action: 'job.enqueue',
        subject: `job:${name}`,
        details: { jobKey },
      });
    });
    return { jobKey };
  }

  /**
   * Each job by itself, whatever becomes of the others. What is asked for is on record before it is done, and then
   * what became of it: the job store may be another server.
   * @throws DomainError validation_failed for more than 1,000 ids, or none
   */
  async change(actor: Actor, action: JobAction, ids: readonly string[]): Promise<ChangedJobs> {
    const { jobs } = this.#deps;
    const wanted = [...new Set(ids)];
    if (wanted.length === 0 || wanted.length > MAX_CHANGED_JOBS) {
      throw invalidField('ids', `name 1 to ${MAX_CHANGED_JOBS} jobs`);
    }
    const attempt = (some: readonly string[]) => ({
      ...{ actor, action: `job.${action}` },
      subjects: some.map((id) => `job:${id}`),
    });
    await record(this.#deps, attempt(wanted), { outcome: 'asked' });
    const changed = await onRecord(this.#deps, attempt(wanted), () => jobs.change(action, wanted));
    if (changed.length > 0) this.#deps.changed();
    const unchanged = wanted.filter((id) => !changed.includes(id));
    await record(this.#deps, attempt(changed), { outcome: 'succeeded' });
    await record(this.#deps, attempt(unchanged), { outcome: 'failed', reason: 'not_found or its state' });
    return { changed, unchanged };
  }
}

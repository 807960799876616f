import type { JobControl } from '../domain/jobs/job-record.ts';
import { ManageJobs } from '../domain/use-cases/manage-jobs.ts';
import { ManageQueues } from '../domain/use-cases/manage-queues.ts';
import { ManageSchedules } from '../domain/use-cases/manage-schedules.ts';
import { ManageWorkers } from '../domain/use-cases/manage-workers.ts';
import { READY_JOBS_SIGNAL } from '../infra/db/jobs/sql-job-queue.ts';
import { SqlQueueReadModel } from '../infra/db/jobs/sql-queue.store.ts';
import { SqlScheduleReadModel } from '../infra/db/jobs/sql-schedule.store.ts';
import { SqlWorkersReadModel } from '../infra/db/jobs/sql-worker.store.ts';
import { jobCatalog } from '../jobs/job-catalog.ts';
import { scheduledJobs, schedules } from '../jobs/schedules.ts';
import type { Core } from './core.ts';

/** What operators do with jobs, queues, schedules and workers. */
export interface Control {
  readonly jobs: ManageJobs;
  /** Also where jobs live in MongoDB: what ended before they did, and what it refused. */
  readonly jobsInDatabase: ManageJobs;
  readonly queues: ManageQueues;
  readonly schedules: ManageSchedules;
  readonly workers: ManageWorkers;
}

export interface OpenControl extends Control {
  close(): Promise<void>;
}

/** Opens the job store for operators. Imported, and called, only by who needs it. */
export async function openControl(core: Core): Promise<OpenControl> {
  const { db, clock, config, connections } = core;
  const { SqlJobControl } = await import('../infra/jobs/sql.job-control.ts');
  const inDatabase = new SqlJobControl(connections, clock);
  const jobs = await openJobControl(core, inDatabase);
  const read = connections.read;
  const manage = (those: JobControl): ManageJobs =>
    new ManageJobs({
      ...{ db, clock, jobs: those, queues: config.queues, catalog: jobCatalog },
      changed: () => connections.tell(READY_JOBS_SIGNAL),
    });
  return {
    jobs: manage(jobs),
    jobsInDatabase: manage(inDatabase),
    queues: new ManageQueues({
      db,
      clock,
      jobs,
      queues: new SqlQueueReadModel(read),
      names: config.queues,
    }),
    schedules: new ManageSchedules({
      db,
      clock,
      schedules: new SqlScheduleReadModel(read),
      declarations: schedules,
      jobs: scheduledJobs,
    }),
    workers: new ManageWorkers({ db, clock, jobs, workers: new SqlWorkersReadModel(read, clock) }),
    close: () => jobs.close(),
  };
}

async function openJobControl({ config, clock }: Core, inDatabase: JobControl): Promise<JobControl> {
  if (config.mongoUrl === undefined) return inDatabase;
  const { MongoJobControl } = await import('../infra/jobs/mongo.job-control.ts');
  return new MongoJobControl(config.mongoUrl, clock, inDatabase);
}

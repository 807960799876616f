import { checkJobData, type JobType, type Queue } from '../shared/job.ts';
import type { WorkerLoad } from './worker.store.ts';

export interface JobContext {
  readonly jobId: string;
  /** 1 for the first try. */
  readonly attempt: number;
  /** Aborts at the soft time limit, when the lock was lost to another worker, and when the worker stops. */
  readonly signal: AbortSignal;
}

/** A contract with its handler; `run` checks the stored data first. */
export interface JobHandler {
  readonly name: string;
  readonly queue: Queue;
  /** @returns the result, kept with the job as JSON */
  run(data: unknown, context: JobContext): Promise<unknown>;
}

export const handlerOf = <D>(
  job: JobType<D>,
  run: (data: D, context: JobContext) => Promise<unknown>,
): JobHandler => ({
  name: job.name,
  queue: job.queue,
  run: async (data, context) => run(checkJobData(job, data), context),
});

export interface JobRunnerOptions {
  readonly handlers: readonly JobHandler[];
  /** Jobs that run at once in this process. */
  readonly concurrency: number;
  /** Stored with the jobs that this worker has. */
  readonly workerId: string;
}

export interface RunningJobs {
  load(): Pick<WorkerLoad, 'running' | 'processed' | 'stopping'>;
  concurrency(): number;
  /** Of less than run now, those go on. */
  setConcurrency(limit: number): void;
  /** Takes no more jobs, and resolves when those that run are done, or after `graceMilliseconds`. */
  stop(graceMilliseconds: number): Promise<void>;
}

/** Until when jobs ended that have had their time; a dead one stays longer, for somebody to look at it. */
export interface EndedBefore {
  readonly all: Date;
  readonly dead: Date;
}

/** The job store's working side: claims due jobs and runs their handlers. */
export interface JobRunner {
  start(options: JobRunnerOptions): Promise<RunningJobs>;
  /**
   * Deletes at most `limit` jobs that ended long ago. Called with the same `before` again it goes on from there.
   * @returns how many
   */
  purgeFinished(before: EndedBefore, limit: number): Promise<number>;
  /** @throws DomainError unavailable */
  ping(): Promise<void>;
  close(): Promise<void>;
}

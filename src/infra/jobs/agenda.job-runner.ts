import { setTimeout as delay } from 'node:timers/promises';
import { Agenda, type AgendaBackend, type Job, type RetryDetails } from 'agenda';
import type { JobHandler, JobRunner, JobRunnerOptions, RunningJobs } from '../../domain/jobs/job-runner.ts';
import { type RetryPolicy, retryDelay } from '../../domain/jobs/retry.ts';
import { errorFacts, type Log } from '../../domain/shared/log.ts';
import type { ClaimingRepository, ClaimLimits } from './held-jobs.ts';
import { type JobLimits, runJob } from './run-job.ts';
import { WakeChannel } from './wake-channel.ts';

export interface AgendaSettings {
  readonly limits: JobLimits;
  readonly retry: RetryPolicy;
}

/** A job store that Agenda can work on, connected. */
export interface AgendaStore {
  readonly name: string;
  /** One for each start: what it has claimed belongs to that worker. */
  repository(limits: ClaimLimits): Promise<ClaimingRepository>;
  /** Calls back when jobs were enqueued in this process. @returns how to end that */
  onEnqueued(listener: () => void): () => void;
  purgeFinished(before: Date, limit: number): Promise<number>;
  ping(): Promise<void>;
  close(): Promise<void>;
}

/** How soon jobs that another process enqueued are found, in milliseconds. */
const POLL = 200;
const IDLE_CHECK = 20;
/** A store that is down would be reported by every poll. */
const ERROR_LOG_INTERVAL = 5000;

/** Runs jobs with Agenda on any of its stores. */
export class AgendaJobRunner implements JobRunner {
  readonly #store: AgendaStore;
  readonly #settings: AgendaSettings;
  readonly #log: Log;

  constructor(store: AgendaStore, settings: AgendaSettings, log: Log) {
    this.#store = store;
    this.#settings = settings;
    this.#log = log;
  }

  async start({ handlers, concurrency }: JobRunnerOptions): Promise<RunningJobs> {
    const repository = await this.#store.repository({
      lockSeconds: this.#settings.limits.lockSeconds,
      held: concurrency,
    });
    const channel = new WakeChannel(handlers.map((h) => h.name));
    const agenda = new Agenda({
      backend: backendOf(this.#store.name, repository, channel),
      processEvery: POLL,
      maxConcurrency: concurrency,
      defaultConcurrency: concurrency,
      // Never more than can run at once: a lock's time starts with the claim, not with the run.
      lockLimit: concurrency,
      defaultLockLimit: concurrency,
      // Only how often Agenda looks after a job that runs: see HELD_FOREVER.
      defaultLockLifetime: POLL,
    });
    for (const handler of handlers) this.#define(agenda, handler, repository);
    this.#report(agenda);
    // After the event Agenda counts the job as done, and may claim the next one.
    agenda.on('complete', () => channel.wake());
    await agenda.start();
    const unsubscribe = this.#store.onEnqueued(channel.wake);
    return {
      stop: async (graceMilliseconds) => {
        unsubscribe();
        await repository.held.pause();
        await agenda.stop(false);
        await this.#untilIdle(repository, graceMilliseconds);
      },
    };
  }

  #define(agenda: Agenda, handler: JobHandler, repository: ClaimingRepository): void {
    const { limits, retry } = this.#settings;
    // Agenda waits for a callback when its handler takes two parameters.
    agenda.define(handler.name, (job: Job) => runJob(handler, job, repository, limits), {
      backoff: ({ attempt, error }) => retryDelay({ attempt, error }, retry, Math.random()) ?? null,
    });
  }

  #report(agenda: Agenda): void {
    let lastError = 0;
    agenda.on('error', (error: unknown) => {
      if (Date.now() - lastError < ERROR_LOG_INTERVAL) return;
      lastError = Date.now();
      this.#log.error({ ...errorFacts(error), store: this.#store.name }, 'the job store failed');
    });
    agenda.on('retry', (job: Job, { error, nextRunAt }: RetryDetails) => {
      this.#log.warn(
        { ...errorFacts(error), ...factsOf(job), nextRunAt },
        'a job failed and will be tried again',
      );
    });
    agenda.on('retry exhausted', (error: Error, job: Job) => {
      this.#log.error({ ...errorFacts(error), ...factsOf(job) }, 'a job failed for the last time');
    });
  }

  async #untilIdle(repository: ClaimingRepository, graceMilliseconds: number): Promise<void> {
    const deadline = Date.now() + graceMilliseconds;
    while (repository.held.count > 0 && Date.now() < deadline) await delay(IDLE_CHECK);
    if (repository.held.count > 0) {
      this.#log.warn({ jobs: repository.held.count }, 'jobs were cut off: another worker runs them again');
    }
  }

  purgeFinished(before: Date, limit: number): Promise<number> {
    return this.#store.purgeFinished(before, limit);
  }

  ping(): Promise<void> {
    return this.#store.ping();
  }

  close(): Promise<void> {
    return this.#store.close();
  }
}

const factsOf = ({ attrs }: Job) => ({ job: attrs.name, jobId: attrs._id, attempt: attrs.failCount });

const backendOf = (name: string, repository: ClaimingRepository, channel: WakeChannel): AgendaBackend => ({
  name,
  repository,
  notificationChannel: channel,
  ownsConnection: false,
  // Connected before: Agenda would let a failure go unhandled.
  connect: () => Promise.resolve(),
  disconnect: () => Promise.resolve(),
});

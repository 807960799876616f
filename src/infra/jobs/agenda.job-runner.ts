import { setTimeout as delay } from 'node:timers/promises';
import { Agenda, type AgendaBackend, type Job, type RetryDetails } from 'agenda';
import type {
  EndedBefore,
  JobHandler,
  JobRunner,
  JobRunnerOptions,
  RunningJobs,
} from '../../domain/jobs/job-runner.ts';
import { type RetryPolicy, retryDelay } from '../../domain/jobs/retry.ts';
import { errorFacts, type Log } from '../../domain/shared/log.ts';
import { ClaimedJobs } from './claimed-jobs.ts';
import { type ClaimingRepository, type ClaimLimits, LockLost, WorkerStops } from './held-jobs.ts';
import { JobClaimer } from './job-claimer.ts';
import type { QueueGate } from './queue-gate.ts';
import { type JobLimits, runJob } from './run-job.ts';

export interface AgendaSettings {
  readonly limits: JobLimits;
  readonly retry: RetryPolicy;
}

/** A job store that Agenda can work on, connected. */
export interface AgendaStore {
  readonly name: string;
  /** One for each start: what it has claimed belongs to that worker. */
  repository(limits: ClaimLimits): Promise<ClaimingRepository>;
  /** Calls back when jobs were enqueued. @returns how to end that */
  onEnqueued(listener: () => void): () => void;
  purgeFinished(before: EndedBefore, limit: number): Promise<number>;
  ping(): Promise<void>;
  close(): Promise<void>;
}

const IDLE_CHECK = 20;
/** How often Agenda looks for jobs that it is not brought: there are none. Also the life of a timer for each job. */
const LOOK = 200;
const UNLIMITED = 100_000;
/** The part of the grace after which handlers are asked to stop. */
const ASK_AFTER = 0.8;

/** Runs jobs with Agenda on any of its stores. */
export class AgendaJobRunner implements JobRunner {
  readonly #store: AgendaStore;
  readonly #gate: QueueGate;
  readonly #settings: AgendaSettings;
  readonly #log: Log;

  constructor(store: AgendaStore, gate: QueueGate, settings: AgendaSettings, log: Log) {
    this.#store = store;
    this.#gate = gate;
    this.#settings = settings;
    this.#log = log;
  }

  async start({ handlers, concurrency, workerId }: JobRunnerOptions): Promise<RunningJobs> {
    const { limits, retry } = this.#settings;
    const repository = await this.#store.repository({
      worker: workerId,
      lockSeconds: limits.lockSeconds,
      maxLost: retry.maxAttempts,
    });
    const claimed = new ClaimedJobs(repository.held);
    const agenda = new Agenda({
      backend: backendOf(this.#store.name, repository, claimed),
      processEvery: LOOK,
      maxConcurrency: UNLIMITED,
      defaultConcurrency: UNLIMITED,
      lockLimit: 0,
      defaultLockLimit: 0,
      // Only how often Agenda looks after a job that runs: see HELD_FOREVER.
      defaultLockLifetime: LOOK,
    });
    const claimer = new JobClaimer(
      {
        repository,
        gate: this.#gate,
        queues: new Map(handlers.map((h) => [h.name, h.queue])),
        log: this.#log,
        run: (job) => claimed.run(job),
      },
      concurrency,
    );
    for (const handler of handlers) this.#define(agenda, handler, { repository, claimer });
    this.#report(agenda);
    await agenda.start();
    const renewal = this.#renewing(repository, claimer);
    const unsubscribe = this.#store.onEnqueued(claimer.news);
    claimer.start();
    return {
      load: () => ({
        running: claimer.executing,
        processed: repository.held.processed,
        stopping: claimer.stopping,
      }),
      concurrency: () => claimer.limit,
      setConcurrency: (limit) => claimer.setLimit(limit),
      stop: async (graceMilliseconds) => {
        unsubscribe();
        await claimer.stop();
        await this.#untilIdle(repository, claimer, graceMilliseconds);
        clearInterval(renewal);
        await agenda.stop(false);
      },
    };
  }

  #define(
    agenda: Agenda,
    handler: JobHandler,
    { repository, claimer }: { repository: ClaimingRepository; claimer: JobClaimer },
  ): void {
    const { limits, retry } = this.#settings;
    // Agenda waits for a callback when its handler takes two parameters.
    const process = async (job: Job): Promise<void> => {
      const start = performance.now();
      try {
        await runJob(handler, job, repository.held, limits);
      } catch (error) {
        if (!(error instanceof WorkerStops)) throw error;
        this.#log.info(factsOf(job), 'a job ended because the worker stops: another runs it again');
        // Agenda takes it for a success, which is not stored: it is not held here any more.
        await repository.unlockJobs([job.attrs._id ?? '']);
      } finally {
        claimer.ended(performance.now() - start);
      }
    };
    agenda.define(handler.name, process, {
      backoff: ({ attempt, error }) => retryDelay({ attempt, error }, retry, Math.random()) ?? null,
    });
  }

  /** Signs of life; a job that was cancelled, or is another worker's by now, is cut off. */
  #renewing(repository: ClaimingRepository, claimer: JobClaimer): NodeJS.Timeout {
    let busy = false;
    const renew = async (): Promise<void> => {
      if (busy) return;
      busy = true;
      try {
        for (const id of await repository.renew()) {
          if (claimer.drop(id)) continue;
          repository.held
            .get(id)
            ?.cutOff?.(new LockLost(`job ${id} was cancelled, or is another worker's by now`));
        }
      } catch (error) {
        this.#log.warn(errorFacts(error), 'the signs of life of running jobs were not stored');
      } finally {
        busy = false;
      }
    };
    return setInterval(() => void renew(), (this.#settings.limits.lockSeconds * 1000) / 4);
  }

  #report(agenda: Agenda): void {
    agenda.on('error', (error: unknown) => {
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

  /** Those that do not end in time are asked to, and in the end given back: another worker runs them again. */
  async #untilIdle(
    repository: ClaimingRepository,
    claimer: JobClaimer,
    graceMilliseconds: number,
  ): Promise<void> {
    const { held } = repository;
    const start = Date.now();
    const [ask, end] = [start + graceMilliseconds * ASK_AFTER, start + graceMilliseconds];
    let asked = false;
    // What is being given back is not held any more, and executes until that is stored.
    while (held.count + claimer.executing > 0 && Date.now() < end) {
      if (!asked && Date.now() >= ask) {
        asked = true;
        held.ask(new WorkerStops());
      }
      await delay(IDLE_CHECK);
    }
    if (held.count === 0) return;
    this.#log.warn({ jobs: held.count }, 'jobs were cut off: another worker runs them again');
    const ids = held.all.flatMap(({ _id }) => (_id === undefined ? [] : [_id]));
    const tries = ids.map((id) => held.get(id));
    await repository.unlockJobs(ids);
    // Not before: the end of a try that is held would be stored as a failure. Its timers end with it.
    for (const one of tries) one?.cutOff?.(new LockLost('the worker stops'));
  }

  purgeFinished(before: EndedBefore, limit: number): Promise<number> {
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

const backendOf = (name: string, repository: ClaimingRepository, claimed: ClaimedJobs): AgendaBackend => ({
  name,
  repository,
  notificationChannel: claimed,
  ownsConnection: false,
  // Connected before: Agenda would let a failure go unhandled.
  connect: () => Promise.resolve(),
  disconnect: () => Promise.resolve(),
});

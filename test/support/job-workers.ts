import type { JobHandler, RunningJobs } from '../../src/domain/jobs/job-runner.ts';
import { newId } from '../../src/domain/shared/ids.ts';
import type { Log } from '../../src/domain/shared/log.ts';
import { SqlQueueReadModel } from '../../src/infra/db/jobs/sql-queue.store.ts';
import {
  AgendaJobRunner,
  type AgendaSettings,
  type AgendaStore,
} from '../../src/infra/jobs/agenda.job-runner.ts';
import { QueueGate } from '../../src/infra/jobs/queue-gate.ts';
import type { StoreUnderTest } from './job-conformance.ts';

interface Start {
  readonly concurrency?: number | undefined;
  readonly store?: AgendaStore | undefined;
  readonly log?: Log;
}

/** The workers of one test, and the job stores that they work on. */
export class JobWorkers {
  readonly #under: StoreUnderTest;
  #running: RunningJobs[] = [];
  #stores: AgendaStore[] = [];

  constructor(under: StoreUnderTest) {
    this.#under = under;
  }

  /** In the order of their start. */
  get running(): readonly RunningJobs[] {
    return this.#running;
  }

  get stores(): readonly AgendaStore[] {
    return this.#stores;
  }

  readonly open = (): AgendaStore => {
    const store = this.#under.open();
    this.#stores.push(store);
    return store;
  };

  async start(
    handler: JobHandler,
    settings: AgendaSettings,
    { concurrency = 4, store = this.open(), log }: Start = {},
  ): Promise<RunningJobs> {
    const { app } = this.#under.app();
    const gate = new QueueGate(app.connections, new SqlQueueReadModel(app.connections.read));
    const runner = new AgendaJobRunner(store, gate, settings, log ?? app.log);
    const jobs = await runner.start({ handlers: [handler], concurrency, workerId: newId() });
    this.#running.push(jobs);
    return jobs;
  }

  /** To be called after each test. */
  async end(graceMilliseconds = 5000): Promise<void> {
    await Promise.all(this.#running.map((jobs) => jobs.stop(graceMilliseconds)));
    await Promise.all(this.#stores.map((store) => store.close()));
    [this.#running, this.#stores] = [[], []];
  }
}

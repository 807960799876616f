import type { JobControl, JobSummary } from '../jobs/job-record.ts';
import {
  WORKER_ALIVE_SECONDS,
  type WorkerCommand,
  type WorkerReadModel,
  type WorkerView,
} from '../jobs/worker.store.ts';
import { type Actor, actorLabel } from '../shared/actor.ts';
import { addSeconds, type Clock } from '../shared/clock.ts';
import { DomainError, invalidField, notFound, unlessAway } from '../shared/errors.ts';
import { onRecord } from './on-record.ts';
import type { Database } from './tx.ts';

/** Those that died are still shown for a while. */
const SHOWN_SECONDS = 600;
const MAX_CONCURRENCY = 1000;

export interface WorkerState extends WorkerView {
  /** Gave a sign of life in the last 30 seconds. */
  readonly alive: boolean;
  /** What it runs; undefined while the job store is away. */
  readonly jobs: readonly JobSummary[] | undefined;
}

interface Deps {
  readonly db: Database;
  readonly clock: Clock;
  readonly jobs: Pick<JobControl, 'runningOn'>;
  readonly workers: WorkerReadModel;
}

/** What operators see of running processes, and tell workers to do. */
export class ManageWorkers {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Every role; a process that died is shown for ten minutes. */
  async list(): Promise<WorkerState[]> {
    const { clock, jobs, workers } = this.#deps;
    const now = clock.now();
    const seen = await workers.seenSince(addSeconds(now, -SHOWN_SECONDS));
    const ids = seen.filter((w) => w.role === 'worker').map((w) => w.id);
    const running = await unlessAway(jobs.runningOn(ids));
    return seen.map((worker) => ({
      ...worker,
      alive: isAlive(worker, now),
      jobs: running?.filter((job) => job.worker === worker.id),
    }));
  }

  /** @throws DomainError not_found, conflict (not a worker, or not alive), validation_failed */
  async setConcurrency(actor: Actor, workerId: string, concurrency: number): Promise<void> {
    await this.#onRecord(actor, workerId, 'set-concurrency', () => {
      if (!Number.isInteger(concurrency) || concurrency < 1 || concurrency > MAX_CONCURRENCY)
        throw invalidField('concurrency', `a whole number from 1 to ${MAX_CONCURRENCY}`);
      return this.#tell(actor, workerId, { type: 'set-concurrency', concurrency });
    });
  }

  /** It finishes what it has, and ends. @throws DomainError not_found, conflict (not a worker, or not alive) */
  shutDown(actor: Actor, workerId: string): Promise<void> {
    const type = 'shut-down';
    return this.#onRecord(actor, workerId, type, () => this.#tell(actor, workerId, { type }));
  }

  #onRecord(
    actor: Actor,
    workerId: string,
    type: WorkerCommand['type'],
    tell: () => Promise<void>,
  ): Promise<void> {
    const attempt = { actor, action: `worker.${type}`, subjects: [`worker:${workerId}`] };
    return onRecord(this.#deps, attempt, async () => tell());
  }

  #tell(actor: Actor, workerId: string, command: WorkerCommand): Promise<void> {
    const { db, clock } = this.#deps;
    const at = clock.now();
    return db.transaction(async (tx) => {
      const worker = await tx.workers.find(workerId);
      if (worker === undefined) throw notFound(`worker ${workerId}`);
      if (worker.role !== 'worker')
        throw new DomainError(
          'conflict',
          `${worker.host}:${worker.pid} is a ${worker.role}: only workers take commands`,
        );
      if (!isAlive(worker, at))
        throw new DomainError('conflict', `worker ${worker.host}:${worker.pid} has not been seen lately`);
      await tx.workers.command(workerId, command, at);
      await tx.audit.append({
        at,
        actor: actorLabel(actor),
        action: `worker.${command.type}`,
        subject: `worker:${workerId}`,
        details: { ...command },
      });
    });
  }
}

const isAlive = (worker: WorkerView, now: Date): boolean =>
  worker.seenAt >= addSeconds(now, -WORKER_ALIVE_SECONDS);

import type { WorkerBeat, WorkerCommand } from '../jobs/worker.store.ts';
import type { Clock } from '../shared/clock.ts';
import type { Database } from './tx.ts';

/** Tells the others that a process is there, and that it left in order. */
export class Heartbeat {
  readonly #db: Database;
  readonly #clock: Clock;

  constructor(db: Database, clock: Clock) {
    this.#db = db;
    this.#clock = clock;
  }

  beat(worker: WorkerBeat): Promise<void> {
    return this.#db.transaction((tx) => tx.workers.beat(worker, this.#clock.now()));
  }

  /** What the worker was told since it asked last, oldest first. */
  commands(id: string): Promise<WorkerCommand[]> {
    return this.#db.transaction((tx) => tx.workers.takeCommands(id));
  }

  leave(id: string): Promise<void> {
    return this.#db.transaction((tx) => tx.workers.leave(id));
  }
}

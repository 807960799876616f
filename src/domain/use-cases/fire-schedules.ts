import { nextTick } from '../jobs/next-tick.ts';
import type { Schedule, ScheduleDeclaration } from '../jobs/schedule.store.ts';
import type { Clock } from '../shared/clock.ts';
import type { JobType } from '../shared/job.ts';
import type { Database, Tx } from './tx.ts';

export interface FireSchedulesDeps {
  readonly db: Database;
  readonly clock: Clock;
  /** Every job that a schedule may name. */
  readonly jobs: ReadonlyMap<string, JobType<unknown>>;
}

/** Turns due schedules into jobs. Any number of processes may do so: each tick becomes one job. */
export class FireSchedules {
  readonly #deps: FireSchedulesDeps;

  constructor(deps: FireSchedulesDeps) {
    this.#deps = deps;
  }

  /** @throws DomainError validation_failed when a declaration is wrong: found at the start, not at the tick */
  async declare(declarations: readonly ScheduleDeclaration[]): Promise<void> {
    const now = this.#deps.clock.now();
    const rows = declarations.map((d) => {
      this.#job(d.job).data.parse(d.data);
      return { ...d, nextRunAt: nextTick(d.cron, d.timezone, now) };
    });
    await this.#deps.db.transaction((tx) => tx.schedules.declare(rows));
  }

  /** A tick that was missed while no scheduler ran fires once, late. @returns the names of the schedules that fired */
  run(): Promise<string[]> {
    const now = this.#deps.clock.now();
    return this.#deps.db.transaction(async (tx) => {
      const fired: string[] = [];
      for (const schedule of await tx.schedules.due(now)) {
        if (await this.#fire(tx, schedule, now)) fired.push(schedule.name);
      }
      return fired;
    });
  }

  async #fire(tx: Tx, schedule: Schedule, now: Date): Promise<boolean> {
    const next = nextTick(schedule.cron, schedule.timezone, now);
    if (!(await tx.schedules.take(schedule, next, now))) return false;
    const uniqueKey = `schedule:${schedule.name}:${schedule.nextRunAt.toISOString()}`;
    await tx.jobs.enqueue(this.#job(schedule.job), schedule.data, { uniqueKey });
    return true;
  }

  #job(name: string): JobType<unknown> {
    const job = this.#deps.jobs.get(name);
    if (job === undefined) throw new Error(`a schedule names the job ${name}, which does not exist`);
    return job;
  }
}

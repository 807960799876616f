import { nextTick } from '../jobs/next-tick.ts';
import type { Schedule, ScheduleDeclaration, ScheduleReadModel } from '../jobs/schedule.store.ts';
import type { Clock } from '../shared/clock.ts';
import type { JobType } from '../shared/job.ts';
import type { Database } from './tx.ts';

export interface FireSchedulesDeps {
  readonly db: Database;
  readonly schedules: ScheduleReadModel;
  readonly clock: Clock;
  /** Every job that a schedule may name. */
  readonly jobs: ReadonlyMap<string, JobType<unknown>>;
}

interface FailedSchedule {
  readonly name: string;
  readonly error: unknown;
}

export interface FiredSchedules {
  readonly fired: readonly string[];
  /** Still due. */
  readonly failed: readonly FailedSchedule[];
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

  /** A tick that was missed while no scheduler ran fires once, late. One that fails keeps no other back. */
  async run(): Promise<FiredSchedules> {
    const now = this.#deps.clock.now();
    const fired: string[] = [];
    const failed: FailedSchedule[] = [];
    for (const schedule of await this.#deps.schedules.due(now)) {
      try {
        if (await this.#fire(schedule, now)) fired.push(schedule.name);
      } catch (error) {
        failed.push({ name: schedule.name, error });
      }
    }
    return { fired, failed };
  }

  /** @returns false when another scheduler has the tick */
  #fire(schedule: Schedule, now: Date): Promise<boolean> {
    const next = nextTick(schedule.cron, schedule.timezone, now);
    const uniqueKey = `schedule:${schedule.name}:${schedule.nextRunAt.toISOString()}`;
    return this.#deps.db.transaction(async (tx) => {
      if (!(await tx.schedules.take(schedule, next, now))) return false;
      await tx.jobs.enqueue(this.#job(schedule.job), schedule.data, { uniqueKey });
      return true;
    });
  }

  #job(name: string): JobType<unknown> {
    const job = this.#deps.jobs.get(name);
    if (job === undefined) throw new Error(`a schedule names the job ${name}, which does not exist`);
    return job;
  }
}

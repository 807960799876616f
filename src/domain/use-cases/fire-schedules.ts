import { nextTick } from '../jobs/next-tick.ts';
import type {
  Schedule,
  ScheduleDeclaration,
  ScheduleReadModel,
  ScheduleRunOutcome,
} from '../jobs/schedule.store.ts';
import { addSeconds, type Clock } from '../shared/clock.ts';
import { newId } from '../shared/ids.ts';
import { checkJobData, type JobType } from '../shared/job.ts';
import type { Database } from './tx.ts';

/**
 * A tick that is older was missed: no scheduler ran. Younger ones fire one by one, however busy the schedulers are.
 */
const MISSED_SECONDS = 60;
/** Before one that cannot be fired is tried again, in seconds; twice as long each time. */
const FIRST_REST = 5;
const MAX_REST = 60;

export interface FireSchedulesDeps {
  readonly db: Database;
  readonly schedules: ScheduleReadModel;
  readonly clock: Clock;
  /** Every job that a schedule may name. */
  readonly jobs: ReadonlyMap<string, JobType<unknown>>;
}

interface Rest {
  readonly seconds: number;
  readonly until: Date;
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
  /** Those that could not be fired, until they are tried again. */
  readonly #resting = new Map<string, Rest>();

  constructor(deps: FireSchedulesDeps) {
    this.#deps = deps;
  }

  /** @throws DomainError validation_failed when a declaration is wrong: found at the start, not at the tick */
  async declare(declarations: readonly ScheduleDeclaration[]): Promise<void> {
    const now = this.#deps.clock.now();
    const rows = declarations.map((d) => {
      checkJobData(this.#job(d.job), d.data);
      return { ...d, nextRunAt: nextTick(d.cron, d.timezone, now) };
    });
    await this.#deps.db.transaction((tx) => tx.schedules.declare(rows));
  }

  /** When `run` has something to do: the next tick, or the next try of a schedule that could not be fired. */
  async next(): Promise<Date | undefined> {
    const tick = await this.#deps.schedules.nextTick([...this.#resting.keys()]);
    const times = [...this.#resting.values()].map(({ until }) => until).concat(tick ?? []);
    return times.reduce<Date | undefined>(
      (first, at) => (first === undefined || at < first ? at : first),
      undefined,
    );
  }

  /** Ticks that were missed fire once, late, or not at all, as the schedule says. One that fails keeps no other back. */
  async run(): Promise<FiredSchedules> {
    const now = this.#deps.clock.now();
    const fired: string[] = [];
    const failed: FailedSchedule[] = [];
    const due = await this.#deps.schedules.due(now);
    for (const name of this.#resting.keys())
      if (!due.some((s) => s.name === name)) this.#resting.delete(name);
    for (const schedule of due) {
      const rest = this.#resting.get(schedule.name);
      if (rest !== undefined && now < rest.until) continue;
      try {
        if (await this.#fire(schedule, now)) fired.push(schedule.name);
        this.#resting.delete(schedule.name);
      } catch (error) {
        failed.push({ name: schedule.name, error });
        const seconds = rest === undefined ? FIRST_REST : Math.min(2 * rest.seconds, MAX_REST);
        this.#resting.set(schedule.name, { seconds, until: addSeconds(now, seconds) });
      }
    }
    return { fired, failed };
  }

  /** @returns false when another scheduler has the tick, or it is skipped */
  #fire(schedule: Schedule, now: Date): Promise<boolean> {
    const { name, cron, timezone, nextRunAt: tickAt } = schedule;
    const outcome = outcomeOf(schedule, now);
    const next = nextTick(cron, timezone, outcome === 'fired' ? tickAt : now);
    const jobKey = outcome === 'skipped' ? undefined : `schedule:${name}:${tickAt.toISOString()}`;
    return this.#deps.db.transaction(async (tx) => {
      if (!(await tx.schedules.take(schedule, next, now))) return false;
      await tx.schedules.record({ id: newId(), schedule: name, tickAt, firedAt: now, outcome, jobKey });
      if (jobKey === undefined) return false;
      await tx.jobs.enqueue(this.#job(schedule.job), schedule.data, { uniqueKey: jobKey });
      return true;
    });
  }

  #job(name: string): JobType<unknown> {
    const job = this.#deps.jobs.get(name);
    if (job === undefined) throw new Error(`a schedule names the job ${name}, which does not exist`);
    return job;
  }
}

function outcomeOf({ nextRunAt, missed }: Schedule, now: Date): ScheduleRunOutcome {
  if (now.getTime() - nextRunAt.getTime() <= MISSED_SECONDS * 1000) return 'fired';
  return missed === 'skip' ? 'skipped' : 'late';
}

import { nextTick } from '../jobs/next-tick.ts';
import {
  MISSED_POLICIES,
  type MissedPolicy,
  type Schedule,
  type ScheduleDeclaration,
  type ScheduleReadModel,
  type ScheduleRun,
} from '../jobs/schedule.store.ts';
import { type Actor, actorLabel } from '../shared/actor.ts';
import type { Clock } from '../shared/clock.ts';
import { DomainError, invalidField, notFound } from '../shared/errors.ts';
import { newId } from '../shared/ids.ts';
import { checkJobData, type JobType } from '../shared/job.ts';
import type { Page, PageRequest } from '../shared/page.ts';
import { onRecord } from './on-record.ts';
import type { Database, Tx } from './tx.ts';

/** What is not given stays as it is. */
export interface ScheduleChange {
  /** A cron expression, or an interval: `@every 90s`. */
  readonly cron?: string | undefined;
  readonly timezone?: string | undefined;
  readonly data?: unknown;
  readonly enabled?: boolean | undefined;
  readonly missed?: MissedPolicy | undefined;
}

export interface ScheduleView extends Schedule {
  /** Differs from what the program declares. */
  readonly changed: boolean;
  /** The program's own; absent for one that it does not know any more. */
  readonly declared: ScheduleDeclaration | undefined;
}

interface Deps {
  readonly db: Database;
  readonly clock: Clock;
  readonly schedules: ScheduleReadModel;
  readonly declarations: readonly ScheduleDeclaration[];
  /** Every job that a schedule may name. */
  readonly jobs: ReadonlyMap<string, JobType<unknown>>;
}

/** What operators see of schedules, and change of them. */
export class ManageSchedules {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  async list(): Promise<ScheduleView[]> {
    return (await this.#deps.schedules.list()).map((schedule) => this.#view(schedule));
  }

  /** @throws DomainError not_found */
  async get(name: string): Promise<ScheduleView> {
    const schedule = await this.#deps.schedules.find(name);
    if (schedule === undefined) throw notFound(`schedule ${name}`);
    return this.#view(schedule);
  }

  /** Newest first; of every schedule when none is named. @throws DomainError invalid_cursor */
  history(name: string | undefined, page: PageRequest): Promise<Page<ScheduleRun>> {
    return this.#deps.schedules.runs(name, page);
  }

  /** @throws DomainError not_found, validation_failed (the times, the zone, or data that the job does not take) */
  edit(actor: Actor, name: string, change: ScheduleChange): Promise<ScheduleView> {
    return this.#change(actor, name, 'edit', (before) => {
      const { cron = before.cron, timezone = before.timezone, enabled = before.enabled } = change;
      const { data = before.data, missed = before.missed } = change;
      return { ...before, cron: cron.trim(), timezone, enabled, data, missed };
    });
  }

  /** Back to what the program declares. @throws DomainError not_found, conflict when it declares no such schedule */
  restore(actor: Actor, name: string): Promise<ScheduleView> {
    const declared = this.#declared(name);
    return this.#change(actor, name, 'restore', (before) => {
      if (declared === undefined)
        throw new DomainError('conflict', `the program declares no schedule ${name} any more: disable it`);
      return { ...before, ...declared, enabled: true };
    });
  }

  /** Once, beside its ticks, also when it is disabled. @returns the unique key of the job @throws DomainError not_found */
  runNow(actor: Actor, name: string): Promise<{ jobKey: string }> {
    const { clock } = this.#deps;
    return this.#onRecord(actor, name, 'run', async (tx) => {
      const schedule = await tx.schedules.lock(name);
      if (schedule === undefined) throw notFound(`schedule ${name}`);
      const [at, id] = [clock.now(), newId()];
      const jobKey = `schedule:${name}:${id}`;
      await tx.jobs.enqueue(this.#job(schedule.job), schedule.data, { uniqueKey: jobKey });
      await tx.schedules.record({ id, schedule: name, tickAt: at, firedAt: at, outcome: 'manual', jobKey });
      await this.#audit(tx, actor, 'run', schedule);
      return { jobKey };
    });
  }

  #change(
    actor: Actor,
    name: string,
    action: string,
    change: (before: Schedule) => Schedule,
  ): Promise<ScheduleView> {
    const { clock } = this.#deps;
    return this.#onRecord(actor, name, action, async (tx) => {
      const before = await tx.schedules.lock(name);
      if (before === undefined) throw notFound(`schedule ${name}`);
      const after = change(before);
      checkJobData(this.#job(after.job), after.data);
      if (!MISSED_POLICIES.includes(after.missed))
        throw invalidField('missed', `one of ${MISSED_POLICIES.join(', ')}`);
      const nextRunAt = tickAfter(before, after, clock.now());
      const stored = { ...after, nextRunAt };
      await tx.schedules.update(stored);
      await this.#audit(tx, actor, action, stored);
      return this.#view(stored);
    });
  }

  #onRecord<T>(actor: Actor, name: string, action: string, work: (tx: Tx) => Promise<T>): Promise<T> {
    const attempt = { actor, action: `schedule.${action}`, subjects: [`schedule:${name}`] };
    return onRecord(this.#deps, attempt, () => this.#deps.db.transaction(work));
  }

  #audit(tx: Tx, actor: Actor, action: string, schedule: Schedule): Promise<void> {
    const { name, cron, timezone, enabled, missed, data } = schedule;
    return tx.audit.append({
      at: this.#deps.clock.now(),
      actor: actorLabel(actor),
      action: `schedule.${action}`,
      subject: `schedule:${name}`,
      details: { cron, timezone, enabled, missed, data },
    });
  }

  #declared(name: string): ScheduleDeclaration | undefined {
    return this.#deps.declarations.find((d) => d.name === name);
  }

  #view(schedule: Schedule): ScheduleView {
    const declared = this.#declared(schedule.name);
    return { ...schedule, declared, changed: declared === undefined || !isAsDeclared(schedule, declared) };
  }

  #job(name: string): JobType<unknown> {
    const job = this.#deps.jobs.get(name);
    if (job === undefined)
      throw new DomainError('conflict', `there is no job ${name} any more: disable the schedule`);
    return job;
  }
}

/**
 * A tick that has come, and that no scheduler has fired yet, is not lost, and times that stay as they were go on. What
 * was missed while it was disabled is no tick of it.
 */
function tickAfter(before: Schedule, after: Schedule, now: Date): Date {
  const next = nextTick(after.cron, after.timezone, now);
  if (!before.enabled) return next;
  const sameTimes = before.cron === after.cron && before.timezone === after.timezone;
  return sameTimes || before.nextRunAt <= now ? before.nextRunAt : next;
}

const isAsDeclared = (schedule: Schedule, declared: ScheduleDeclaration): boolean =>
  schedule.enabled &&
  schedule.cron === declared.cron &&
  schedule.timezone === declared.timezone &&
  schedule.missed === declared.missed &&
  schedule.job === declared.job &&
  sameJson(schedule.data, declared.data);

/** Databases may give the fields of an object in another order. */
function sameJson(a: unknown, b: unknown): boolean {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return a === b;
  const [left, right] = [Object.entries(a), new Map(Object.entries(b))];
  return left.length === right.size && left.every(([key, value]) => sameJson(value, right.get(key)));
}

import type { Page, PageRequest } from '../shared/page.ts';

/** What happens with a tick that came while no scheduler ran: one late run for all of them, or none. */
export const MISSED_POLICIES = ['run-once', 'skip'] as const;
export type MissedPolicy = (typeof MISSED_POLICIES)[number];

/** Work that is due at the times of a cron expression, or at intervals. */
export interface ScheduleDeclaration {
  readonly name: string;
  /** The job's name, as its contract has it. */
  readonly job: string;
  readonly data: unknown;
  /** Five fields, or six with seconds first; or `@every 90s` (s, m, h, d). */
  readonly cron: string;
  /** IANA zone that the cron expression is read in. */
  readonly timezone: string;
  readonly missed: MissedPolicy;
}

export interface Schedule extends ScheduleDeclaration {
  readonly enabled: boolean;
  readonly nextRunAt: Date;
  readonly lastRunAt: Date | undefined;
}

/** `late` and `skipped` are what became of missed ticks; `manual` is a run that someone asked for. */
export type ScheduleRunOutcome = 'fired' | 'late' | 'skipped' | 'manual';

export interface ScheduleRun {
  readonly id: string;
  readonly schedule: string;
  /** The time that it was due; of a manual run, when it was asked for. */
  readonly tickAt: Date;
  readonly firedAt: Date;
  readonly outcome: ScheduleRunOutcome;
  /** Of the job that it became; absent when it was skipped. */
  readonly jobKey: string | undefined;
}

export interface ScheduleStore {
  /** Adds what is missing and leaves what is there: staff may have changed it. */
  declare(declarations: readonly (ScheduleDeclaration & { readonly nextRunAt: Date })[]): Promise<void>;
  /** Takes the tick `schedule.nextRunAt`. @returns false when another scheduler has it */
  take(schedule: Schedule, next: Date, now: Date): Promise<boolean>;
  /** For a change in this transaction. */
  lock(name: string): Promise<Schedule | undefined>;
  update(schedule: Schedule): Promise<void>;
  record(run: ScheduleRun): Promise<void>;
}

export interface ScheduleReadModel {
  list(): Promise<Schedule[]>;
  find(name: string): Promise<Schedule | undefined>;
  /** Enabled, and their tick has come. */
  due(now: Date): Promise<Schedule[]>;
  /** The earliest tick of the enabled schedules, but for those named. */
  nextTick(except: readonly string[]): Promise<Date | undefined>;
  /** Newest first; of every schedule when none is named. */
  runs(name: string | undefined, page: PageRequest): Promise<Page<ScheduleRun>>;
}

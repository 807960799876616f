/** Work that is due at the times of a cron expression. */
export interface ScheduleDeclaration {
  readonly name: string;
  /** The job's name, as its contract has it. */
  readonly job: string;
  readonly data: unknown;
  /** Five fields, or six with seconds first. */
  readonly cron: string;
  /** IANA zone that the cron expression is read in. */
  readonly timezone: string;
}

export interface Schedule extends ScheduleDeclaration {
  readonly enabled: boolean;
  readonly nextRunAt: Date;
  readonly lastRunAt: Date | undefined;
}

export interface ScheduleStore {
  /** Adds what is missing and leaves what is there: staff may have changed it. */
  declare(declarations: readonly (ScheduleDeclaration & { readonly nextRunAt: Date })[]): Promise<void>;
  /** Takes the tick `schedule.nextRunAt`. @returns false when another scheduler has it */
  take(schedule: Schedule, next: Date, now: Date): Promise<boolean>;
}

export interface ScheduleReadModel {
  list(): Promise<Schedule[]>;
  /** Enabled, and their tick has come. */
  due(now: Date): Promise<Schedule[]>;
  /** The earliest tick of the enabled schedules. */
  nextTick(): Promise<Date | undefined>;
}

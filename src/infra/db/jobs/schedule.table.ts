import { EntitySchema } from 'typeorm';
import { bool, datetime, json, nullable, primaryId, text } from '../columns.ts';

interface ScheduleRow {
  name: string;
  job: string;
  data: unknown;
  cron: string;
  timezone: string;
  /** What happens with missed ticks; null: one late run. */
  missed: string | null;
  enabled: boolean;
  nextRunAt: Date;
  lastRunAt: Date | null;
  updatedAt: Date;
}

export const scheduleTable = new EntitySchema<ScheduleRow>({
  name: 'Schedule',
  tableName: 'schedules',
  columns: {
    name: text(60, { primary: true }),
    job: text(100),
    data: json(),
    cron: text(100),
    timezone: text(60),
    missed: text(20, nullable),
    enabled: bool(),
    nextRunAt: datetime(),
    lastRunAt: datetime(nullable),
    updatedAt: datetime(),
  },
  indices: [{ name: 'idx_schedules_due', columns: ['enabled', 'nextRunAt'] }],
});

interface ScheduleRunRow {
  id: string;
  schedule: string;
  tickAt: Date;
  firedAt: Date;
  outcome: string;
  jobKey: string | null;
}

/** What became of the ticks. */
export const scheduleRunTable = new EntitySchema<ScheduleRunRow>({
  name: 'ScheduleRun',
  tableName: 'schedule_runs',
  columns: {
    id: primaryId(),
    schedule: text(60),
    tickAt: datetime(),
    firedAt: datetime(),
    outcome: text(10),
    jobKey: text(200, nullable),
  },
  indices: [
    { name: 'idx_schedule_runs_schedule', columns: ['schedule', 'id'] },
    { name: 'idx_schedule_runs_fired_at', columns: ['firedAt'] },
  ],
});

import { EntitySchema } from 'typeorm';
import { bool, datetime, int, json, nullable, primaryId, text } from '../columns.ts';

interface ScheduleRow {
  name: string;
  job: string;
  data: unknown;
  cron: string;
  timezone: string;
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
    enabled: bool(),
    nextRunAt: datetime(),
    lastRunAt: datetime(nullable),
    updatedAt: datetime(),
  },
  indices: [{ name: 'idx_schedules_due', columns: ['enabled', 'nextRunAt'] }],
});

interface WorkerRow {
  id: string;
  role: string;
  host: string;
  pid: number;
  queues: unknown;
  concurrency: number;
  version: string;
  startedAt: Date;
  seenAt: Date;
}

/** The heartbeats of running processes. */
export const workerTable = new EntitySchema<WorkerRow>({
  name: 'Worker',
  tableName: 'workers',
  columns: {
    id: primaryId(),
    role: text(20),
    host: text(255),
    pid: int(),
    queues: json(),
    concurrency: int(),
    version: text(40),
    startedAt: datetime(),
    seenAt: datetime(),
  },
  indices: [{ name: 'idx_workers_seen_at', columns: ['role', 'seenAt'] }],
});

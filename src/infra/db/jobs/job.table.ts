import { EntitySchema } from 'typeorm';
import { bool, datetime, id, int, json, nullable, primaryId, text } from '../columns.ts';

interface JobRow {
  id: string;
  name: string;
  queue: string;
  data: unknown;
  priority: number;
  /** While it is not over: its priority, negated, so that an index has the jobs in their order. */
  turn: number | null;
  uniqueKey: string | null;
  nextRunAt: Date | null;
  lockedAt: Date | null;
  lockToken: string | null;
  lastRunAt: Date | null;
  lastFinishedAt: Date | null;
  failedAt: Date | null;
  failCount: number;
  failReason: string | null;
  progress: number | null;
  disabled: boolean;
  lastModifiedBy: string | null;
  /** Agenda's settings of repeating jobs, which this program declares elsewhere and only carries here. */
  options: unknown;
  /** What the handler gave back. */
  result: unknown;
  /** The last tries that ended, oldest first: written by whoever holds the lock. */
  attempts: unknown;
  createdAt: Date;
}

/** The job store, and with MongoDB the place where a job waits, committed with its data, to be handed over. */
export const jobTable = new EntitySchema<JobRow>({
  name: 'Job',
  tableName: 'jobs',
  columns: {
    id: primaryId(),
    name: text(100),
    queue: text(40),
    data: json(),
    priority: int(),
    turn: int(nullable),
    uniqueKey: text(200, nullable),
    nextRunAt: datetime(nullable),
    lockedAt: datetime(nullable),
    lockToken: id(nullable),
    lastRunAt: datetime(nullable),
    lastFinishedAt: datetime(nullable),
    failedAt: datetime(nullable),
    failCount: int(),
    failReason: text(1000, nullable),
    progress: int(nullable),
    disabled: bool(),
    lastModifiedBy: text(100, nullable),
    options: json(nullable),
    result: json(nullable),
    attempts: json(nullable),
    createdAt: datetime(),
  },
  indices: [
    { name: 'uq_jobs_unique_key', columns: ['uniqueKey'], unique: true },
    // Free and due, or held by someone who died: two short ranges, however many finished jobs are kept.
    { name: 'idx_jobs_due', columns: ['lockedAt', 'nextRunAt', 'name'] },
    { name: 'idx_jobs_last_finished_at', columns: ['lastFinishedAt'] },
    { name: 'idx_jobs_turn', columns: ['name', 'turn', 'nextRunAt'] },
    // What waits for later: it gets its turn when its time has come.
    { name: 'idx_jobs_waiting', columns: ['turn', 'nextRunAt'] },
    // Few of the jobs that are kept have failed.
    { name: 'idx_jobs_fail_count', columns: ['failCount', 'id'] },
    { name: 'idx_jobs_failed_at', columns: ['failedAt'] },
    { name: 'idx_jobs_queue', columns: ['queue', 'id'] },
    { name: 'idx_jobs_name', columns: ['name', 'id'] },
  ],
});

import { EntitySchema } from 'typeorm';
import { datetime, id, int, json, nullable, primaryId, text } from '../columns.ts';

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
  /** Its load as of the last beat; null for a process of an older version. */
  state: unknown;
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
    state: json(nullable),
  },
  indices: [{ name: 'idx_workers_seen_at', columns: ['role', 'seenAt'] }],
});

interface WorkerCommandRow {
  id: string;
  workerId: string;
  command: unknown;
  createdAt: Date;
}

/** What workers are told to do, until they have taken it. */
export const workerCommandTable = new EntitySchema<WorkerCommandRow>({
  name: 'WorkerCommand',
  tableName: 'worker_commands',
  columns: {
    id: primaryId(),
    workerId: id(),
    command: json(),
    createdAt: datetime(),
  },
  indices: [
    { name: 'idx_worker_commands_worker_id', columns: ['workerId', 'id'] },
    { name: 'idx_worker_commands_created_at', columns: ['createdAt'] },
  ],
});

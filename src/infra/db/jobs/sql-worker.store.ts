import { z } from 'zod';
import type { WorkerSeen, WorkersReadModel } from '../../../domain/health/health.ts';
import {
  WORKER_ALIVE_SECONDS,
  type WorkerBeat,
  type WorkerCommand,
  type WorkerLoad,
  type WorkerReadModel,
  type WorkerStore,
  type WorkerView,
} from '../../../domain/jobs/worker.store.ts';
import { addSeconds, type Clock } from '../../../domain/shared/clock.ts';
import { newId } from '../../../domain/shared/ids.ts';
import { list, type Sql } from '../sql.ts';
import { type RawDate, type RawInteger, type RawJson, toDate, toInt, toJson } from '../values.ts';

/** Told after a commit that told a worker something. */
export const WORKERS_SIGNAL = 'workers';

interface WorkerRow {
  id: string;
  role: WorkerBeat['role'];
  host: string;
  pid: RawInteger;
  queues: RawJson;
  concurrency: RawInteger;
  version: string;
  started_at: RawDate;
  seen_at: RawDate;
  state: RawJson | null;
}

const COLUMNS = 'id, role, host, pid, queues, concurrency, version, started_at, seen_at, state';

const Command = z.discriminatedUnion('type', [
  z.object({ type: z.literal('set-concurrency'), concurrency: z.int().positive() }),
  z.object({ type: z.literal('shut-down') }),
]);

const Load = z.object({
  running: z.int(),
  processed: z.int(),
  cpuPercent: z.number(),
  memoryMegabytes: z.number(),
  stopping: z.boolean(),
});

export class SqlWorkerStore implements WorkerStore {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  async beat(worker: WorkerBeat, at: Date): Promise<void> {
    const state = JSON.stringify(worker.load);
    const { affected } = await this.#sql.run(
      'UPDATE workers SET seen_at = ?, concurrency = ?, state = ? WHERE id = ?',
      [at, worker.concurrency, state, worker.id],
    );
    if (affected > 0) return;
    await this.#sql.run(
      'INSERT INTO workers (id, role, host, pid, queues, concurrency, version, started_at, seen_at, state) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
      [
        worker.id,
        worker.role,
        worker.host,
        worker.pid,
        JSON.stringify(worker.queues),
        worker.concurrency,
        worker.version,
        worker.startedAt,
        at,
        state,
      ],
    );
  }

  async leave(id: string): Promise<void> {
    await this.#sql.run('DELETE FROM workers WHERE id = ?', [id]);
  }

  async find(id: string): Promise<WorkerView | undefined> {
    const [row] = await this.#sql.query<WorkerRow>(`SELECT ${COLUMNS} FROM workers WHERE id = ?`, [id]);
    return row && toWorker(row);
  }

  async command(workerId: string, command: WorkerCommand, at: Date): Promise<void> {
    await this.#sql.run(
      'INSERT INTO worker_commands (id, worker_id, command, created_at) VALUES (?, ?, ?, ?)',
      [newId(), workerId, JSON.stringify(command), at],
    );
    this.#sql.signal(WORKERS_SIGNAL);
  }

  async takeCommands(workerId: string): Promise<WorkerCommand[]> {
    const rows = await this.#sql.query<{ id: string; command: RawJson }>(
      'SELECT id, command FROM worker_commands WHERE worker_id = ? ORDER BY id',
      [workerId],
    );
    if (rows.length === 0) return [];
    await this.#sql.run(
      `DELETE FROM worker_commands WHERE id IN (${list(rows.length)})`,
      rows.map((row) => row.id),
    );
    return rows.map((row) => Command.parse(toJson(row.command)));
  }
}

export class SqlWorkersReadModel implements WorkersReadModel, WorkerReadModel {
  readonly #sql: Sql;
  readonly #clock: Clock;

  constructor(read: Sql, clock: Clock) {
    this.#sql = read;
    this.#clock = clock;
  }

  async alive(): Promise<WorkerSeen[]> {
    const seen = await this.seenSince(addSeconds(this.#clock.now(), -WORKER_ALIVE_SECONDS));
    return seen
      .filter((worker) => worker.role === 'worker')
      .map(({ host, pid, queues, seenAt }) => ({ name: `${host}:${pid}`, queues, seenAt }));
  }

  async seenSince(since: Date): Promise<WorkerView[]> {
    const rows = await this.#sql.query<WorkerRow>(
      `SELECT ${COLUMNS} FROM workers WHERE role IN ('worker', 'scheduler', 'relay') AND seen_at >= ? ORDER BY started_at, id`,
      [since],
    );
    return rows.map(toWorker);
  }

  async hasCommands(workerId: string): Promise<boolean> {
    const rows = await this.#sql.query('SELECT id FROM worker_commands WHERE worker_id = ? LIMIT 1', [
      workerId,
    ]);
    return rows.length > 0;
  }
}

const IDLE: WorkerLoad = { running: 0, processed: 0, cpuPercent: 0, memoryMegabytes: 0, stopping: false };

const toWorker = (row: WorkerRow): WorkerView => ({
  id: row.id,
  role: row.role,
  host: row.host,
  pid: toInt(row.pid),
  queues: (toJson(row.queues) as unknown[]).map(String),
  concurrency: toInt(row.concurrency),
  version: row.version,
  startedAt: toDate(row.started_at),
  seenAt: toDate(row.seen_at),
  load: row.state === null ? IDLE : Load.parse(toJson(row.state)),
});

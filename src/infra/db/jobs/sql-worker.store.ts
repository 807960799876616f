import type { WorkerSeen, WorkersReadModel } from '../../../domain/health/health.ts';
import {
  WORKER_ALIVE_SECONDS,
  type WorkerBeat,
  type WorkerStore,
} from '../../../domain/jobs/worker.store.ts';
import { addSeconds, type Clock } from '../../../domain/shared/clock.ts';
import type { Sql } from '../sql.ts';
import { type RawDate, type RawJson, toDate, toJson } from '../values.ts';

export class SqlWorkerStore implements WorkerStore {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  async beat(worker: WorkerBeat, at: Date): Promise<void> {
    const { affected } = await this.#sql.run('UPDATE workers SET seen_at = ?, concurrency = ? WHERE id = ?', [
      at,
      worker.concurrency,
      worker.id,
    ]);
    if (affected > 0) return;
    await this.#sql.run(
      'INSERT INTO workers (id, role, host, pid, queues, concurrency, version, started_at, seen_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
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
      ],
    );
  }

  async leave(id: string): Promise<void> {
    await this.#sql.run('DELETE FROM workers WHERE id = ?', [id]);
  }
}

interface WorkerRow {
  host: string;
  pid: number;
  queues: RawJson;
  seen_at: RawDate;
}

export class SqlWorkersReadModel implements WorkersReadModel {
  readonly #sql: Sql;
  readonly #clock: Clock;

  constructor(read: Sql, clock: Clock) {
    this.#sql = read;
    this.#clock = clock;
  }

  async alive(): Promise<WorkerSeen[]> {
    const rows = await this.#sql.query<WorkerRow>(
      "SELECT host, pid, queues, seen_at FROM workers WHERE role = 'worker' AND seen_at >= ? ORDER BY started_at",
      [addSeconds(this.#clock.now(), -WORKER_ALIVE_SECONDS)],
    );
    return rows.map((row) => ({
      name: `${row.host}:${row.pid}`,
      queues: (toJson(row.queues) as unknown[]).map(String),
      seenAt: toDate(row.seen_at),
    }));
  }
}

import { WORKER_ALIVE_SECONDS, type WorkerBeat } from '../../../domain/jobs/worker.store.ts';
import { addSeconds, type Clock } from '../../../domain/shared/clock.ts';
import type { Sql } from '../sql.ts';
import { type RawDate, type RawInteger, toDate, toInt } from '../values.ts';

export interface LiveProcess {
  readonly role: WorkerBeat['role'];
  readonly host: string;
  readonly pid: number;
  readonly version: string;
  readonly startedAt: Date;
  readonly seenAt: Date;
}

interface Row {
  role: WorkerBeat['role'];
  host: string;
  pid: RawInteger;
  version: string;
  started_at: RawDate;
  seen_at: RawDate;
}

/** Every process that gave a sign of life lately, whatever its role: for `status`. */
export class SqlProcessesReadModel {
  readonly #sql: Sql;
  readonly #clock: Clock;

  constructor(read: Sql, clock: Clock) {
    this.#sql = read;
    this.#clock = clock;
  }

  async alive(): Promise<LiveProcess[]> {
    const rows = await this.#sql.query<Row>(
      'SELECT role, host, pid, version, started_at, seen_at FROM workers WHERE seen_at >= ? ORDER BY role, started_at',
      [addSeconds(this.#clock.now(), -WORKER_ALIVE_SECONDS)],
    );
    return rows.map((row) => ({
      role: row.role,
      host: row.host,
      pid: toInt(row.pid),
      version: row.version,
      startedAt: toDate(row.started_at),
      seenAt: toDate(row.seen_at),
    }));
  }
}

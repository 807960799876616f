import {
  DEFAULT_QUEUE_SETTINGS,
  type QueueReadModel,
  type QueueSettings,
  type RateLimit,
} from '../../domain/jobs/queue.store.ts';
import { type Connections, forUpdate, type Sql } from '../db/sql.ts';
import { type RawDate, type RawInteger, toInt, toOptionalDate } from '../db/values.ts';

/** How old settings may be, in milliseconds: so soon a queue stops that is paused elsewhere. */
const FRESH = 1000;

/** How many jobs of a queue may start now. The settings are rows of the SQL database in every mode. */
export class QueueGate {
  readonly #db: Connections;
  readonly #queues: QueueReadModel;
  #settings: ReadonlyMap<string, QueueSettings> = new Map();
  #readAt = 0;

  constructor(db: Connections, queues: QueueReadModel) {
    this.#db = db;
    this.#queues = queues;
  }

  async refresh(): Promise<void> {
    if (Date.now() - this.#readAt < FRESH) return;
    this.#settings = await this.#queues.settings();
    this.#readAt = Date.now();
  }

  /** The next look asks again. */
  expire(): void {
    this.#readAt = 0;
  }

  priorityOf(queue: string): number {
    return this.#of(queue).priority;
  }

  /** Of `room` for any job, what there is for one of this queue, which has so many here already. */
  room(queue: string, room: number, held: number): number {
    const { paused, concurrency = Number.POSITIVE_INFINITY } = this.#of(queue);
    return paused ? 0 : Math.max(0, Math.min(room, concurrency - held));
  }

  /** Takes at most `wanted` starts from the rate limit, which all workers share. */
  async admit(queue: string, wanted: number): Promise<number> {
    const { rateLimit } = this.#of(queue);
    if (rateLimit === undefined) return wanted;
    if ((await this.#left(this.#db.read, queue, rateLimit, new Date())) === 0) return 0;
    return this.#db.write(async (sql) => {
      const now = new Date();
      const windowEnded = new Date(now.getTime() - rateLimit.seconds * 1000);
      await sql.run(
        'UPDATE queues SET window_started_at = ?, window_taken = 0 WHERE name = ? AND (window_started_at IS NULL OR window_started_at <= ?)',
        [now, queue, windowEnded],
      );
      const granted = Math.min(wanted, await this.#left(sql, queue, rateLimit, now, forUpdate(sql)));
      if (granted === 0) return 0;
      const { affected } = await sql.run(
        'UPDATE queues SET window_taken = window_taken + ? WHERE name = ? AND window_taken + ? <= ?',
        [granted, queue, granted, rateLimit.jobs],
      );
      return affected === 0 ? 0 : granted;
    });
  }

  /**
   * Starts that were taken, and came to nothing.
   * @param takenAt when, or later: what was taken from a window that is over is nobody's any more
   */
  async giveBack(queue: string, count: number, takenAt: Date): Promise<void> {
    if (count === 0 || this.#of(queue).rateLimit === undefined) return;
    await this.#db.write((sql) =>
      sql.run(
        'UPDATE queues SET window_taken = window_taken - ? WHERE name = ? AND window_taken >= ? AND window_started_at <= ?',
        [count, queue, count, takenAt],
      ),
    );
  }

  async #left(sql: Sql, queue: string, limit: RateLimit, now: Date, lock = ''): Promise<number> {
    const [row] = await sql.query<{ window_started_at: RawDate | null; window_taken: RawInteger }>(
      `SELECT window_started_at, window_taken FROM queues WHERE name = ?${lock}`,
      [queue],
    );
    const since = toOptionalDate(row?.window_started_at ?? null);
    if (row === undefined || since === undefined) return limit.jobs;
    const over = since.getTime() + limit.seconds * 1000 <= now.getTime();
    return over ? limit.jobs : Math.max(0, limit.jobs - toInt(row.window_taken));
  }

  #of(queue: string): QueueSettings {
    return this.#settings.get(queue) ?? DEFAULT_QUEUE_SETTINGS;
  }
}

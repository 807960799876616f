import { TOPICS } from '../src/domain/shared/event.ts';
import type { World } from './world.ts';

/** Which events stand in the log, told without delay. */
export interface LogView {
  /** @returns how many of them stand in it */
  count(ids: readonly string[]): Promise<number>;
  /** Whether it has begun to look. */
  isLive(): boolean;
  close(): Promise<void>;
}

export async function openLogView(world: World): Promise<LogView> {
  return world.database.config.kafka === undefined ? ofTable(world) : FollowedLog.open(world);
}

const ofTable = (world: World): LogView => ({
  count: (ids) =>
    world.count(
      `SELECT COUNT(DISTINCT event_id) AS n FROM event_log WHERE topic IN (${TOPICS.map(() => '?').join(', ')})
       AND event_id IN (${ids.map(() => '?').join(', ')})`,
      [...TOPICS, ...ids],
    ),
  isLive: () => true,
  close: () => Promise.resolve(),
});

/** Reads everything that is published from now on. */
class FollowedLog implements LogView {
  readonly #ids = new Set<string>();
  readonly #ending = new AbortController();
  readonly #reading: Promise<void>;
  #failure: Error | undefined;

  private constructor(browse: (signal: AbortSignal, seen: (id: string) => void) => Promise<void>) {
    this.#reading = browse(this.#ending.signal, (id) => this.#ids.add(id)).catch((error: unknown) => {
      this.#failure = error instanceof Error ? error : new Error(String(error));
    });
  }

  static async open({ app }: World): Promise<FollowedLog> {
    const { eventLog } = await app.work();
    return new FollowedLog((signal, seen) =>
      eventLog.browse({
        topics: TOPICS,
        follow: true,
        signal,
        handle: ({ headers }) => seen(headers.id ?? ''),
      }),
    );
  }

  count(ids: readonly string[]): Promise<number> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    return Promise.resolve(ids.filter((id) => this.#ids.has(id)).length);
  }

  isLive(): boolean {
    return this.#ids.size > 0 || this.#failure !== undefined;
  }

  async close(): Promise<void> {
    this.#ending.abort();
    await this.#reading;
  }
}

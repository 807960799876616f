import { setTimeout as delay } from 'node:timers/promises';
import type { NewEvent } from '../src/domain/shared/event.ts';
import { newId } from '../src/domain/shared/ids.ts';
import { runCommand } from './role.ts';
import type { Verdict } from './verdict.ts';
import type { World } from './world.ts';

const PATIENCE = 90_000;
/** What a relay may take for its backlog: so long, and a second for each so many events. */
const DRAIN_SECONDS = 30;
const DRAIN_RATE = 500;

/** Orders to which things happen: each commits events of its own, one or two at a time. */
export class EventWriter {
  readonly aggregates: readonly string[];
  readonly #world: World;
  readonly #sequences = new Map<string, number>();
  #written = 0;

  constructor(world: World, aggregates: number) {
    this.#world = world;
    this.aggregates = Array.from({ length: aggregates }, () => newId());
  }

  /** @param size of what the payload holds besides, in characters */
  next(aggregateId: string, size = 0): NewEvent {
    const sequence = (this.#sequences.get(aggregateId) ?? 0) + 1;
    this.#sequences.set(aggregateId, sequence);
    this.#written++;
    return {
      type: 'order.completed.v1',
      topic: 'order-events',
      aggregateType: 'order',
      aggregateId,
      sequence,
      occurredAt: new Date(),
      payload: {
        orderId: aggregateId,
        number: `CB-${sequence}`,
        ...(size > 0 && { filler: 'x'.repeat(size) }),
      },
    };
  }

  append(...events: NewEvent[]): Promise<void> {
    return this.#world.app.db.transaction((tx) => tx.outbox.append(events));
  }

  /** All orders beside each other, until `done`. @param pause between two commits of an order, in milliseconds */
  async write(done: () => boolean, pause: number): Promise<void> {
    await Promise.all(
      this.aggregates.map(async (aggregate) => {
        while (!done()) {
          const events = Array.from({ length: 1 + Math.round(Math.random()) }, () => this.next(aggregate));
          await this.append(...events);
          await delay(pause * (0.5 + Math.random()));
        }
      }),
    );
  }

  pending(): Promise<number> {
    return this.#world.count("SELECT COUNT(*) AS n FROM outbox WHERE status = 'pending'");
  }

  /**
   * Nothing waits any more, within seconds, of which a large backlog may take more.
   * @param grace seconds that pass before what waits may be claimed
   * @returns the seconds it took
   */
  async drained(verdict: Verdict, grace = 0): Promise<number> {
    const since = Date.now();
    const limit = grace + DRAIN_SECONDS + (await this.pending()) / DRAIN_RATE;
    await until(async () => (await this.pending()) === 0);
    verdict.equal('events that wait in the end', await this.pending(), 0);
    const seconds = (Date.now() - since) / 1000;
    verdict.holds(`drained after ${seconds} s, of ${limit} s at most`, seconds <= limit);
    return seconds;
  }

  /** Everything that was committed is in the log, in order. */
  async verify(verdict: Verdict, skipped = 0): Promise<Record<string, number>> {
    const published =
      "SELECT COUNT(*) AS n FROM outbox WHERE type = 'order.completed.v1' AND status = 'sent'";
    const wanted = this.#written - skipped;
    verdict.equal('events published', await this.#world.count(published), wanted);
    return { written: this.#written, ...(await verifyLog(this.#world, verdict, wanted)) };
  }
}

/** By the command itself. @param least how many different events the log must hold at least */
export async function verifyLog(
  world: World,
  verdict: Verdict,
  least: number,
): Promise<{ messages: number; duplicates: number }> {
  const { code, stdout } = await runCommand(['events', 'verify', '--json'], world.database.env);
  const found = JSON.parse(stdout) as {
    messages?: number;
    duplicates?: number;
    problems?: unknown;
    error?: unknown;
  };
  verdict.equal('exit code of events verify', code, 0);
  verdict.equal('its error', found.error, undefined);
  verdict.equal('problems', found.problems, []);
  const { messages = 0, duplicates = 0 } = found;
  verdict.holds('every published event is in the log', messages - duplicates >= least);
  return { messages, duplicates };
}

/** Waits for it, and leaves it to the caller to see whether it came. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + PATIENCE;
  while (!(await condition()) && Date.now() < deadline) await delay(50);
}

import { setTimeout as delay } from 'node:timers/promises';
import type { NewEvent } from '../src/domain/shared/event.ts';
import { newId } from '../src/domain/shared/ids.ts';
import { runCommand } from './role.ts';
import type { Verdict } from './verdict.ts';
import type { World } from './world.ts';

const PATIENCE = 90_000;

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

  /** All orders beside each other, until `done`. */
  async write(done: () => boolean): Promise<void> {
    await Promise.all(
      this.aggregates.map(async (aggregate) => {
        while (!done()) {
          const events = Array.from({ length: 1 + Math.round(Math.random()) }, () => this.next(aggregate));
          await this.append(...events);
          await delay(20 + Math.random() * 200);
        }
      }),
    );
  }

  pending(): Promise<number> {
    return this.#world.count("SELECT COUNT(*) AS n FROM outbox WHERE status = 'pending'");
  }

  /** @returns the seconds until nothing waits any more */
  async drained(verdict: Verdict): Promise<number> {
    const since = Date.now();
    await until(async () => (await this.pending()) === 0);
    verdict.equal('events that wait in the end', await this.pending(), 0);
    return (Date.now() - since) / 1000;
  }

  /** Everything that was committed is in the log, in order: by the command itself. */
  async verify(verdict: Verdict, skipped = 0): Promise<Record<string, number>> {
    const { code, stdout } = await runCommand(['events', 'verify', '--json'], this.#world.database.env);
    const found = JSON.parse(stdout) as Record<string, number> & { problems?: unknown; error?: unknown };
    verdict.equal('exit code of events verify', code, 0);
    verdict.equal('its error', found.error, undefined);
    verdict.equal('problems', found.problems, []);
    const published =
      "SELECT COUNT(*) AS n FROM outbox WHERE type = 'order.completed.v1' AND status = 'sent'";
    const wanted = this.#written - skipped;
    verdict.equal('events published', await this.#world.count(published), wanted);
    const { messages = 0, duplicates = 0 } = found;
    verdict.holds('every published event is in the log', messages - duplicates >= wanted);
    return { written: this.#written, messages, duplicates };
  }
}

/** Waits for it, and leaves it to the caller to see whether it came. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + PATIENCE;
  while (!(await condition()) && Date.now() < deadline) await delay(50);
}

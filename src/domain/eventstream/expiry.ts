import type { Topic } from '../shared/event.ts';
import type { ReceivedEvent } from './cloud-event.ts';
import type { Beginning } from './event-log.ts';
import type { OutboxMark } from './outbox.store.ts';

/** Relays that work side by side mark what they sent in another order than the log has it. */
const MARGIN_MS = 10 * 60_000;

type Oldest = Pick<ReceivedEvent, 'id' | 'occurredAt'>;

/** What one log has kept. */
export interface KeptPart {
  readonly beginnings: readonly Beginning[];
  /** The first event of each partition, by `placeOf`. */
  readonly oldest: ReadonlyMap<string, Oldest>;
}

export const placeOf = ({ topic, partition }: Pick<Beginning, 'topic' | 'partition'>): string =>
  `${topic} ${partition}`;

/**
 * Which published events a log may have deleted by their age: a partition stores them in the order in which they are
 * sent, so they were sent before what it begins with.
 */
export class Expiry {
  readonly #sentAt: ReadonlyMap<string, Date>;
  /** Until when what was sent may be gone. */
  readonly #horizons = new Map<Topic, number>();

  /** @param logs in the order of their use: what an emptied one had was sent before the next one was begun */
  constructor(logs: readonly KeptPart[], marks: readonly OutboxMark[]) {
    this.#sentAt = new Map(marks.flatMap(({ id, sentAt }) => (sentAt === undefined ? [] : [[id, sentAt]])));
    let nextBegan = Number.POSITIVE_INFINITY;
    for (const { beginnings, oldest } of [...logs].reverse()) {
      for (const beginning of beginnings.filter(({ trimmed }) => trimmed)) {
        const first = oldest.get(placeOf(beginning));
        this.#raise(beginning.topic, (first === undefined ? nextBegan : this.#sent(first)) + MARGIN_MS);
      }
      nextBegan = Math.min(nextBegan, ...[...oldest.values()].map((first) => this.#sent(first)));
    }
  }

  /** Whether anything was deleted. */
  get any(): boolean {
    return this.#horizons.size > 0;
  }

  mayCover({ topic, sentAt }: OutboxMark): boolean {
    const horizon = this.#horizons.get(topic);
    return horizon !== undefined && sentAt !== undefined && sentAt.getTime() <= horizon;
  }

  #raise(topic: Topic, until: number): void {
    this.#horizons.set(topic, Math.max(until, this.#horizons.get(topic) ?? until));
  }

  /** What the outbox does not have any more was sent long ago, or a moment ago: about when it happened. */
  #sent({ id, occurredAt }: Oldest): number {
    return (this.#sentAt.get(id) ?? occurredAt).getTime();
  }
}

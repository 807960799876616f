import type { ReceivedEvent } from '../eventstream/cloud-event.ts';
import type { ConsumerDeadLetter, Recollection } from '../eventstream/inbox.store.ts';
import type { Database, Tx } from './tx.ts';

/** What an event does, in the transaction that also remembers that it was done. */
export type EventEffect = (tx: Tx, event: ReceivedEvent) => Promise<void>;

/** What became of an event: `overtaken` when the group is past it without having handled it. */
export type Applied = 'done' | 'repeated' | 'forgotten' | 'overtaken';

const PASSED: Readonly<Record<Recollection, Applied>> = {
  settled: 'repeated',
  forgotten: 'forgotten',
  unknown: 'overtaken',
};

/** Applies events to the database, each once per group however often it is delivered. */
export class ConsumeEvent {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /**
   * A log may repeat an event long after its turn: the group drops what it is past, so that effects keep the order
   * of each aggregate.
   */
  apply(group: string, event: ReceivedEvent, effect: EventEffect): Promise<Applied> {
    return this.#db.transaction(async (tx) => {
      // Before the inbox: an event that is dropped here may still be replayed from its dead letter.
      if (!(await tx.inbox.advance(group, event))) return PASSED[await tx.inbox.recall(group, event)];
      if (!(await tx.inbox.claim(group, event.id))) return 'repeated';
      await effect(tx, event);
      return 'done';
    });
  }

  /** @param passed the event whose effect failed: the group goes past it. Nothing that could not be read is believed. */
  bury(letter: ConsumerDeadLetter, passed: ReceivedEvent | undefined): Promise<void> {
    return this.#db.transaction(async (tx) => {
      await tx.inbox.bury(letter);
      if (passed !== undefined) await tx.inbox.advance(letter.group, passed);
    });
  }
}

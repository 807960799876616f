import type { ReceivedEvent } from '../eventstream/cloud-event.ts';
import type { ConsumerDeadLetter } from '../eventstream/inbox.store.ts';
import type { Database, Tx } from './tx.ts';

/** What an event does, in the transaction that also remembers that it was done. */
export type EventEffect = (tx: Tx, event: ReceivedEvent) => Promise<void>;

/** Applies events to the database, each once per group however often it is delivered. */
export class ConsumeEvent {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** @returns false when the group has had this event before */
  apply(group: string, event: ReceivedEvent, effect: EventEffect): Promise<boolean> {
    return this.#db.transaction(async (tx) => {
      if (!(await tx.inbox.claim(group, event.id))) return false;
      await effect(tx, event);
      return true;
    });
  }

  bury(letter: ConsumerDeadLetter): Promise<void> {
    return this.#db.transaction((tx) => tx.inbox.bury(letter));
  }
}

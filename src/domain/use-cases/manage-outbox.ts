import type { OutboxReadModel } from '../eventstream/outbox.store.ts';
import { type Actor, actorLabel } from '../shared/actor.ts';
import type { Clock } from '../shared/clock.ts';
import { DomainError, notFound } from '../shared/errors.ts';
import { onRecord } from './on-record.ts';
import type { Database, Tx } from './tx.ts';

export interface ManageOutboxDeps {
  readonly db: Database;
  readonly outbox: OutboxReadModel;
  readonly clock: Clock;
}

/** Dead events that one transaction gives another try. */
const BATCH = 100;

/** What operators do about events that the log refused; each act is in the audit log. */
export class ManageOutbox {
  readonly #deps: ManageOutboxDeps;

  constructor(deps: ManageOutboxDeps) {
    this.#deps = deps;
  }

  /**
   * Publishes a dead event again, or a refused one at once, with all its attempts.
   * @throws DomainError not_found; conflict for an event that was not refused, or is just being published
   */
  replay(actor: Actor, id: string): Promise<void> {
    return this.#change(id, (tx, at) => tx.outbox.replay(id, at), { actor, action: 'outbox.replay' });
  }

  /** Every event that is dead now. @returns how many */
  async replayDead(actor: Actor): Promise<number> {
    const { db, clock } = this.#deps;
    for (let total = 0; ; ) {
      const at = clock.now();
      const done = await db.transaction(async (tx) => {
        const ids = await tx.outbox.dead(BATCH);
        for (const id of ids) {
          if (await tx.outbox.replay(id, at))
            await tx.audit.append({
              at,
              actor: actorLabel(actor),
              action: 'outbox.replay',
              subject: `event:${id}`,
            });
        }
        return ids.length;
      });
      total += done;
      if (done < BATCH) return total;
    }
  }

  /**
   * Gives the event up, for good: the later ones of its aggregate are published without it.
   * @throws DomainError as `replay`
   */
  skip(actor: Actor, id: string, reason: string): Promise<void> {
    const details = { reason };
    return this.#change(id, (tx, at) => tx.outbox.skip(id, at), { actor, action: 'outbox.skip', details });
  }

  async #change(
    id: string,
    change: (tx: Tx, at: Date) => Promise<boolean>,
    entry: { actor: Actor; action: string; details?: Readonly<Record<string, unknown>> },
  ): Promise<void> {
    const { db, outbox, clock } = this.#deps;
    const at = clock.now();
    const { actor, ...audit } = entry;
    const subject = `event:${id}`;
    const attempt = { actor, action: entry.action, subjects: [subject] };
    return onRecord(this.#deps, attempt, async () => {
      const done = await db.transaction(async (tx) => {
        const changed = await change(tx, at);
        if (changed) await tx.audit.append({ at, actor: actorLabel(actor), subject, ...audit });
        return changed;
      });
      if (done) return;
      const found = await outbox.find(id);
      if (found === undefined) throw notFound(`event ${id}`);
      throw new DomainError(
        'conflict',
        `event ${id} is ${found.status}: only a refused event that nobody is publishing can be replayed or skipped`,
      );
    });
  }
}

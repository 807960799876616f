import { fromMessage, PoisonMessage, type ReceivedEvent } from '../eventstream/cloud-event.ts';
import type { DeadLetter, DeadLetterFilter, DeadLetterReadModel } from '../eventstream/dead-letter.ts';
import { type Actor, actorLabel } from '../shared/actor.ts';
import type { Clock } from '../shared/clock.ts';
import { DomainError, notFound } from '../shared/errors.ts';
import type { Topic } from '../shared/event.ts';
import type { EventEffect } from './consume-event.ts';
import { eventCatalog } from './event-catalog.ts';
import { type Attempt, onRecord } from './on-record.ts';
import type { Database, Tx } from './tx.ts';

/** What a group does with a type of event, if anything. */
export type EffectOf = (group: string, type: string) => EventEffect | undefined;

interface Deps {
  readonly db: Database;
  readonly clock: Clock;
  readonly letters: DeadLetterReadModel;
  readonly effectOf: EffectOf;
}

/** What became of many letters. */
export interface Replays {
  readonly handled: number;
  /** The group had handled these after all. */
  readonly repeated: number;
  /** These stay as they were. */
  readonly failed: readonly { readonly id: string; readonly reason: string }[];
}

/** Letters that are read at once. */
const PAGE = 100;

const KNOWN_TYPES: ReadonlySet<string> = new Set(eventCatalog.map(({ type }) => type));

const ACTION = { replayed: 'dead-letter.replay', skipped: 'dead-letter.skip' } as const;

const attempt = (actor: Actor, status: keyof typeof ACTION, id: string): Attempt => ({
  actor,
  action: ACTION[status],
  subjects: [`dead-letter:${id}`],
});

/** What staff and operators decide on messages that consumers could not take. */
export class ManageDeadLetters {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** @throws DomainError not_found */
  async get(id: string): Promise<DeadLetter> {
    const letter = await this.#deps.letters.find(id);
    if (letter === undefined) throw notFound('dead letter');
    return letter;
  }

  /**
   * Has the effect now, once the reason is gone; later events of its aggregate have had theirs meanwhile.
   * @returns whether the effect was had here: false when the group had handled the event after all
   * @throws DomainError not_found, conflict (decided on before, or still cannot be handled: the letter stays)
   */
  replay(actor: Actor, id: string): Promise<boolean> {
    return onRecord(this.#deps, attempt(actor, 'replayed', id), () => this.#replay(actor, id));
  }

  /**
   * Each letter by itself, as `replay`: what still cannot be handled keeps none of the others.
   * @throws DomainError unavailable, which ends it
   */
  async replayEach(actor: Actor, ids: AsyncIterable<string> | Iterable<string>): Promise<Replays> {
    let [handled, repeated] = [0, 0];
    const failed: { id: string; reason: string }[] = [];
    for await (const id of ids) {
      try {
        if (await this.replay(actor, id)) handled++;
        else repeated++;
      } catch (error) {
        if (!(error instanceof DomainError) || error.kind === 'unavailable') throw error;
        failed.push({ id, reason: error.message });
      }
    }
    return { handled, repeated, failed };
  }

  /** The letters that nobody has decided on, the oldest first. */
  async *dead(filter: Omit<DeadLetterFilter, 'status'>): AsyncGenerator<string> {
    let cursor: string | undefined;
    do {
      const page = await this.#deps.letters.page(
        { ...filter, status: 'dead' },
        { limit: PAGE, ...(cursor !== undefined && { cursor }) },
      );
      for (const { id } of page.items) yield id;
      cursor = page.nextCursor;
    } while (cursor !== undefined);
  }

  async #replay(actor: Actor, id: string): Promise<boolean> {
    try {
      return await this.#deps.db.transaction(async (tx) => {
        const letter = await this.#settle(tx, actor, id, 'replayed');
        const { event, effect } = this.#readable(letter);
        if (!(await tx.inbox.claim(letter.group, event.id))) return false;
        await effect(tx, event);
        return true;
      });
    } catch (error) {
      if (error instanceof DomainError) throw error;
      const why = error instanceof Error ? error.message : 'not an error';
      const remedy = error instanceof PoisonMessage ? 'skip it' : 'mend that and replay it again, or skip it';
      throw new DomainError('conflict', `the message still cannot be handled: ${why}: ${remedy}`, {
        cause: error,
      });
    }
  }

  /** Gives the message up for good. @throws DomainError not_found, conflict when it was decided on before */
  skip(actor: Actor, id: string, reason: string | undefined): Promise<void> {
    return onRecord(this.#deps, attempt(actor, 'skipped', id), () =>
      this.#deps.db.transaction(async (tx) => {
        await this.#settle(tx, actor, id, 'skipped', reason);
      }),
    );
  }

  async #settle(
    tx: Tx,
    actor: Actor,
    id: string,
    status: 'replayed' | 'skipped',
    reason?: string,
  ): Promise<DeadLetter> {
    const letter = await tx.deadLetters.find(id);
    if (letter === undefined) throw notFound('dead letter');
    if (!(await tx.deadLetters.settle(id, status))) {
      throw new DomainError('conflict', `the dead letter has been decided on before: read it again`);
    }
    const { group, topic, partition, position, eventId } = letter;
    await tx.audit.append({
      at: this.#deps.clock.now(),
      actor: actorLabel(actor),
      action: ACTION[status],
      subject: `dead-letter:${id}`,
      details: { group, topic, partition, position, eventId: eventId ?? null, reason: reason ?? null },
    });
    return letter;
  }

  /** @throws PoisonMessage, DomainError conflict when there is nothing to do about its type, or not yet */
  #readable(letter: DeadLetter): { event: ReceivedEvent; effect: EventEffect } {
    const event = fromMessage({ ...letter, topic: letter.topic as Topic });
    const effect = this.#deps.effectOf(letter.group, event.type);
    if (effect !== undefined) return { event, effect };
    const { group } = letter;
    throw new DomainError(
      'conflict',
      KNOWN_TYPES.has(event.type)
        ? `the group ${group} does nothing about ${event.type}, so there is nothing to replay: skip it`
        : `this version does not know ${event.type}: replay it with the version that does (upgrade), or skip it`,
    );
  }
}

import { isUnavailable } from '../../domain/shared/errors.ts';

interface Waiting<T> {
  readonly item: T;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

interface Refused {
  readonly thrown: unknown;
}

const MAX_GROUP = 200;

/**
 * Stores what comes while the last group is being stored as the next group: many items, one transaction. A group that
 * cannot be stored is stored one by one, so that an item which is refused keeps no other back.
 */
export class GroupCommit<T> {
  readonly #store: (items: readonly T[]) => Promise<void>;
  #waiting: Waiting<T>[] = [];
  #busy = false;

  constructor(store: (items: readonly T[]) => Promise<void>) {
    this.#store = store;
  }

  /** Resolves when the item is stored. @throws what storing it threw */
  add(item: T): Promise<void> {
    const stored = new Promise<void>((resolve, reject) => this.#waiting.push({ item, resolve, reject }));
    if (!this.#busy) {
      this.#busy = true;
      // What ends in the same turn of the event loop goes together.
      setImmediate(() => void this.#drain());
    }
    return stored;
  }

  async #drain(): Promise<void> {
    while (this.#waiting.length > 0) {
      const group = this.#waiting.splice(0, MAX_GROUP);
      const error = await this.#storeTogether(group);
      if (error === undefined) continue;
      for (const one of group) {
        // A store that is away stays away for the next item.
        const ownError =
          group.length === 1 || isUnavailable(error.thrown) ? error : await this.#storeTogether([one]);
        if (ownError !== undefined) one.reject(ownError.thrown);
      }
    }
    this.#busy = false;
  }

  async #storeTogether(group: readonly Waiting<T>[]): Promise<Refused | undefined> {
    try {
      await this.#store(group.map(({ item }) => item));
    } catch (thrown) {
      return { thrown };
    }
    for (const { resolve } of group) resolve();
    return undefined;
  }
}

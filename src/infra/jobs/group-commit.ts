interface Waiting<T> {
  readonly item: T;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

const MAX_GROUP = 200;

/** Stores what comes while the last group is being stored as the next group: many items, one transaction. */
export class GroupCommit<T> {
  readonly #store: (items: readonly T[]) => Promise<void>;
  #waiting: Waiting<T>[] = [];
  #busy = false;

  constructor(store: (items: readonly T[]) => Promise<void>) {
    this.#store = store;
  }

  /** Resolves when the item is stored. @throws what storing its group threw */
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
      try {
        await this.#store(group.map(({ item }) => item));
        for (const { resolve } of group) resolve();
      } catch (error) {
        for (const { reject } of group) reject(error);
      }
    }
    this.#busy = false;
  }
}

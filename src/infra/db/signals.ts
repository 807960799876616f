/** Tells listeners in this process that something was committed. Other processes poll, or listen to Redis. */
export class Signals {
  readonly #listeners = new Map<string, Set<() => void>>();

  on(topic: string, listener: () => void): () => void {
    const listeners = this.#listeners.get(topic) ?? new Set();
    this.#listeners.set(topic, listeners.add(listener));
    return () => {
      listeners.delete(listener);
    };
  }

  emit(topics: Iterable<string>): void {
    for (const topic of topics) for (const listener of this.#listeners.get(topic) ?? []) listener();
  }
}

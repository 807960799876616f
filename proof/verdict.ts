/** What a proof counted, and what was not as promised. */
export interface Proof {
  readonly figures: Readonly<Record<string, unknown>>;
  readonly failures: readonly string[];
}

/** Collects what is not as promised, instead of ending at the first. */
export class Verdict {
  readonly failures: string[] = [];

  equal(what: string, found: unknown, promised: unknown): void {
    const [a, b] = [JSON.stringify(found), JSON.stringify(promised)];
    if (a !== b) this.failures.push(`${what}: ${a}, promised ${b}`);
  }

  holds(what: string, condition: boolean): void {
    if (!condition) this.failures.push(what);
  }
}

/** How often each came. */
export class Tally {
  readonly #counts = new Map<string, number>();

  add(name: string, n = 1): void {
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + n);
  }

  get(name: string): number {
    return this.#counts.get(name) ?? 0;
  }

  /** In the order of the names. */
  get all(): Record<string, number> {
    return Object.fromEntries([...this.#counts].sort(([a], [b]) => (a < b ? -1 : 1)));
  }
}

import type { OutboxMark } from './outbox.store.ts';

/** One thing in the log that is not as it must be. */
export interface LogProblem {
  readonly kind: 'missing' | 'gap' | 'order' | 'premature';
  /** `order:<id>` */
  readonly aggregate: string;
  readonly sequence: number;
  readonly message: string;
}

export interface LogCheck {
  /** Events of the outbox that must be in the log, and were looked for. */
  readonly published: number;
  /** Messages of the log. */
  readonly messages: number;
  /** Messages that repeat an earlier one: allowed, consumers drop them. */
  readonly duplicates: number;
  /** Messages whose event the outbox does not have any more. */
  readonly unknown: number;
  /** Published events that are older than anything the log still has. */
  readonly expired: number;
  /** At most a hundred; `problemCount` counts all. */
  readonly problems: readonly LogProblem[];
  readonly problemCount: number;
}

interface Seen {
  readonly first: number;
  last: number;
  readonly skipped: number[];
}

const MAX_PROBLEMS = 100;

/**
 * Holds the log against the outbox: the first occurrences of each aggregate's events must stand in order, without a
 * gap, and every published event must be there. Hand it the messages in the order of the log, then the outbox.
 */
export class SequenceCheck {
  readonly #ids = new Set<string>();
  readonly #aggregates = new Map<string, Seen>();
  readonly #problems: LogProblem[] = [];
  #problemCount = 0;
  #messages = 0;
  #known = 0;
  #published = 0;
  #expired = 0;

  message(of: { id: string; aggregate: string; sequence: number }): void {
    this.#messages++;
    if (this.#ids.has(of.id)) return;
    this.#ids.add(of.id);
    const seen = this.#aggregates.get(of.aggregate);
    if (seen === undefined) {
      const skipped = Array.from({ length: Math.min(of.sequence - 1, MAX_PROBLEMS) }, (_, i) => i + 1);
      this.#aggregates.set(of.aggregate, { first: of.sequence, last: of.sequence, skipped });
      return;
    }
    if (of.sequence <= seen.last) {
      this.#add({ kind: 'order', ...of, message: `${of.sequence} came after ${seen.last}` });
      return;
    }
    for (let n = seen.last + 1; n < of.sequence && seen.skipped.length < MAX_PROBLEMS; n++)
      seen.skipped.push(n);
    seen.last = of.sequence;
  }

  /** @param mayBeGone the log may have deleted it by its age: it did not where it has an older one of its aggregate */
  entry(mark: OutboxMark, mayBeGone: boolean): void {
    const aggregate = `${mark.aggregateType}:${mark.aggregateId}`;
    const at = { aggregate, sequence: mark.sequence };
    const there = this.#ids.has(mark.id);
    if (there) this.#known++;
    const seen = this.#aggregates.get(aggregate);
    const passed = seen?.skipped.includes(mark.sequence) ?? false;
    if (mark.status === 'skipped' && seen !== undefined)
      seen.skipped.splice(0, seen.skipped.length, ...seen.skipped.filter((n) => n !== mark.sequence));
    if (mark.status === 'pending' || mark.status === 'dead') {
      if (passed)
        this.#add({
          kind: 'premature',
          ...at,
          message: `${mark.sequence} is ${mark.status}, and later ones are in the log`,
        });
      return;
    }
    if (mark.status !== 'sent') return;
    this.#published++;
    if (there) return;
    if (mayBeGone && (seen === undefined || mark.sequence < seen.first)) this.#expired++;
    else
      this.#add({ kind: 'missing', ...at, message: `${mark.sequence} was published, and is not in the log` });
  }

  /** @param trimmed the log has deleted old messages: the beginnings of aggregates may be gone */
  result(trimmed: boolean): LogCheck {
    for (const [aggregate, { first, skipped }] of this.#aggregates) {
      for (const sequence of skipped.filter((n) => !trimmed || n > first))
        this.#add({
          kind: 'gap',
          aggregate,
          sequence,
          message: `${sequence} is not in the log, and later ones are`,
        });
    }
    return {
      published: this.#published,
      messages: this.#messages,
      duplicates: this.#messages - this.#ids.size,
      unknown: this.#ids.size - this.#known,
      expired: this.#expired,
      problems: this.#problems,
      problemCount: this.#problemCount,
    };
  }

  #add({ kind, aggregate, sequence, message }: LogProblem): void {
    this.#problemCount++;
    if (this.#problems.length < MAX_PROBLEMS) this.#problems.push({ kind, aggregate, sequence, message });
  }
}

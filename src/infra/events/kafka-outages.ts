import { errorFacts, type Log } from '../../domain/shared/log.ts';
import { failureReason } from './kafka-failure.ts';

/** What is said of groups that cannot read: once, by the first of those that have the same reason, and when they can again. */
export class Outages {
  readonly #log: Log;
  /** Groups that cannot read, with the reason. */
  readonly #away = new Map<string, string>();

  constructor(log: Log) {
    this.#log = log;
  }

  failed(group: string, error: unknown): void {
    const reason = failureReason(error);
    const known = this.#away.has(group) || [...this.#away.values()].includes(reason);
    if (!this.#away.has(group)) this.#away.set(group, reason);
    const facts = { ...errorFacts(error), group };
    if (known) this.#log.debug(facts, 'the consumer still cannot read');
    else this.#log.warn(facts, `the consumer cannot read: ${reason}`);
  }

  reads(group: string): void {
    if (this.#away.delete(group)) this.#log.info({ group }, 'the consumer reads again');
  }
}

import { errorFacts, type Log } from '../../domain/shared/log.ts';
import { failureReason } from './kafka-failure.ts';

/** What is said of groups that cannot read: each reason once, until all of them read again, and when each does. */
export class Outages {
  readonly #log: Log;
  /** Groups that cannot read. */
  readonly #away = new Set<string>();
  readonly #told = new Set<string>();

  constructor(log: Log) {
    this.#log = log;
  }

  failed(group: string, error: unknown): void {
    const reason = failureReason(error);
    const facts = { ...errorFacts(error), group };
    if (this.#told.has(reason)) this.#log.debug(facts, 'the consumer still cannot read');
    else this.#log.warn(facts, `the consumer cannot read: ${reason}`);
    this.#away.add(group);
    this.#told.add(reason);
  }

  reads(group: string): void {
    if (!this.#away.delete(group)) return;
    this.#log.info({ group }, 'the consumer reads again');
    if (this.#away.size === 0) this.#told.clear();
  }
}

import type { EndedBefore } from '../../domain/jobs/job-runner.ts';

const START = new Date(0);

/**
 * How far each purge has come along the times of ends. A purge is its `EndedBefore`, the same object in each batch:
 * so none reads again what the batches before it have left, the dead jobs that are kept longer.
 */
export class PurgeWalk {
  readonly #last = new WeakMap<EndedBefore, Date>();

  /** Others may have ended at that very time. */
  from(before: EndedBefore): Date {
    return this.#last.get(before) ?? START;
  }

  passed(before: EndedBefore, last: Date): void {
    this.#last.set(before, last);
  }
}

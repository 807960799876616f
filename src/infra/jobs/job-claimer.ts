import { errorFacts, type Log } from '../../domain/shared/log.ts';
import { Wake } from '../../domain/shared/wake.ts';
import type { ClaimingRepository, DueName, HeldJob } from './held-jobs.ts';
import { JobBuffer } from './job-buffer.ts';
import type { QueueGate } from './queue-gate.ts';
import { shuffled } from './shuffled.ts';

/** How soon jobs that another process enqueued are found without a message, in milliseconds. */
const POLL = 200;
/** How long it stays known what is due while there is more than can run, in milliseconds. */
const KNOWN = 50;
/** A store that is down would be reported by every look. */
const ERROR_LOG_INTERVAL = 5000;
const UNKNOWN_INTERVAL = 60_000;

export interface ClaimerDeps {
  readonly repository: ClaimingRepository;
  readonly gate: QueueGate;
  /** The queue of each name that has a handler here. */
  readonly queues: ReadonlyMap<string, string>;
  readonly log: Log;
  /** Has one claimed job run. */
  run(job: HeldJob): Promise<void>;
}

/**
 * Decides what this worker claims: as much as can run, queues and jobs of higher priority first, and of those with the
 * same priority by chance, so that no name is always first.
 */
export class JobClaimer {
  readonly #deps: ClaimerDeps;
  readonly #wake = new Wake();
  readonly #buffer = new JobBuffer();
  /** Jobs that will not start here: what they took from a rate limit is to be given back. */
  readonly #dropped: HeldJob[] = [];
  #limit: number;
  /** Handlers that run, or are about to. */
  #executing = 0;
  #due: { readonly names: readonly DueName[]; readonly until: number } | undefined;
  #stopping = false;
  #lastError = 0;
  #lastUnknown = 0;
  #life: Promise<void> | undefined;

  constructor(deps: ClaimerDeps, limit: number) {
    this.#deps = deps;
    this.#limit = limit;
  }

  get limit(): number {
    return this.#limit;
  }

  get executing(): number {
    return this.#executing;
  }

  get stopping(): boolean {
    return this.#stopping;
  }

  start(): void {
    this.#life ??= this.#live();
  }

  /** Something became due, or was changed: what was known of it is not true any more. */
  readonly news = (): void => {
    this.#due = undefined;
    this.#deps.gate.expire();
    this.#wake.wake();
  };

  /** The handler of a job has ended, after so long: there is room for another. */
  ended(milliseconds: number): void {
    this.#executing--;
    this.#buffer.ran(milliseconds);
    this.#startNext();
    if (this.#room() > 0) this.#wake.wake();
  }

  setLimit(limit: number): void {
    this.#limit = limit;
    this.#startNext();
    this.#wake.wake();
  }

  /** Another worker has it, or an operator cancelled it: it does not start. @returns whether it waited to */
  drop(id: string): boolean {
    const dropped = this.#buffer.drop(id);
    if (dropped === undefined) return false;
    this.#letGo(dropped);
    return true;
  }

  /** Claims nothing any more; resolves when the look under way is through, and what waited is given back. */
  async stop(): Promise<void> {
    this.#stopping = true;
    this.#wake.wake();
    await this.#life;
    // It stops all the same: at worst a rate limit counts starts that were none.
    await this.#giveBack(this.#buffer.empty()).catch((error: unknown) => this.#report(error));
  }

  #startNext(): void {
    while (!this.#stopping && this.#executing < this.#limit) {
      const job = this.#buffer.next();
      if (job === undefined) return;
      this.#executing++;
      this.#run(job).catch((error: unknown) => this.#report(error));
    }
  }

  async #run(job: HeldJob): Promise<void> {
    if (!job.takenOver || (await this.#storeStart(job))) return this.#deps.run(job);
    this.#letGo(job);
    this.#executing--;
    this.#startNext();
  }

  #letGo(job: HeldJob): void {
    this.#deps.repository.held.letGo(job._id ?? '');
    this.#dropped.push(job);
  }

  /** One that cannot be stored keeps no job back: it comes with the next sign of life. */
  #storeStart(job: HeldJob): Promise<boolean> {
    return this.#deps.repository.storeStart(job).catch((error: unknown) => {
      this.#report(error);
      return true;
    });
  }

  /** For claims: none until half of what may wait has started, so that each claim takes many. */
  #room(): number {
    const ahead = this.#buffer.ahead(this.#limit);
    const room = this.#limit + ahead - this.#executing - this.#buffer.size;
    return room >= Math.max(1, ahead / 2) ? room : 0;
  }

  /** These jobs, and what those that were dropped took from a rate limit. */
  async #giveBack(jobs: readonly HeldJob[]): Promise<void> {
    const { repository, gate } = this.#deps;
    if (jobs.length > 0) await repository.unlockJobs(jobs.flatMap(({ _id }) => (_id ? [_id] : [])));
    const unstarted = [...jobs, ...this.#dropped.splice(0)];
    for (const { queue, claimedAt, count } of countClaims(unstarted))
      await gate.giveBack(queue, count, claimedAt);
  }

  async #live(): Promise<void> {
    while (!this.#stopping) {
      try {
        await this.#giveBack(this.#buffer.stale());
        await this.#look();
        await this.#lookForUnknown();
      } catch (error) {
        this.#report(error);
      }
      await this.#wake.sleep(POLL);
    }
  }

  async #look(): Promise<void> {
    if (this.#room() === 0) return;
    await this.#deps.gate.refresh();
    for (const { name } of await this.#names()) {
      if (this.#stopping || this.#room() === 0) return;
      await this.#claim(name);
    }
  }

  async #claim(name: string): Promise<void> {
    const { gate, repository, queues } = this.#deps;
    const queue = queues.get(name) ?? '';
    const room = gate.room(queue, this.#room(), repository.held.countOf(queue));
    if (room === 0) return;
    const granted = await gate.admit(queue, room);
    if (granted === 0) return;
    const takenAt = new Date();
    const starting = Math.max(0, this.#limit - this.#executing - this.#buffer.size);
    let count = 0;
    try {
      const jobs = await repository.claim(name, granted, starting);
      count = jobs.length;
      if (count < granted) this.#due = undefined;
      this.#buffer.put(jobs);
      this.#startNext();
    } finally {
      // Also when the store failed.
      await gate.giveBack(queue, granted - count, takenAt);
    }
  }

  async #names(): Promise<readonly DueName[]> {
    if (this.#due !== undefined && Date.now() < this.#due.until)
      return shuffled(this.#due.names).sort(this.#byPriority);
    const names = await this.#deps.repository.due([...this.#deps.queues.keys()]);
    this.#due = { names, until: Date.now() + KNOWN };
    return shuffled(names).sort(this.#byPriority);
  }

  readonly #byPriority = (a: DueName, b: DueName): number =>
    this.#queuePriority(b) - this.#queuePriority(a) || b.priority - a.priority;

  #queuePriority({ name }: DueName): number {
    return this.#deps.gate.priorityOf(this.#deps.queues.get(name) ?? '');
  }

  /** Their jobs wait: a newer or older version of the program may know them. */
  async #lookForUnknown(): Promise<void> {
    if (Date.now() - this.#lastUnknown < UNKNOWN_INTERVAL) return;
    this.#lastUnknown = Date.now();
    const { repository, queues, log } = this.#deps;
    const unknown = await repository.unknownNames([...new Set(queues.values())], [...queues.keys()]);
    if (unknown.length === 0) return;
    log.error(
      { jobs: unknown },
      'jobs wait that this version has no handler for: run the version that enqueued them, or cancel them',
    );
  }

  #report(error: unknown): void {
    if (Date.now() - this.#lastError < ERROR_LOG_INTERVAL) return;
    this.#lastError = Date.now();
    this.#deps.log.error(errorFacts(error), 'the job store failed: jobs wait');
  }
}

/** How many of these jobs came from each claim: there may be hundreds. */
function countClaims(
  jobs: readonly HeldJob[],
): Iterable<{ readonly queue: string; readonly claimedAt: Date; readonly count: number }> {
  const claims = new Map<string, { queue: string; claimedAt: Date; count: number }>();
  for (const { queue, claimedAt } of jobs) {
    const key = `${queue} ${claimedAt.getTime()}`;
    const claim = claims.get(key) ?? { queue, claimedAt, count: 0 };
    claims.set(key, { ...claim, count: claim.count + 1 });
  }
  return claims.values();
}

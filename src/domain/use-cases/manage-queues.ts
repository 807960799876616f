import type { JobControl, QueueCounts } from '../jobs/job-record.ts';
import { DEFAULT_QUEUE_SETTINGS, type QueueReadModel, type QueueSettings } from '../jobs/queue.store.ts';
import { type Actor, actorLabel } from '../shared/actor.ts';
import type { Clock } from '../shared/clock.ts';
import { invalidField, unlessAway } from '../shared/errors.ts';
import { QUEUES, type Queue, queueOf } from '../shared/job.ts';
import { onRecord } from './on-record.ts';
import type { Database } from './tx.ts';

const MAX_PRIORITY = 100;
const MAX_CONCURRENCY = 1000;
const MAX_RATE = 1_000_000;
const MAX_RATE_SECONDS = 3600;

/** Without counts while the job store is away. */
export interface QueueView extends QueueSettings, Partial<Omit<QueueCounts, 'queue'>> {
  readonly queue: Queue;
  /** As it is configured. */
  readonly name: string;
}

interface Deps {
  readonly db: Database;
  readonly clock: Clock;
  readonly jobs: Pick<JobControl, 'counts'>;
  readonly queues: QueueReadModel;
  readonly names: Readonly<Record<Queue, string>>;
}

/** What operators see of queues, and set of them. Workers follow within a second or two. */
export class ManageQueues {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  async list(): Promise<QueueView[]> {
    const { jobs, queues, names } = this.#deps;
    const [counts, settings] = await Promise.all([unlessAway(jobs.counts()), queues.settings()]);
    return QUEUES.map((queue) => ({
      ...(counts && (counts.find((c) => c.queue === queue) ?? EMPTY)),
      ...(settings.get(queue) ?? DEFAULT_QUEUE_SETTINGS),
      queue,
      name: names[queue],
    }));
  }

  /**
   * Changes what is given and leaves the rest; null takes a limit away.
   * @param name logical, or as it is configured
   * @throws DomainError not_found, validation_failed
   */
  set(actor: Actor, name: string, change: QueueChange): Promise<QueueSettings> {
    const attempt = { actor, action: 'queue.set', subjects: [`queue:${name}`] };
    return onRecord(this.#deps, attempt, () => this.#set(actor, name, change));
  }

  async #set(actor: Actor, name: string, change: QueueChange): Promise<QueueSettings> {
    const { db, clock } = this.#deps;
    checkChange(change);
    const queue = queueOf(name, this.#deps.names, 'not_found');
    return await db.transaction(async (tx) => {
      const before = await tx.queues.lock(queue);
      const after: QueueSettings = {
        paused: change.paused ?? before.paused,
        priority: change.priority ?? before.priority,
        concurrency:
          change.concurrency === undefined ? before.concurrency : (change.concurrency ?? undefined),
        rateLimit: change.rateLimit === undefined ? before.rateLimit : (change.rateLimit ?? undefined),
      };
      const at = clock.now();
      await tx.queues.save(queue, after, at);
      await tx.audit.append({
        at,
        actor: actorLabel(actor),
        action: 'queue.set',
        subject: `queue:${queue}`,
        details: { ...change },
      });
      return after;
    });
  }
}

export interface QueueChange {
  readonly paused?: boolean | undefined;
  readonly priority?: number | undefined;
  readonly concurrency?: number | null | undefined;
  readonly rateLimit?: { readonly jobs: number; readonly seconds: number } | null | undefined;
}

function checkChange({ priority = 0, concurrency, rateLimit }: QueueChange): void {
  if (!isBetween(priority, -MAX_PRIORITY, MAX_PRIORITY))
    throw invalidField('priority', `a whole number from -${MAX_PRIORITY} to ${MAX_PRIORITY}`);
  if (!isBetween(concurrency ?? 1, 1, MAX_CONCURRENCY))
    throw invalidField(
      'concurrency',
      `a whole number from 1 to ${MAX_CONCURRENCY}; pause the queue to stop it`,
    );
  if (
    !isBetween(rateLimit?.jobs ?? 1, 1, MAX_RATE) ||
    !isBetween(rateLimit?.seconds ?? 1, 1, MAX_RATE_SECONDS)
  )
    throw invalidField('rateLimit', `1 to ${MAX_RATE} jobs in 1 to ${MAX_RATE_SECONDS} seconds`);
}

const isBetween = (value: number, low: number, high: number): boolean =>
  Number.isInteger(value) && value >= low && value <= high;

const EMPTY: Omit<QueueCounts, 'queue'> = {
  ready: 0,
  scheduled: 0,
  retrying: 0,
  running: 0,
  dead: 0,
  succeededLastMinute: 0,
  failedLastMinute: 0,
  oldestReadyAt: undefined,
};

import { backoffDelay } from '../domain/shared/backoff.ts';
import { isUnavailable } from '../domain/shared/errors.ts';
import { errorFacts } from '../domain/shared/log.ts';
import { Wake } from '../domain/shared/wake.ts';
import { type DispatchResult, NOTHING, sum } from '../domain/use-cases/dispatch-outbox.ts';
import { startHeartbeat } from './heartbeat.ts';
import type { RunningRole, Work, WorkingApp } from './work.ts';

export interface RelayOptions {
  /** Ends when nothing more is due, instead of waiting for news. */
  readonly once?: boolean | undefined;
  /** Events to publish at most, with `once`. */
  readonly limit?: number | undefined;
}

export interface RunningRelay extends RunningRole {
  /** Resolves with the totals when the relay has ended by itself, or was stopped. */
  readonly done: Promise<DispatchResult>;
}

/** How soon events are noticed that another process committed, where no Redis tells, in milliseconds. */
const POLL = 100;
/** While the event log is away: it is asked again soon, so that the backlog goes out seconds after its return. */
const OUTAGE = { base: 250, ceiling: 5000 };

/** Publishes the outbox. Any number of relays may run: each takes different aggregates. */
export async function startRelay(app: WorkingApp, options: RelayOptions = {}): Promise<RunningRelay> {
  const work = await app.work();
  if (options.once) {
    const stop = new AbortController();
    const done = publishOnce(work, options.limit, stop.signal);
    return {
      done,
      stop: async () => {
        stop.abort();
        await done;
      },
    };
  }
  const relay = new Relay(app, work);
  const [heartbeat, unsubscribe] = [
    await startHeartbeat(app, { role: 'relay', queues: [], concurrency: () => 1 }),
    work.onAppended(relay.wake),
  ];
  const done = relay.run();
  return {
    done,
    stop: async () => {
      unsubscribe();
      relay.stop();
      await done;
      await heartbeat.stop();
    },
  };
}

async function publishOnce(
  work: Work,
  limit: number | undefined,
  signal: AbortSignal,
): Promise<DispatchResult> {
  const total = await work.dispatchOutbox.drain({ limit, signal });
  // Where there was nothing to send nobody has asked the log yet: that it is away must show all the same.
  if (total.claimed === 0 && !signal.aborted) await work.eventLog.ping();
  return total;
}

class Relay {
  readonly #app: WorkingApp;
  readonly #work: Work;
  readonly #wake = new Wake();
  readonly #stopping = new AbortController();
  #total = NOTHING;
  #failures = 0;

  constructor(app: WorkingApp, work: Work) {
    this.#app = app;
    this.#work = work;
  }

  /** News do not end the pause of an outage. */
  readonly wake = (): void => {
    if (this.#failures === 0) this.#wake.wake();
  };

  stop(): void {
    this.#stopping.abort();
    this.#wake.wake();
  }

  async run(): Promise<DispatchResult> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      try {
        await this.#work.dispatchOutbox.drain({ signal, onBatch: (result) => this.#settled(result) });
        // Where nothing was claimed, or another relay holds it, the log was not asked.
        if (this.#failures > 0) await this.#work.eventLog.ping();
        this.#recovered();
        await this.#wake.sleep(POLL);
      } catch (error) {
        this.#failed(error);
        await this.#wake.sleep(backoffDelay(OUTAGE, this.#failures, Math.random()));
      }
    }
    return this.#total;
  }

  #settled(result: DispatchResult): void {
    // A claim that was only given back is no sign of life.
    if (result.sent + result.refused + result.dead === 0) return;
    this.#recovered();
    this.#total = sum(this.#total, result);
    this.#work.relayed.batch(result);
    if (result.refused + result.dead > 0) {
      this.#app.log.warn(result, 'the event log refused events: dead ones block their aggregate');
    }
  }

  /** Once for each outage, not for each try. */
  #failed(error: unknown): void {
    this.#failures++;
    this.#work.relayed.failure();
    if (this.#failures > 1 && isUnavailable(error)) return;
    this.#app.log.error(errorFacts(error), 'events cannot be published: they wait in the outbox');
  }

  #recovered(): void {
    if (this.#failures > 0) this.#app.log.info({}, 'events are published again');
    this.#failures = 0;
  }
}

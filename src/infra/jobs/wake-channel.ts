import { AsyncResource } from 'node:async_hooks';
import { BaseNotificationChannel, type JobNotification, toJobId } from 'agenda';
import { shuffled } from './shuffled.ts';

/**
 * Lets Agenda look for jobs at once: when a commit of this process enqueued some, and when a finished job has made
 * room for the next. Jobs of other processes are found by polling.
 */
export class WakeChannel extends BaseNotificationChannel {
  readonly #names: readonly string[];
  #scheduled = false;
  // A listener is called inside the transaction that wakes it, and must not carry that context into its own work.
  readonly wake = AsyncResource.bind((): void => {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      // Whose turn comes first takes what room there is: so no name is always first.
      for (const name of shuffled(this.#names)) void this.notifyHandlers(lookFor(name));
    });
  });

  constructor(jobNames: readonly string[]) {
    super();
    this.#names = jobNames;
  }

  connect(): Promise<void> {
    this.setState('connected');
    return Promise.resolve();
  }

  disconnect(): Promise<void> {
    this.handlers.clear();
    this.setState('disconnected');
    return Promise.resolve();
  }

  publish(): Promise<void> {
    this.wake();
    return Promise.resolve();
  }
}

const lookFor = (jobName: string): JobNotification => ({
  jobId: toJobId(''),
  jobName,
  nextRunAt: null,
  priority: 0,
  timestamp: new Date(),
});

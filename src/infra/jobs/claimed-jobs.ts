import { BaseNotificationChannel, toJobId } from 'agenda';
import type { HeldJob, HeldJobs } from './held-jobs.ts';

/**
 * Brings Agenda the jobs that were claimed for it, one by one: its own way of looking claims one name after the other,
 * whatever the priority, the limits of queues and the room that there is.
 */
export class ClaimedJobs extends BaseNotificationChannel {
  readonly #held: HeldJobs;

  constructor(held: HeldJobs) {
    super();
    this.#held = held;
  }

  /** Resolves when Agenda has it. */
  async run(job: HeldJob): Promise<void> {
    this.#held.offer(job);
    await this.notifyHandlers({
      jobId: toJobId(job._id ?? ''),
      jobName: job.name,
      nextRunAt: null,
      priority: job.priority,
      timestamp: new Date(),
    });
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

  /** Jobs are enqueued elsewhere. */
  publish(): Promise<void> {
    return Promise.resolve();
  }
}

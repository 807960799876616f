import { errorFacts } from '../domain/shared/log.ts';
import { Wake } from '../domain/shared/wake.ts';
import { FireSchedules } from '../domain/use-cases/fire-schedules.ts';
import { startHeartbeat } from './heartbeat.ts';
import { scheduledJobs, schedules } from './schedules.ts';
import type { RunningRole, WorkingApp } from './work.ts';

/** How soon a schedule that was changed elsewhere is noticed, in milliseconds. */
const POLL = 1000;
const MIN_SLEEP = 20;
const RETRY = 5000;

/** Turns due schedules into jobs. Any number of schedulers may run: each tick fires once. */
export async function startScheduler(app: WorkingApp): Promise<RunningRole> {
  const { db, clock } = app;
  const { schedules: stored } = await app.work();
  const fire = new FireSchedules({ db, clock, schedules: stored, jobs: scheduledJobs });
  await fire.declare(schedules);
  const heartbeat = await startHeartbeat(app, { role: 'scheduler', queues: [], concurrency: () => 1 });
  const loop = new SchedulerLoop(app, fire);
  const done = loop.run();
  return {
    stop: async () => {
      loop.stop();
      await done;
      await heartbeat.stop();
    },
  };
}

class SchedulerLoop {
  readonly #app: WorkingApp;
  readonly #fire: FireSchedules;
  readonly #wake = new Wake();
  #stopping = false;

  constructor(app: WorkingApp, fire: FireSchedules) {
    this.#app = app;
    this.#fire = fire;
  }

  stop(): void {
    this.#stopping = true;
    this.#wake.wake();
  }

  async run(): Promise<void> {
    while (!this.#stopping) {
      try {
        await this.#wake.sleep(await this.#tick());
      } catch (error) {
        this.#app.log.error(errorFacts(error), 'schedules cannot be fired: they will be, late');
        await this.#wake.sleep(RETRY);
      }
    }
  }

  /** @returns milliseconds until the next look */
  async #tick(): Promise<number> {
    const next = await this.#fire.next();
    if (next === undefined) return POLL;
    const wait = next.getTime() - this.#app.clock.now().getTime();
    if (wait > 0) return Math.min(Math.max(wait, MIN_SLEEP), POLL);
    const { fired, failed } = await this.#fire.run();
    if (fired.length > 0) this.#app.log.debug({ fired }, 'schedules fired');
    for (const { name, error } of failed) {
      this.#app.log.error(
        { ...errorFacts(error), schedule: name },
        'the schedule cannot be fired: it is tried again',
      );
    }
    return 0;
  }
}

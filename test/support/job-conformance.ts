import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { handlerOf, type JobContext, type RunningJobs } from '../../src/domain/jobs/job-runner.ts';
import { currentContext, runInContext } from '../../src/domain/shared/context.ts';
import { DomainError } from '../../src/domain/shared/errors.ts';
import { newId } from '../../src/domain/shared/ids.ts';
import { defineJob, type EnqueueOptions } from '../../src/domain/shared/job.ts';
import { SqlQueueReadModel } from '../../src/infra/db/jobs/sql-queue.store.ts';
import { AgendaJobRunner, type AgendaStore } from '../../src/infra/jobs/agenda.job-runner.ts';
import { QueueGate } from '../../src/infra/jobs/queue-gate.ts';
import { Gate } from './gate.ts';
import type { TestApp } from './setup-app.ts';
import { until } from './until.ts';

const Greet = defineJob({
  name: 'test.greet',
  queue: 'default',
  summary: 'for tests',
  data: z.strictObject({ whom: z.string() }),
});

interface Stored {
  readonly failCount: number;
  readonly failReason: string | undefined;
  readonly finished: boolean;
  readonly locked: boolean;
}

export interface StoreUnderTest {
  app(): TestApp;
  open(): AgendaStore;
  /** The jobs as the store has them. */
  jobs(): Promise<Stored[]>;
  clear(): Promise<void>;
}

/** What a handler may throw all the same. */
const noError: Error = Object.create(null) as Error;

const LIMITS = { softTimeoutSeconds: 60, timeoutSeconds: 60, lockSeconds: 20 };
const RETRY = { delaySeconds: 0.05, maxAttempts: 3 };

/** What every job store must do. */
export function describeJobStore(name: string, under: StoreUnderTest): void {
  describe(`jobs in ${name}`, () => {
    let running: RunningJobs[] = [];
    let stores: AgendaStore[] = [];
    const worker = async (
      run: (whom: string, context: JobContext) => Promise<void>,
      settings: { concurrency?: number; limits?: Partial<typeof LIMITS> } = {},
    ): Promise<RunningJobs> => {
      const store = under.open();
      stores.push(store);
      const limits = { ...LIMITS, ...settings.limits };
      const { app } = under.app();
      const gate = new QueueGate(app.connections, new SqlQueueReadModel(app.connections.read));
      const runner = new AgendaJobRunner(store, gate, { limits, retry: RETRY }, app.log);
      const handlers = [handlerOf(Greet, ({ whom }, context) => run(whom, context))];
      const jobs = await runner.start({
        handlers,
        concurrency: settings.concurrency ?? 4,
        workerId: newId(),
      });
      running.push(jobs);
      return jobs;
    };
    const enqueue = (whom: string, options?: EnqueueOptions): Promise<void> =>
      under.app().app.db.transaction((tx) => tx.jobs.enqueue(Greet, { whom }, options));
    const allFinished = (count: number) =>
      until(async () => {
        const jobs = await under.jobs();
        return jobs.length === count && jobs.every((j) => j.finished && !j.locked) && jobs;
      }, 'every job to finish');

    beforeEach(() => under.clear());
    afterEach(async () => {
      await Promise.all(running.map((r) => r.stop(5000)));
      await Promise.all(stores.map((s) => s.close()));
      running = [];
      stores = [];
    });

    it('runs a job once, under the correlation id of its cause', async () => {
      const runs: (string | undefined)[] = [];
      await worker((whom) => {
        runs.push(`${whom} ${currentContext()?.correlationId}`);
        return Promise.resolve();
      });
      await runInContext({ correlationId: 'cause' }, () => enqueue('Ana'));
      await allFinished(1);
      expect(runs).toEqual(['Ana cause']);
    });

    it('has no job of a transaction that was rolled back', async () => {
      const { db } = under.app().app;
      const failing = db.transaction(async (tx) => {
        await tx.jobs.enqueue(Greet, { whom: 'nobody' });
        throw new Error('rolled back');
      });
      await expect(failing).rejects.toThrow('rolled back');
      const runs: string[] = [];
      await worker((whom) => Promise.resolve(void runs.push(whom)));
      await enqueue('Ana');
      await allFinished(1);
      expect(runs).toEqual(['Ana']);
    });

    it('makes one job of a unique key, also after that job has run', async () => {
      const runs: string[] = [];
      await worker((whom) => Promise.resolve(void runs.push(whom)));
      await Promise.all(Array.from({ length: 5 }, () => enqueue('Ana', { uniqueKey: 'k' })));
      await allFinished(1);
      await enqueue('Ana', { uniqueKey: 'k' });
      await enqueue('Bo');
      await until(() => runs.includes('Bo'), 'the other job');
      expect(runs).toEqual(['Ana', 'Bo']);
    });

    it('shares many jobs among workers, each job to one of them', async () => {
      const runs = new Map<string, number>();
      const count = (whom: string) => {
        runs.set(whom, (runs.get(whom) ?? 0) + 1);
        return Promise.resolve();
      };
      const names = Array.from({ length: 40 }, () => newId());
      await Promise.all([worker(count), worker(count)]);
      await Promise.all(names.map((n) => enqueue(n)));
      await allFinished(40);
      expect([...runs.values()].filter((n) => n !== 1)).toEqual([]);
      expect(runs.size).toBe(40);
    });

    it('runs no more jobs at once than it was told', async () => {
      let now = 0;
      let most = 0;
      const gate = new Gate();
      await worker(
        async () => {
          most = Math.max(most, ++now);
          await gate.opened;
          now--;
        },
        { concurrency: 2 },
      );
      for (let i = 0; i < 5; i++) await enqueue(`${i}`);
      await until(() => now === 2, 'two running jobs');
      expect((await under.jobs()).filter((j) => j.locked).length).toBeLessThanOrEqual(2);
      gate.open();
      await allFinished(5);
      expect(most).toBe(2);
    });

    it('tries a failing job again, and gives up after the set number of tries', async () => {
      const attempts: number[] = [];
      await worker((_, { attempt }) => {
        attempts.push(attempt);
        return Promise.reject(new DomainError('unavailable', 'the mail server is away'));
      });
      await enqueue('Ana');
      await until(() => attempts.length === 3, 'three tries');
      const [job] = await allFinished(1);
      expect(attempts).toEqual([1, 2, 3]);
      expect(job).toMatchObject({ failCount: 3, failReason: 'the mail server is away' });
    });

    it('gives up at once where another try cannot help, and survives a handler that throws no error', async () => {
      await worker((whom) => {
        if (whom === 'nobody') throw new DomainError('not_found', 'order not found');
        return Promise.reject(noError);
      });
      await enqueue('nobody');
      await enqueue('Ana');
      const jobs = await allFinished(2);
      expect(jobs.map((j) => j.failCount).sort()).toEqual([1, 3]);
      expect(jobs.map((j) => j.failReason)).toContain('order not found');
    });

    it('takes over the job of a dead worker, whose late finish changes nothing', async () => {
      const gates = [new Gate(), new Gate()];
      const starts: number[] = [];
      const run = async () => {
        const index = starts.push(starts.length) - 1;
        await gates[index]?.opened;
        if (index === 0) throw new Error('too late');
      };
      // It never gives a sign of life: its lock is renewed every quarter of an hour.
      await worker(run, { limits: { lockSeconds: 3600 } });
      await enqueue('Ana');
      await until(() => starts.length === 1, 'the first start');
      // For this one, a lock without a sign of life for a moment has ended.
      await worker(run, { limits: { lockSeconds: 0.2 } });
      await until(() => starts.length === 2, 'the second start');
      gates[0]?.open();
      await running[0]?.stop(5000);
      expect(await under.jobs()).toMatchObject([{ failCount: 0, locked: true, finished: false }]);
      gates[1]?.open();
      expect(await allFinished(1)).toMatchObject([{ failCount: 0, failReason: undefined }]);
    });

    it('finishes what it runs when it is stopped, and leaves the rest to others', async () => {
      const gate = new Gate();
      const runs: string[] = [];
      const stopping = await worker(
        async (whom) => {
          runs.push(whom);
          await gate.opened;
        },
        { concurrency: 1 },
      );
      await enqueue('Ana');
      await until(() => runs.length === 1, 'the first job');
      await enqueue('Bo');
      const stopped = stopping.stop(20_000);
      gate.open();
      await stopped;
      const jobs = await under.jobs();
      expect(jobs.filter((j) => j.locked)).toEqual([]);
      await worker((whom) => Promise.resolve(void runs.push(`${whom} elsewhere`)));
      await allFinished(2);
      expect(runs).toEqual(['Ana', 'Bo elsewhere']);
    });

    it('ends a job that takes too long, and tries it again', async () => {
      const attempts: number[] = [];
      let asked = false;
      await worker(
        (_, { attempt, signal }) => {
          attempts.push(attempt);
          if (attempt > 1) return Promise.resolve();
          signal.addEventListener('abort', () => {
            asked = true;
          });
          return new Promise(() => undefined);
        },
        { limits: { softTimeoutSeconds: 0.1, timeoutSeconds: 0.3 } },
      );
      await enqueue('Ana');
      await until(() => attempts.length === 2, 'a second try');
      await allFinished(1);
      expect(asked).toBe(true);
    });
  });
}

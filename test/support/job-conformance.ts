import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import type { JobControl } from '../../src/domain/jobs/job-record.ts';
import { handlerOf, type JobContext, type RunningJobs } from '../../src/domain/jobs/job-runner.ts';
import { DEFAULT_QUEUE_SETTINGS, type QueueSettings } from '../../src/domain/jobs/queue.store.ts';
import { currentContext, runInContext } from '../../src/domain/shared/context.ts';
import { DomainError } from '../../src/domain/shared/errors.ts';
import { newId } from '../../src/domain/shared/ids.ts';
import { defineJob, type EnqueueOptions } from '../../src/domain/shared/job.ts';
import type { AgendaStore } from '../../src/infra/jobs/agenda.job-runner.ts';
import { Gate } from './gate.ts';
import { JobWorkers } from './job-workers.ts';
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
  /** How many statements on the database store how jobs ended at once. */
  readonly endStatements: number;
  app(): TestApp;
  open(): AgendaStore;
  control(): JobControl;
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
    const workers = new JobWorkers(under);
    const { open } = workers;
    const worker = (
      run: (whom: string, context: JobContext) => Promise<unknown>,
      settings: { concurrency?: number; limits?: Partial<typeof LIMITS>; store?: AgendaStore } = {},
    ): Promise<RunningJobs> => {
      const limits = { ...LIMITS, ...settings.limits };
      const handler = handlerOf(Greet, ({ whom }, context) => run(whom, context));
      return workers.start(handler, { limits, retry: RETRY }, settings);
    };
    const enqueue = (whom: string, options?: EnqueueOptions): Promise<void> =>
      under.app().app.db.transaction((tx) => tx.jobs.enqueue(Greet, { whom }, options));
    const allFinished = (count: number) =>
      until(async () => {
        const jobs = await under.jobs();
        return jobs.length === count && jobs.every((j) => j.finished && !j.locked) && jobs;
      }, 'every job to finish');

    beforeEach(async () => {
      await under.clear();
      await under.app().app.connections.write((sql) => sql.run('DELETE FROM queues'));
    });
    afterEach(() => workers.end());

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
      await workers.running[0]?.stop(5000);
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

    it('asks what does not finish to stop, then gives it back to others', async () => {
      let [starts, told] = [0, false];
      const stopping = await worker((_, { signal }) => {
        starts++;
        signal.addEventListener('abort', () => {
          told = true;
        });
        return new Promise(() => undefined);
      });
      await enqueue('Ana');
      await until(() => starts === 1, 'the start');
      await stopping.stop(300);
      expect(told).toBe(true);
      expect(await under.jobs()).toMatchObject([{ locked: false, finished: false }]);
      await worker(() => Promise.resolve());
      await allFinished(1);
      expect(starts).toBe(1);
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

    it('keeps every try with its error, its stack, its worker and its result', async () => {
      await worker((_, { attempt }) =>
        attempt === 1 ? Promise.reject(new Error('not yet')) : Promise.resolve({ done: true }),
      );
      await enqueue('Ana', { uniqueKey: 'tries' });
      await allFinished(1);
      const job = await under.control().findByKey('tries');
      expect(job).toMatchObject({ state: 'succeeded', result: { done: true }, data: { whom: 'Ana' } });
      expect(job?.attempts).toMatchObject([
        { outcome: 'failed', error: 'not yet', stack: expect.stringContaining('at ') as unknown },
        { outcome: 'succeeded' },
      ]);
      expect(new Set(job?.attempts.map((a) => a.worker))).toEqual(new Set([job?.worker]));
    });

    it('buries a job whose worker is lost again and again', async () => {
      await enqueue('Ana', { uniqueKey: 'lost' });
      const lose = async (): Promise<boolean> => {
        // Claimed, and started, by one who gives no sign of life.
        const repository = await open().repository({ worker: newId(), lockSeconds: 0.001, maxLost: 3 });
        const [job] = await repository.claim('test.greet', 1, 1);
        return job !== undefined && (!job.takenOver || repository.storeStart(job));
      };
      for (let i = 0; i < 3; i++) await until(lose, 'a claim');
      await until(async () => {
        await lose();
        return (await under.control().findByKey('lost'))?.state === 'dead';
      }, 'the job to be dead');
      const job = await under.control().findByKey('lost');
      expect(job?.error).toBe('lost its worker 3 times in a row');
      expect(job?.attempts.map((a) => a.outcome)).toEqual(['lost', 'lost', 'lost']);
    });

    it('counts no try of a job that was claimed and had not started when its worker was lost', async () => {
      for (const whom of ['first', 'second'])
        await enqueue(whom, { uniqueKey: whom, priority: whom === 'first' ? 1 : 0 });
      const repository = () => open().repository({ worker: newId(), lockSeconds: 0.001, maxLost: 3 });
      const dies = await repository();
      await until(async () => (await under.jobs()).length === 2, 'both jobs');
      const jobs = await dies.claim('test.greet', 2, 1);
      expect(jobs.map((job) => job.priority)).toEqual([1, 0]);
      const lost = async (key: string) =>
        (await under.control().findByKey(key))?.attempts.map((a) => a.outcome);
      const takeOver = async () => {
        const one = await repository();
        const taken = await until(async () => {
          const some = await one.claim('test.greet', 2, 2);
          return some.length === 2 && some;
        }, 'the locks to have ended');
        return { one, taken };
      };
      // Both are taken over twice; the second starts, at the second time.
      await takeOver();
      const { one, taken } = await takeOver();
      expect([await lost('first'), await lost('second')]).toEqual([['lost'], []]);
      for (const job of taken) if (job.priority === 0) expect(await one.storeStart(job)).toBe(true);
      await takeOver();
      expect([await lost('first'), await lost('second')]).toEqual([['lost'], ['lost']]);
    });

    it('tells of a running job when it has started, also of one that was claimed ahead', async () => {
      await enqueue('Ana', { uniqueKey: 'ahead' });
      const repository = await open().repository({ worker: newId(), lockSeconds: 20, maxLost: 3 });
      const [job] = await until(async () => {
        const some = await repository.claim('test.greet', 1, 0);
        return some.length === 1 && some;
      }, 'the claim');
      const startedAt = async () => (await under.control().findByKey('ahead'))?.startedAt;
      expect(await startedAt()).toBeUndefined();
      Object.assign(repository.held.get(job?._id ?? '') ?? {}, {
        startedAt: new Date('2026-01-01T00:00:00Z'),
      });
      expect(await repository.renew()).toEqual([]);
      expect(await startedAt()).toEqual(new Date('2026-01-01T00:00:00Z'));
    });

    it('runs what has a higher priority first', async () => {
      const runs: string[] = [];
      const [started, end] = [new Gate(), new Gate()];
      await worker(
        async (whom) => {
          runs.push(whom);
          if (whom !== 'runs') return;
          started.open();
          await end.opened;
        },
        { concurrency: 1 },
      );
      await enqueue('runs');
      await started.opened;
      for (const [whom, priority] of [
        ['low', -1],
        ['first', 5],
        ['middle', 0],
      ] as const)
        await enqueue(whom, { priority });
      await until(async () => (await under.jobs()).length === 4, 'every job to be in the store');
      end.open();
      await allFinished(4);
      expect(runs).toEqual(['runs', 'first', 'middle', 'low']);
    });

    it('claims many at once in the order of their priority, and tells the highest of a name', async () => {
      const repository = await open().repository({ worker: newId(), lockSeconds: 20, maxLost: 3 });
      const priorities = [0, 7, -3, 5, 1, 9];
      for (const priority of priorities) await enqueue(`${priority}`, { priority });
      await until(async () => (await under.jobs()).length === priorities.length, 'every job to be there');
      expect(await repository.due(['test.greet', 'test.other'])).toEqual([
        { name: 'test.greet', priority: 9 },
      ]);
      const jobs = await repository.claim('test.greet', 6, 6);
      expect(jobs.map((job) => job.priority)).toEqual([9, 7, 5, 1, 0, -3]);
    });

    it('lists, retries, cancels and deletes jobs, by what their state allows', async () => {
      const control = under.control();
      const runs: string[] = [];
      const fail = await worker((whom) => {
        runs.push(whom);
        return Promise.reject(new DomainError('not_found', 'no such order'));
      });
      await enqueue('dies', { uniqueKey: 'dies' });
      await allFinished(1);
      await fail.stop(5000);
      await enqueue('waits', { uniqueKey: 'waits', runAt: new Date(Date.now() + 3_600_000) });
      await worker((whom) => Promise.resolve(void runs.push(whom)));
      const waits = await until(() => control.findByKey('waits'), 'the waiting job');
      const [dead] = (await control.page({ state: 'dead' }, { limit: 10 })).items;
      expect([dead?.name, waits.state]).toEqual(['test.greet', 'scheduled']);
      expect((await control.page({ text: 'no such ord' }, { limit: 10 })).items.map((j) => j.id)).toEqual([
        dead?.id,
      ]);
      expect((await control.counts()).find((c) => c.queue === 'default')).toMatchObject({
        dead: 1,
        scheduled: 1,
      });
      const ids = [dead?.id ?? '', waits.id];
      expect(await control.change('run-now', ids)).toEqual([waits.id]);
      expect(await control.change('retry', ids)).toEqual([dead?.id]);
      await allFinished(2);
      expect(runs.sort()).toEqual(['dies', 'dies', 'waits']);
      expect(await control.change('cancel', ids)).toEqual([]);
      expect(await control.change('delete', [...ids, newId()])).toEqual(ids);
      expect(await under.jobs()).toEqual([]);
    });

    it('counts a job as failed when it failed for the last time, and by queue and state', async () => {
      const [retried, gate] = [new Gate(), new Gate()];
      await worker(async (whom, { attempt }) => {
        if (whom === 'dies') throw new DomainError('not_found', 'no such order');
        if (attempt === 1) throw new Error('not yet');
        retried.open();
        await gate.opened;
      });
      await enqueue('tried again');
      await retried.opened;
      const counts = async () => (await under.control().counts()).find((c) => c.queue === 'default');
      expect(await counts()).toMatchObject({ running: 1, dead: 0, failedLastMinute: 0 });
      await enqueue('dies');
      await until(async () => (await counts())?.dead === 1, 'the dead one');
      expect(await counts()).toMatchObject({ running: 1, retrying: 0, ready: 0, failedLastMinute: 1 });
      gate.open();
      await allFinished(2);
      expect(await counts()).toMatchObject({ running: 0, succeededLastMinute: 1, failedLastMinute: 1 });
    });

    it('runs no job that was cancelled, and stores no end of one that runs', async () => {
      const control = under.control();
      const runs: string[] = [];
      let told = false;
      await worker(
        async (whom, { signal }) => {
          runs.push(whom);
          signal.addEventListener('abort', () => {
            told = true;
          });
          await new Promise(() => undefined);
        },
        { limits: { lockSeconds: 0.4 } },
      );
      await enqueue('runs', { uniqueKey: 'runs' });
      await enqueue('later', { uniqueKey: 'later', runAt: new Date(Date.now() + 3_600_000) });
      await until(() => runs.length === 1, 'the start');
      const later = await until(() => control.findByKey('later'), 'the later job');
      const running = await control.findByKey('runs');
      expect(running?.state).toBe('running');
      expect(await control.change('cancel', [running?.id ?? '', later.id])).toHaveLength(2);
      await until(() => told, 'the signal');
      expect(await control.change('run-now', [later.id])).toEqual([]);
      const states = await Promise.all(['runs', 'later'].map((key) => control.findByKey(key)));
      expect(states.map((job) => job?.state)).toEqual(['cancelled', 'cancelled']);
      expect(runs).toEqual(['runs']);
    });

    it('claims nothing that it still holds, and stores no end of what another has taken over', async () => {
      await enqueue('Ana', { uniqueKey: 'held' });
      const limits = { worker: newId(), lockSeconds: 0.05, maxLost: 3 };
      const store = open();
      const repository = await store.repository(limits);
      const first = await until(async () => (await repository.claim('test.greet', 1, 1))[0], 'the claim');
      await until(async () => (await repository.due(['test.greet'])).length === 1, 'the lock to have ended');
      expect(await repository.claim('test.greet', 1, 1)).toEqual([]);
      const another = await store.repository({ ...limits, worker: 'another', lockSeconds: 0.05 });
      const [second] = await another.claim('test.greet', 1, 1);
      expect(second?._id).toBe(first._id);
      const end = { ...first, lastFinishedAt: new Date(), failCount: 9 };
      Reflect.deleteProperty(end, 'lockedAt');
      await repository.saveJobState(end, undefined).catch(() => undefined);
      const job = await under.control().findByKey('held');
      expect(job).toMatchObject({ state: 'running', worker: 'another', failures: 0 });
    });

    it('runs a job that was cancelled and retried when the first run is over, not beside it', async () => {
      let [starts, now, most] = [0, 0, 0];
      await worker(
        async (_, { signal }) => {
          most = Math.max(most, ++now);
          if (++starts === 1) await new Promise((resolve) => signal.addEventListener('abort', resolve));
          now--;
        },
        { limits: { lockSeconds: 4 } },
      );
      await enqueue('Ana', { uniqueKey: 'again' });
      await until(() => starts === 1, 'the first start');
      const ids = [(await under.control().findByKey('again'))?.id ?? ''];
      expect(await under.control().change('cancel', ids)).toEqual(ids);
      expect(await under.control().change('retry', ids)).toEqual(ids);
      await allFinished(1);
      expect([starts, most]).toEqual([2, 1]);
      const attempts = (await under.control().findByKey('again'))?.attempts;
      expect(attempts?.map((a) => a.outcome)).toEqual(['retried', 'succeeded']);
    });

    it('stores the ends of all jobs, also of those whose result or error no store takes', async () => {
      const [deepest, count, gate] = [500, 6, new Gate()];
      let started = 0;
      await worker(
        async (whom) => {
          if (++started === count) gate.open();
          await gate.opened;
          if (whom === 'no text') throw Object.assign(new Error('?'), { message: 42, stack: { deep: true } });
          if (whom !== 'deep') return whom;
          let deep: unknown = whom;
          for (let i = 0; i < deepest; i++) deep = { deep };
          return deep;
        },
        { concurrency: count },
      );
      const names = ['no text', 'deep', ...Array.from({ length: count - 2 }, (_, i) => `fine ${i}`)];
      for (const whom of names) await enqueue(whom, { uniqueKey: whom });
      await allFinished(count);
      const jobs = await Promise.all(names.map((key) => under.control().findByKey(key)));
      expect(jobs.map((job) => job?.state)).toEqual(['dead', ...Array(count - 1).fill('succeeded')]);
      expect(jobs.map((job) => job?.result).slice(1)).toEqual([
        'nested too deeply to keep',
        ...names.slice(2),
      ]);
      expect(jobs[0]?.error).toContain('is no text');
    });

    const limitRate = async (rateLimit: QueueSettings['rateLimit']): Promise<void> => {
      const { db } = under.app().app;
      await db.transaction((tx) =>
        tx.queues.save('default', { ...DEFAULT_QUEUE_SETTINGS, rateLimit }, new Date()),
      );
    };
    const taken = async (): Promise<number> => {
      const [row] = await under
        .app()
        .app.connections.read.query<{ window_taken: unknown }>(
          "SELECT window_taken FROM queues WHERE name = 'default'",
        );
      return Number(row?.window_taken);
    };

    it('counts no start of a job that it claimed ahead and gave back', async () => {
      await limitRate({ jobs: 1000, seconds: 600 });
      const [slow, runs] = [new Gate(), [] as string[]];
      await under.app().app.db.transaction(async (tx) => {
        for (let i = 0; i < 60; i++) await tx.jobs.enqueue(Greet, { whom: i === 20 ? 'slow' : 'quick' });
      });
      await worker(
        async (whom) => {
          runs.push(whom);
          if (whom === 'slow') await slow.opened;
        },
        { concurrency: 1 },
      );
      // One runs, or is about to.
      await until(async () => (await taken()) > runs.length + 1, 'jobs to be claimed ahead');
      await until(() => runs.includes('slow'), 'the slow job');
      await until(
        async () => (await under.jobs()).filter((j) => j.locked).length === 1,
        'the others to be free',
      );
      await until(async () => (await taken()) === runs.length, 'their starts to be given back');
      slow.open();
    });

    it('counts no start of a claim that failed', async () => {
      await limitRate({ jobs: 2, seconds: 600 });
      const store = open();
      let failures = 0;
      const failing: AgendaStore = {
        name: store.name,
        repository: async (limits) => {
          const repository = await store.repository(limits);
          const claim = repository.claim.bind(repository);
          repository.claim = (...args) =>
            failures++ < 3 ? Promise.reject(new Error('the store is away')) : claim(...args);
          return repository;
        },
        onEnqueued: (listener) => store.onEnqueued(listener),
        purgeFinished: (before, limit) => store.purgeFinished(before, limit),
        ping: () => store.ping(),
        close: () => store.close(),
      };
      await enqueue('Ana');
      await enqueue('Ben');
      await worker(() => Promise.resolve(), { store: failing });
      await allFinished(2);
      expect(failures).toBeGreaterThan(3);
      await until(async () => (await taken()) === 2, 'the starts to be counted');
    });

    it('starts nothing of a paused queue, and no more than its concurrency and rate allow', async () => {
      const { app } = under.app();
      const set = async (settings: Partial<QueueSettings>) =>
        app.db.transaction((tx) =>
          tx.queues.save('default', { ...DEFAULT_QUEUE_SETTINGS, ...settings }, new Date()),
        );
      await set({ paused: true });
      let [now, most] = [0, 0];
      const gate = new Gate();
      await worker(async () => {
        most = Math.max(most, ++now);
        await gate.opened;
        now--;
      });
      for (let i = 0; i < 6; i++) await enqueue(`${i}`);
      const ready = () =>
        under
          .control()
          .counts()
          .then((all) => all.find((c) => c.queue === 'default')?.ready);
      await until(async () => (await ready()) === 6, 'all of them to wait');
      expect(now).toBe(0);
      await set({ concurrency: 2 });
      await until(() => now === 2, 'two of them');
      await set({ rateLimit: { jobs: 2, seconds: 600 } });
      gate.open();
      await until(async () => now === 0 && (await ready()) === 2, 'the rate to be used up');
      await set({});
      await allFinished(6);
      expect(most).toBeLessThanOrEqual(4);
    });

    it('repeats a job at the times of its zone', async () => {
      const repository = await open().repository({ worker: newId(), lockSeconds: 20, maxLost: 3 });
      await repository.saveJob(
        {
          name: 'test.greet',
          type: 'single',
          priority: 0,
          nextRunAt: new Date(),
          data: { data: { whom: 'daily' } },
          repeatInterval: '0 9 * * *',
          repeatTimezone: 'America/New_York',
        },
        undefined,
      );
      const runs: string[] = [];
      await worker((whom) => Promise.resolve(void runs.push(whom)));
      const job = await until(async () => {
        const [found] = (await under.control().page({ state: 'scheduled' }, { limit: 1 })).items;
        return found?.runAt !== undefined && found;
      }, 'the next run');
      const hour = new Intl.DateTimeFormat('en', {
        hour: 'numeric',
        hour12: false,
        timeZone: 'America/New_York',
      });
      expect([runs, hour.format(job.runAt)]).toEqual([['daily'], '09']);
    });

    it('forgets finished jobs that are old, and no others', async () => {
      await worker((whom) =>
        whom === 'old' ? Promise.resolve() : Promise.reject(new DomainError('not_found', 'no such order')),
      );
      await enqueue('old');
      await enqueue('dead');
      await allFinished(2);
      await enqueue('later', { runAt: new Date(Date.now() + 3_600_000) });
      await until(async () => (await under.jobs()).length === 3, 'all jobs');
      const [store] = workers.stores;
      const [past, future] = [new Date(Date.now() - 60_000), new Date(Date.now() + 1000)];
      expect(await store?.purgeFinished({ all: past, dead: past }, 10)).toBe(0);
      expect(await store?.purgeFinished({ all: future, dead: past }, 10)).toBe(1);
      expect((await under.jobs()).filter((job) => job.finished)).toMatchObject([{ failCount: 1 }]);
      expect(await store?.purgeFinished({ all: future, dead: future }, 10)).toBe(1);
      expect(await under.jobs()).toMatchObject([{ finished: false }]);
    });
  });
}

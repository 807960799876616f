import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { handlerOf, type JobContext, type RunningJobs } from '../../src/domain/jobs/job-runner.ts';
import { DomainError } from '../../src/domain/shared/errors.ts';
import { defineJob } from '../../src/domain/shared/job.ts';
import type { AgendaSettings, AgendaStore } from '../../src/infra/jobs/agenda.job-runner.ts';
import { Gate } from './gate.ts';
import type { StoreUnderTest } from './job-conformance.ts';
import { JobWorkers } from './job-workers.ts';
import { until } from './until.ts';

const Purge = defineJob({
  name: 'test.purge',
  queue: 'default',
  summary: 'for tests',
  data: z.strictObject({}),
});
const LAST = 2;
const SETTINGS: AgendaSettings = {
  limits: { softTimeoutSeconds: 60, timeoutSeconds: 60, lockSeconds: 20 },
  retry: { delaySeconds: 0.01, maxAttempts: LAST },
};
const GRACE = 2000;
/** A store that answers late. */
const SLOW = 150;

const aborted = ({ signal }: JobContext): Promise<unknown> =>
  new Promise((resolve) => signal.addEventListener('abort', resolve));

/** How handlers end that heed the signal. */
const HEEDING: Readonly<Record<string, (context: JobContext) => Promise<unknown>>> = {
  'throws the reason': async (context) => {
    await aborted(context);
    context.signal.throwIfAborted();
  },
  'wraps the reason': async (context) => {
    await aborted(context);
    throw new DomainError('not_found', 'no answer', { cause: context.signal.reason });
  },
  'waits for what is aborted': ({ signal }) => delay(60_000, undefined, { signal }),
  'waits for what tells no reason': async (context) => {
    await aborted(context);
    throw new DOMException('aborted', 'AbortError');
  },
};

/** What every job store must do with tries that a stopping worker asks to end. */
export function describeStops(name: string, under: StoreUnderTest): void {
  describe(`stopping workers on jobs in ${name}`, () => {
    const workers = new JobWorkers(under);
    const worker = (
      run: (context: JobContext) => Promise<unknown>,
      store?: AgendaStore,
    ): Promise<RunningJobs> =>
      workers.start(
        handlerOf(Purge, (_, context) => run(context)),
        SETTINGS,
        { store },
      );
    /** A worker whose handler is in the last try of the job. */
    const inLastTry = async (
      end: (context: JobContext) => Promise<unknown>,
      store?: AgendaStore,
    ): Promise<RunningJobs> => {
      const started = new Gate();
      const jobs = await worker((context) => {
        if (context.attempt < LAST) return Promise.reject(new Error('not yet'));
        started.open();
        return end(context);
      }, store);
      await under.app().app.db.transaction((tx) => tx.jobs.enqueue(Purge, {}, { uniqueKey: 'purge' }));
      await started.opened;
      return jobs;
    };
    const find = () => under.control().findByKey('purge');
    const outcomes = async () => (await find())?.attempts.map(({ outcome }) => outcome);

    beforeEach(async () => {
      await under.clear();
      await under.app().app.connections.write((sql) => sql.run('DELETE FROM queues'));
    });
    afterEach(() => workers.end(GRACE));

    it.each(Object.keys(HEEDING))('give back a try, and count none, whose handler %s', async (how) => {
      const stopping = await inLastTry((context) => HEEDING[how]?.(context) ?? Promise.resolve());
      await stopping.stop(GRACE);
      // As soon as the worker has stopped.
      expect(await under.jobs()).toMatchObject([{ locked: false, finished: false }]);
      expect([(await find())?.failures, await outcomes()]).toEqual([1, ['failed']]);
      const attempts: number[] = [];
      await worker(({ attempt }) => Promise.resolve(void attempts.push(attempt)));
      await until(async () => (await find())?.state === 'succeeded', 'the other worker');
      expect([attempts, await outcomes()]).toEqual([[LAST], ['failed', 'succeeded']]);
    });

    it('have stopped when what they give back is stored', async () => {
      let stored = false;
      const slow = workers.open();
      const claim = slow.repository.bind(slow);
      slow.repository = async (limits) => {
        const repository = await claim(limits);
        const unlock = repository.unlockJobs.bind(repository);
        repository.unlockJobs = async (ids) => {
          await unlock(ids);
          await delay(SLOW);
          if (ids.length > 0) stored = true;
        };
        return repository;
      };
      const stopping = await inLastTry(async (context) => {
        await aborted(context);
        context.signal.throwIfAborted();
      }, slow);
      await stopping.stop(GRACE);
      expect(stored).toBe(true);
    });

    it('store that a try succeeded all the same', async () => {
      const stopping = await inLastTry(async (context) => {
        await aborted(context);
        return 'as far as it came';
      });
      await stopping.stop(GRACE);
      expect(await find()).toMatchObject({ state: 'succeeded', result: 'as far as it came' });
    });

    it('store that a try failed for another reason', async () => {
      const stopping = await inLastTry(async (context) => {
        await aborted(context);
        throw new Error('a defect', { cause: new Error('another') });
      });
      await stopping.stop(GRACE);
      expect(await find()).toMatchObject({ state: 'dead', error: 'a defect', failures: LAST });
    });
  });
}

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { newId } from '../../src/domain/shared/ids.ts';
import { defineJob, type EnqueueOptions } from '../../src/domain/shared/job.ts';
import { encodeCursor } from '../../src/domain/shared/page.ts';
import type { AgendaStore } from '../../src/infra/jobs/agenda.job-runner.ts';
import type { ClaimingRepository, HeldJob } from '../../src/infra/jobs/held-jobs.ts';
import type { StoreUnderTest } from './job-conformance.ts';
import { until } from './until.ts';

const Carry = defineJob({
  name: 'test.carry',
  queue: 'default',
  summary: 'for tests',
  data: z.strictObject({ what: z.string() }),
});

const MAX_LOST = 5;

/** What every job store must do with jobs whose workers die, and with what operators do to them. */
export function describeLostJobs(name: string, under: StoreUnderTest): void {
  describe(`lost and repaired jobs in ${name}`, () => {
    let store: AgendaStore;
    beforeEach(async () => {
      await under.clear();
      store = under.open();
      // With MongoDB, this one carries there what is enqueued.
      await worker();
    });
    afterEach(() => store.close());

    const enqueue = async (what: string, options?: EnqueueOptions): Promise<void> => {
      const { db } = under.app().app;
      await db.transaction((tx) => tx.jobs.enqueue(Carry, { what }, { uniqueKey: what, ...options }));
    };
    const job = (key: string) => under.control().findByKey(key);
    /** Its locks end within a moment: it gives no sign of life. */
    const worker = (lockSeconds = 0.001): Promise<ClaimingRepository> =>
      store.repository({ worker: newId(), lockSeconds, maxLost: MAX_LOST });
    const start = async (repository: ClaimingRepository): Promise<readonly HeldJob[]> => {
      await repository.due([Carry.name]);
      const jobs = await repository.claim(Carry.name, 10, 10);
      for (const one of jobs) if (one.takenOver) await repository.storeStart(one);
      return jobs;
    };
    const whatOf = ({ data }: HeldJob): unknown => (data as { data: { what: string } }).data.what;
    const succeed = async (repository: ClaimingRepository, one: HeldJob) => {
      const held = repository.held.get(one._id ?? '');
      if (held !== undefined) held.ending = { outcome: 'succeeded', result: 'done' };
      const end = { ...one, lastFinishedAt: new Date() };
      Reflect.deleteProperty(end, 'lockedAt');
      await repository.saveJobState(end, undefined);
    };

    it('does not bury a harmless job with one that kills its worker', async () => {
      for (const what of ['poison', 'harmless']) await enqueue(what);
      await until(async () => (await under.jobs()).length === 2, 'both jobs');
      await until(async () => {
        const repository = await worker();
        const jobs = await start(repository);
        if (!jobs.some((one) => whatOf(one) === 'poison'))
          for (const one of jobs) await succeed(repository, one);
        return (await under.jobs()).every(({ finished }) => finished);
      }, 'both to be over');
      const [poison, harmless] = [await job('poison'), await job('harmless')];
      expect([poison?.state, poison?.error]).toEqual(['dead', 'lost its worker 5 times in a row']);
      expect([harmless?.state, harmless?.attempts.at(-1)?.outcome]).toEqual(['succeeded', 'succeeded']);
    });

    it('stores how several jobs ended at once, each as it did, and leaves alone one that was cancelled', async () => {
      const repository = await worker(20);
      const keys = ['succeeds', 'fails', 'dies', 'cancelled', 'failed before'];
      for (const what of keys) await enqueue(what);
      await until(async () => (await under.jobs()).length === keys.length, 'every job');
      const started = await start(repository);
      expect(await under.control().change('cancel', [(await job('cancelled'))?.id ?? ''])).toHaveLength(1);
      const [at, soon] = [new Date(), new Date(Date.now() + 3_600_000)];
      const error = new Error('not now');
      const failed = { failedAt: at, failCount: 1, failReason: error.message };
      const facts: Readonly<Record<string, Partial<HeldJob>>> = {
        fails: { ...failed, nextRunAt: soon },
        dies: failed,
        'failed before': { ...failed, failCount: 0 },
      };
      const ends = started.map((one) => {
        const what = String(whatOf(one));
        const held = repository.held.get(one._id ?? '');
        const well = { outcome: 'succeeded', result: { of: what } } as const;
        if (held !== undefined)
          held.ending = ['fails', 'dies'].includes(what) ? { outcome: 'failed', error } : well;
        const end = { ...one, lastFinishedAt: at, ...facts[what] };
        Reflect.deleteProperty(end, 'lockedAt');
        return repository.saveJobState(end, undefined);
      });
      let statements = 0;
      const stop = under.app().app.connections.onStatement((text) => {
        if (/^UPDATE jobs .*last_finished_at = /.test(text)) statements++;
      });
      await Promise.all(ends);
      stop();
      expect(statements).toBe(under.endStatements);
      const found = await Promise.all(keys.map(job));
      expect(
        found.map((one) => [one?.state, one?.error, one?.result, one?.attempts.map((a) => a.outcome)]),
      ).toEqual([
        ['succeeded', undefined, { of: 'succeeds' }, ['succeeded']],
        ['retrying', 'not now', undefined, ['failed']],
        ['dead', 'not now', undefined, ['failed']],
        ['cancelled', undefined, undefined, []],
        ['succeeded', undefined, { of: 'failed before' }, ['succeeded']],
      ]);
      expect(found[1]?.runAt?.getTime()).toBe(soon.getTime());
    });

    it('refuses a cursor that it has not made', async () => {
      const keys = [
        ['no time', 'f'.repeat(24)],
        [new Date().toISOString(), 'no id'],
      ];
      for (const cursor of ['?', ...keys.map((key) => encodeCursor('mongo-jobs', key))])
        await expect(under.control().page({}, { limit: 1, cursor })).rejects.toMatchObject({
          code: 'invalid_cursor',
        });
    });

    it.each([
      ['itself', {}],
      ['its unique key', { unique: { 'data.data.what': 'saved' } }],
      ['its name', { type: 'single' }],
    ] as const)('keeps the lock of a running job that is saved elsewhere by %s', async (by, kind) => {
      const [runs, another] = [await worker(20), await worker(20)];
      const given = {
        type: 'normal',
        name: Carry.name,
        priority: 0,
        data: { data: { what: 'saved' } },
      } as const;
      const due = new Date();
      const saved = await runs.saveJob({ ...given, ...kind, nextRunAt: due }, undefined);
      expect((await start(runs)).map(({ _id }) => _id)).toEqual([saved._id]);
      const known = by === 'itself' && saved._id !== undefined ? { _id: saved._id } : {};
      const again = await another.saveJob(
        { ...given, ...kind, ...known, nextRunAt: due, priority: 5 },
        undefined,
      );
      expect(again._id).toBe(saved._id);
      expect([await start(another), await runs.renew()]).toEqual([[], []]);
      expect((await under.control().page({}, { limit: 9 })).items).toMatchObject([
        { state: 'running', priority: 5 },
      ]);
    });

    it('counts no loss from before an operator had the job run again, and shows that he did', async () => {
      await enqueue('repaired');
      const loseUntil = (reached: () => Promise<boolean>, what: string) =>
        until(async () => {
          await start(await worker());
          return reached();
        }, what);
      await loseUntil(async () => (await job('repaired'))?.state === 'dead', 'the job to be dead');
      const id = (await job('repaired'))?.id ?? '';
      expect(await under.control().change('retry', [id])).toEqual([id]);
      const outcomes = async () => (await job('repaired'))?.attempts.map((a) => a.outcome) ?? [];
      await loseUntil(
        async () => (await outcomes()).length > MAX_LOST + 1,
        'its worker to be lost once more',
      );
      expect((await outcomes()).slice(MAX_LOST)).toEqual(['retried', 'lost']);
      expect(await job('repaired')).toMatchObject({ state: 'running', failures: 0 });
    });
  });
}

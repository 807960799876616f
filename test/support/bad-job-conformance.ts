import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { handlerOf, type JobContext, type RunningJobs } from '../../src/domain/jobs/job-runner.ts';
import { currentContext, runInContext } from '../../src/domain/shared/context.ts';
import { newId } from '../../src/domain/shared/ids.ts';
import { defineJob, type EnqueueOptions, type JobType } from '../../src/domain/shared/job.ts';
import type { Log } from '../../src/domain/shared/log.ts';
import type { AgendaSettings } from '../../src/infra/jobs/agenda.job-runner.ts';
import { Gate } from './gate.ts';
import type { StoreUnderTest } from './job-conformance.ts';
import { JobWorkers } from './job-workers.ts';
import { until } from './until.ts';

const Count = defineJob({
  name: 'test.count',
  queue: 'default',
  summary: 'for tests',
  data: z.strictObject({ to: z.number() }),
});
/** As another version of the program has it. */
const OtherCount = defineJob({ ...Count, data: z.strictObject({ until: z.string() }) });
const Unknown = defineJob({ ...Count, name: 'test.unknown' });

const SETTINGS: AgendaSettings = {
  limits: { softTimeoutSeconds: 60, timeoutSeconds: 60, lockSeconds: 20 },
  retry: { delaySeconds: 3600, maxAttempts: 3 },
};

/** What every job store must do with jobs that are wrong, and with handlers that come too late. */
export function describeBadJobs(name: string, under: StoreUnderTest): void {
  describe(`what is wrong with jobs in ${name}`, () => {
    const workers = new JobWorkers(under);
    const complaints: { readonly facts: object; readonly message: string }[] = [];
    const complain = (facts: object, message: string) => void complaints.push({ facts, message });
    const log: Log = { debug: () => undefined, info: () => undefined, warn: complain, error: complain };

    const worker = (
      run: (to: number, context: JobContext) => Promise<unknown>,
      settings = SETTINGS,
    ): Promise<RunningJobs> =>
      workers.start(
        handlerOf(Count, ({ to }, context) => run(to, context)),
        settings,
        { log },
      );
    const enqueue = <D>(job: JobType<D>, data: D, options?: EnqueueOptions): Promise<void> =>
      under.app().app.db.transaction((tx) => tx.jobs.enqueue(job, data, options));
    const find = (key: string) => under.control().findByKey(key);
    const inState = (key: string, state: string) =>
      until(async () => {
        const job = await find(key);
        return job?.state === state && job;
      }, `${key} to be ${state}`);

    beforeEach(async () => {
      await under.clear();
      await under.app().app.connections.write((sql) => sql.run('DELETE FROM queues'));
      complaints.length = 0;
    });
    afterEach(() => workers.end());

    it('gives a job up at once whose stored data is not what its handler takes, and goes on', async () => {
      const runs: number[] = [];
      await enqueue(OtherCount, { until: 'noon' }, { uniqueKey: 'wrong' });
      await worker((to) => Promise.resolve(void runs.push(to)));
      const job = await inState('wrong', 'dead');
      expect(job).toMatchObject({ failures: 1, attempts: [{ outcome: 'failed' }] });
      expect(job.error).toContain('the data is not what the job test.count takes: data.to: ');
      await enqueue(Count, { to: 3 }, { uniqueKey: 'right' });
      await inState('right', 'succeeded');
      expect(runs).toEqual([3]);
    });

    it('lets a job wait that it has no handler for, and says so', async () => {
      await enqueue(Unknown, { to: 1 }, { uniqueKey: 'unknown' });
      // On MongoDB it has to be there before the worker looks for such jobs.
      await workers.open().repository({ worker: newId(), lockSeconds: 20, maxLost: 3 });
      await inState('unknown', 'ready');
      await worker(() => Promise.resolve());
      await until(() => complaints.length > 0, 'the complaint');
      expect(complaints).toMatchObject([
        { facts: { jobs: ['test.unknown'] }, message: expect.stringContaining('no handler') },
      ]);
      await enqueue(Count, { to: 3 }, { uniqueKey: 'known' });
      await inState('known', 'succeeded');
      expect(await find('unknown')).toMatchObject({ state: 'ready', failures: 0, attempts: [] });
    });

    it('changes nothing when a handler comes to its end after the hard time limit', async () => {
      const [starts, gates] = [[] as number[], [new Gate(), new Gate()]];
      const late = new Gate();
      const run = async (to: number, { attempt }: JobContext): Promise<unknown> => {
        if (to !== 1) return undefined;
        starts.push(attempt);
        await gates[attempt - 1]?.opened;
        if (attempt === 1) late.open();
        return `try ${attempt}`;
      };
      const limits = { ...SETTINGS.limits, softTimeoutSeconds: 0.1, timeoutSeconds: 0.2 };
      const slow = await worker(run, { ...SETTINGS, limits });
      await enqueue(Count, { to: 1 }, { uniqueKey: 'late' });
      const { id } = await inState('late', 'retrying');
      await slow.stop(5000);
      await worker(run);
      await under.control().change('run-now', [id]);
      await until(() => starts.length === 2, 'the second try');
      gates[0]?.open();
      await late.opened;
      // Whatever the late end would have changed is changed by the time that another job has ended.
      await enqueue(Count, { to: 2 }, { uniqueKey: 'another' });
      await inState('another', 'succeeded');
      const attempts = [{ outcome: 'timed-out', error: 'the job took more than 0.2 s' }];
      expect(await find('late')).toMatchObject({ state: 'running', failures: 1, attempts });
      gates[1]?.open();
      expect(await inState('late', 'succeeded')).toMatchObject({ result: 'try 2' });
      expect(starts).toEqual([1, 2]);
    });

    it('runs a job in the trace of its cause', async () => {
      const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
      const traces: unknown[] = [];
      await worker(() => Promise.resolve(void traces.push(currentContext())));
      const cause = { correlationId: 'cause', traceparent };
      await runInContext(cause, () => enqueue(Count, { to: 1 }, { uniqueKey: 'traced' }));
      expect(await inState('traced', 'succeeded')).toMatchObject(cause);
      expect(traces).toEqual([cause]);
    });
  });
}

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { DEFAULT_QUEUE_SETTINGS } from '../../../src/domain/jobs/queue.store.ts';
import { systemClock } from '../../../src/domain/shared/clock.ts';
import { defineJob } from '../../../src/domain/shared/job.ts';
import { SqlQueueReadModel } from '../../../src/infra/db/jobs/sql-queue.store.ts';
import type { HeldJob } from '../../../src/infra/jobs/held-jobs.ts';
import { JobClaimer } from '../../../src/infra/jobs/job-claimer.ts';
import { QueueGate } from '../../../src/infra/jobs/queue-gate.ts';
import { SqlJobControl } from '../../../src/infra/jobs/sql.job-control.ts';
import { SqlJobRepository } from '../../../src/infra/jobs/sql-job.repository.ts';
import { setupApp, type TestApp } from '../../support/setup-app.ts';
import { until } from '../../support/until.ts';

const Step = defineJob({
  name: 'test.step',
  queue: 'default',
  summary: 'for tests',
  data: z.strictObject({}),
});
const JOBS = 20;

let t: TestApp;
let claimer: JobClaimer;
beforeAll(async () => {
  t = await setupApp({ env: { LOG_LEVEL: 'silent' } });
});
afterAll(() => t.close());
afterEach(() => claimer.stop());
beforeEach(async () => {
  await t.app.connections.write((sql) => sql.run('DELETE FROM jobs'));
  await t.app.connections.write((sql) => sql.run('DELETE FROM queues'));
  const rateLimit = { jobs: 1000, seconds: 600 };
  await t.app.db.transaction((tx) =>
    tx.queues.save('default', { ...DEFAULT_QUEUE_SETTINGS, rateLimit }, new Date()),
  );
});

const repositoryOf = (worker: string, lockSeconds = 20): SqlJobRepository =>
  new SqlJobRepository(t.app.connections, { worker, lockSeconds, maxLost: 5 }, t.app.log);
const enqueue = (count: number): Promise<void> =>
  t.app.db.transaction(async (tx) => {
    for (let i = 0; i < count; i++) await tx.jobs.enqueue(Step, {});
  });
const start = (repository: SqlJobRepository, run: (job: HeldJob) => Promise<void>): void => {
  const { connections, log } = t.app;
  const gate = new QueueGate(connections, new SqlQueueReadModel(connections.read));
  const queues = new Map([[Step.name, Step.queue]]);
  claimer = new JobClaimer({ repository, gate, queues, log, run }, 1);
  claimer.start();
};
const taken = async (): Promise<number> => {
  const rows = await t.app.connections.read.query<{ taken: unknown }>(
    "SELECT window_taken AS taken FROM queues WHERE name = 'default'",
  );
  return Number(rows[0]?.taken);
};

describe('the rate limit of a queue', () => {
  it('counts no start of a job that was claimed ahead, and is another’s before it starts', async () => {
    const repository = repositoryOf('one');
    await enqueue(JOBS);
    let [runs, dropped] = [0, 0];
    start(repository, (job) => {
      runs++;
      for (const { _id: id = '' } of repository.held.all) if (id !== job._id && claimer.drop(id)) dropped++;
      repository.held.letGo(job._id ?? '');
      claimer.ended(1);
      return Promise.resolve();
    });
    await until(() => runs + dropped === JOBS, 'every job to start or to be dropped');
    expect(dropped).toBeGreaterThan(0);
    await until(async () => (await taken()) === runs, 'their starts to be given back');
  });

  it('counts no start of a job that was taken over, and cancelled before it starts', async () => {
    const dies = repositoryOf('dies');
    await enqueue(1);
    await dies.due([Step.name]);
    const [job] = await dies.claim(Step.name, 1, 1);
    const repository = repositoryOf('one', 0.001);
    const storeStart = repository.storeStart.bind(repository);
    const stored: boolean[] = [];
    repository.storeStart = async (one) => {
      await new SqlJobControl(t.app.connections, systemClock).change('cancel', [one._id ?? '']);
      stored.push(await storeStart(one));
      return stored.at(-1) ?? true;
    };
    let runs = 0;
    start(repository, () => {
      runs++;
      return Promise.resolve();
    });
    await until(() => stored.length > 0, 'the job to be taken over');
    await until(async () => (await taken()) === 0, 'its start to be given back');
    expect([job === undefined, stored, runs]).toEqual([false, [false], 0]);
  });
});

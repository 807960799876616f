import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import type { OpenControl } from '../../../src/app/control.ts';
import type { WorkerBeat } from '../../../src/domain/jobs/worker.store.ts';
import type { Actor } from '../../../src/domain/shared/actor.ts';
import { newId } from '../../../src/domain/shared/ids.ts';
import { defineJob } from '../../../src/domain/shared/job.ts';
import { FireSchedules } from '../../../src/domain/use-cases/fire-schedules.ts';
import { SqlScheduleReadModel } from '../../../src/infra/db/jobs/sql-schedule.store.ts';
import { SqlAuditReadModel } from '../../../src/infra/db/sql-audit.read-model.ts';
import { scheduledJobs, schedules } from '../../../src/jobs/schedules.ts';
import { setupApp, type TestApp } from '../../support/setup-app.ts';
import { until } from '../../support/until.ts';

const ana: Actor = { type: 'user', userId: newId(), role: 'admin' };

let t: TestApp;
let control: OpenControl;
beforeAll(async () => {
  // No worker runs here to carry jobs to MongoDB; its control is held to the conformance tests.
  t = await setupApp({ env: { MONGO_URL: '' } });
  control = await t.app.control();
});
beforeEach(async () => {
  t.clock.set('2026-01-01T00:00:30Z');
  for (const table of [
    'audit_log',
    'queues',
    'workers',
    'worker_commands',
    'schedules',
    'schedule_runs',
    'jobs',
  ])
    await t.app.connections.write((sql) => sql.run(`DELETE FROM ${table}`));
});
afterAll(() => t.close());

const outcomes = async (): Promise<string[]> => {
  const { items } = await new SqlAuditReadModel(t.app.connections.read).page({ limit: 50 });
  return items.map(({ details }) => [details?.outcome, details?.reason].filter(Boolean).join(' '));
};
const audit = async (): Promise<string[]> => {
  const rows = await t.app.connections.read.query<{ action: string; actor: string }>(
    'SELECT action, actor FROM audit_log ORDER BY id',
  );
  expect(rows.every((row) => row.actor === `user:${ana.userId}`)).toBe(true);
  return rows.map((row) => row.action);
};

describe('queues', () => {
  it('are paused, limited and ordered, each change on record', async () => {
    await control.queues.set(ana, 'orders', { paused: true, concurrency: 2 });
    await control.queues.set(ana, 'orders', { rateLimit: { jobs: 5, seconds: 10 }, priority: 3 });
    await control.queues.set(ana, 'orders', { concurrency: null });
    const orders = (await control.queues.list()).find((q) => q.queue === 'orders');
    expect(orders).toMatchObject({ paused: true, rateLimit: { jobs: 5, seconds: 10 }, priority: 3 });
    expect(orders?.concurrency).toBeUndefined();
    expect(await audit()).toEqual(['queue.set', 'queue.set', 'queue.set']);
  });

  it('refuse names that do not exist, and limits that make no sense', async () => {
    const { queues } = control;
    await expect(queues.set(ana, 'nope', {})).rejects.toThrow('default, orders');
    await expect(queues.set(ana, 'orders', { concurrency: 0 })).rejects.toThrow('pause');
    const never = { rateLimit: { jobs: 1, seconds: 0 } };
    await expect(queues.set(ana, 'orders', never)).rejects.toThrow('seconds');
  });
});

describe('workers', () => {
  const beat: WorkerBeat = {
    id: newId(),
    role: 'worker',
    host: 'here',
    pid: 7,
    queues: ['orders'],
    concurrency: 4,
    version: '1',
    startedAt: new Date('2026-01-01T00:00:00Z'),
    load: { running: 2, processed: 9, cpuPercent: 12, memoryMegabytes: 90, stopping: false },
  };
  const sign = (worker: WorkerBeat) => t.app.db.transaction((tx) => tx.workers.beat(worker, t.clock.now()));

  it('are shown with their load, and taken for dead after 30 seconds', async () => {
    await sign(beat);
    expect(await control.workers.list()).toMatchObject([{ ...beat, alive: true, jobs: [] }]);
    t.clock.advance(31);
    expect(await control.workers.list()).toMatchObject([{ id: beat.id, alive: false }]);
    t.clock.advance(600);
    expect(await control.workers.list()).toEqual([]);
  });

  it('find what they are told, once and in order', async () => {
    await sign(beat);
    await control.workers.setConcurrency(ana, beat.id, 9);
    await control.workers.shutDown(ana, beat.id);
    const take = () => t.app.db.transaction((tx) => tx.workers.takeCommands(beat.id));
    expect(await take()).toEqual([{ type: 'set-concurrency', concurrency: 9 }, { type: 'shut-down' }]);
    expect(await take()).toEqual([]);
    expect(await audit()).toEqual(['worker.set-concurrency', 'worker.shut-down']);
  });

  it('stop alone when they are told to and their process does other work', async () => {
    const { startWorker } = await import('../../../src/jobs/worker.ts');
    const worker = await startWorker(t.app);
    const mine = async () => (await control.workers.list()).find((w) => w.role === 'worker');
    await control.workers.shutDown(ana, (await mine())?.id ?? '');
    await until(async () => (await mine()) === undefined, 'the worker to sign off');
    await worker.stop();
  }, 60_000);

  it('cannot be told anything when they are gone, or are not workers', async () => {
    await expect(control.workers.shutDown(ana, newId())).rejects.toMatchObject({ code: 'not_found' });
    await sign({ ...beat, id: newId(), role: 'scheduler' });
    const [scheduler] = await control.workers.list();
    await expect(control.workers.shutDown(ana, scheduler?.id ?? '')).rejects.toThrow('a scheduler');
    await sign(beat);
    t.clock.advance(31);
    await expect(control.workers.shutDown(ana, beat.id)).rejects.toMatchObject({ code: 'conflict' });
  });
});

describe('schedules', () => {
  const name = 'expire-unpaid-orders';
  const fire = () =>
    new FireSchedules({
      db: t.app.db,
      clock: t.clock,
      schedules: new SqlScheduleReadModel(t.app.connections.read),
      jobs: scheduledJobs,
    });
  const jobs = () => control.jobs.page({}, { limit: 10 }).then((page) => page.items);
  beforeEach(() => fire().declare(schedules.filter((s) => s.name === name)));

  it('are edited, and restored to what the program declares', async () => {
    const edited = await control.schedules.edit(ana, name, {
      cron: '@every 90s',
      data: { limit: 7 },
      missed: 'skip',
    });
    expect(edited).toMatchObject({ changed: true, nextRunAt: new Date('2026-01-01T00:02:00Z') });
    expect(await control.schedules.get(name)).toMatchObject({ data: { limit: 7 }, missed: 'skip' });
    await control.schedules.edit(ana, name, { enabled: false });
    expect(await control.schedules.restore(ana, name)).toMatchObject({
      changed: false,
      enabled: true,
      nextRunAt: new Date('2026-01-01T00:01:00Z'),
    });
    expect(await audit()).toEqual(['schedule.edit', 'schedule.edit', 'schedule.restore']);
  });

  it('refuse times, zones and data that cannot be, and stay as they are', async () => {
    const { schedules: manage } = control;
    const before = await manage.get(name);
    for (const [change, told] of [
      [{ cron: '0 0 30 2 *' }, 'never fires'],
      [{ cron: '* * *' }, '* * *'],
      [{ cron: '@every 0s' }, 'not an interval'],
      [{ cron: '@every 999999d' }, 'not an interval'],
      [{ timezone: 'Mars/Olympus' }, 'no time zone Mars/Olympus'],
      [{ data: { limit: 'many' } }, 'data.limit'],
    ] as const)
      await expect(manage.edit(ana, name, change)).rejects.toThrow(told);
    await expect(manage.edit(ana, 'nope', {})).rejects.toMatchObject({ code: 'not_found' });
    expect(await manage.get(name)).toEqual(before);
    expect(new Set(await outcomes())).toEqual(new Set(['failed validation_failed', 'failed not_found']));
  });

  it('run when someone asks, and tell what became of their ticks', async () => {
    await control.schedules.edit(ana, name, { missed: 'skip' });
    const { jobKey } = await control.schedules.runNow(ana, name);
    expect(await control.jobs.getByKey(jobKey)).toMatchObject({
      name: 'orders.expire-unpaid',
      state: 'ready',
    });
    t.clock.set('2026-01-01T00:01:00Z');
    await fire().run();
    t.clock.set('2026-01-01T05:00:10Z');
    await fire().run();
    const runs = await control.schedules.history(name, { limit: 2 });
    expect(runs.items.map((run) => run.outcome)).toEqual(['skipped', 'fired']);
    expect(runs.items[0]?.jobKey).toBeUndefined();
    const rest = await control.schedules.history(name, { limit: 2, cursor: runs.nextCursor ?? '' });
    expect(rest.items.map((run) => run.outcome)).toEqual(['manual']);
    expect(await jobs()).toHaveLength(2);
  });

  it('fire every tick of a busy minute, but no tick of an interval twice', async () => {
    await control.schedules.edit(ana, name, { cron: '@every 10s' });
    t.clock.advance(31);
    for (let i = 0; i < 5; i++) await Promise.all([fire().run(), fire().run()]);
    expect((await jobs()).length).toBe(3);
  });
});

describe('jobs', () => {
  const Greet = defineJob({
    name: 'test.greet',
    queue: 'notifications',
    summary: 'for tests',
    data: z.strictObject({ whom: z.string() }),
  });

  it('that do not fit their contract are refused where they are enqueued', async () => {
    const wrong = { whom: 1 } as unknown as { whom: string };
    await expect(t.app.db.transaction((tx) => tx.jobs.enqueue(Greet, wrong))).rejects.toMatchObject({
      code: 'validation_failed',
      issues: [{ path: 'data.whom' }],
    });
  });

  it('cannot be changed without naming one', async () => {
    await expect(control.jobs.change(ana, 'retry', [])).rejects.toThrow('1 to 1000');
    await expect(control.jobs.get(newId())).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('changes of jobs', () => {
  it('are on record before they are done, and with what became of them', async () => {
    const { jobKey } = await control.jobs.enqueue(ana, 'orders.expire-unpaid', { limit: 1 });
    const { id } = await control.jobs.getByKey(jobKey);
    await control.jobs.change(ana, 'cancel', [id, 'nothing']);
    expect((await outcomes()).reverse()).toEqual([
      '',
      'asked',
      'asked',
      'succeeded',
      'failed not_found or its state',
    ]);
    await expect(control.jobs.enqueue(ana, 'no.such-job', {})).rejects.toThrow('no.such-job');
    expect((await outcomes())[0]).toBe('failed not_found');
  });
});

describe('lists of jobs', () => {
  it('take a queue by its name, and tell the names when there is no such queue', async () => {
    expect((await control.jobs.page({ queue: 'orders' }, { limit: 1 })).items).toEqual([]);
    await expect(control.jobs.page({ queue: 'ordres' }, { limit: 1 })).rejects.toThrow(
      'there is no queue ordres: the queues are default, orders, payments, notifications',
    );
  });
});

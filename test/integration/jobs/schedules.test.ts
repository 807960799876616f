import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { FireSchedules } from '../../../src/domain/use-cases/fire-schedules.ts';
import type { ScheduleChange } from '../../../src/domain/use-cases/manage-schedules.ts';
import { SqlScheduleReadModel } from '../../../src/infra/db/jobs/sql-schedule.store.ts';
import { scheduledJobs, schedules } from '../../../src/jobs/schedules.ts';
import { setupApp, type TestApp } from '../../support/setup-app.ts';

describe('schedules', () => {
  let t: TestApp;
  const scheduler = () =>
    new FireSchedules({
      db: t.app.db,
      clock: t.clock,
      schedules: new SqlScheduleReadModel(t.app.connections.read),
      jobs: scheduledJobs,
    });
  const jobs = async () =>
    (await t.app.connections.read.query<{ name: string }>('SELECT name FROM jobs ORDER BY created_at')).map(
      (r) => r.name,
    );
  const minutely = schedules.filter((s) => s.name === 'expire-unpaid-orders');

  beforeAll(async () => {
    t = await setupApp();
  });
  beforeEach(async () => {
    t.clock.set('2026-01-01T00:00:30Z');
    for (const table of ['schedules', 'jobs']) {
      await t.app.connections.write((sql) => sql.run(`DELETE FROM ${table}`));
    }
  });
  afterAll(() => t.close());

  it('are all declared with a cron expression that fires, a job that exists, and data that it takes', async () => {
    await scheduler().declare(schedules);
    expect(await new SqlScheduleReadModel(t.app.connections.read).list()).toHaveLength(schedules.length);
  });

  it('fire when their tick has come, and not before', async () => {
    await scheduler().declare(minutely);
    expect(await scheduler().run()).toEqual({ fired: [], failed: [] });
    t.clock.set('2026-01-01T00:01:00Z');
    expect(await scheduler().run()).toEqual({ fired: ['expire-unpaid-orders'], failed: [] });
    expect(await scheduler().run()).toEqual({ fired: [], failed: [] });
    expect(await jobs()).toEqual(['orders.expire-unpaid']);
  });

  it('fire each tick once, however many schedulers there are', async () => {
    await Promise.all([1, 2, 3].map(() => scheduler().declare(minutely)));
    for (let minute = 1; minute <= 5; minute++) {
      t.clock.set(`2026-01-01T00:0${minute}:00Z`);
      const results = await Promise.all([1, 2, 3, 4].map(() => scheduler().run()));
      expect(results.flatMap((r) => r.fired)).toEqual(['expire-unpaid-orders']);
    }
    expect(await jobs()).toHaveLength(5);
  });

  it('fire once, late, when ticks were missed', async () => {
    await scheduler().declare(minutely);
    t.clock.set('2026-01-01T06:00:10Z');
    await scheduler().run();
    await scheduler().run();
    expect(await jobs()).toHaveLength(1);
    t.clock.set('2026-01-01T06:01:00Z');
    await scheduler().run();
    expect(await jobs()).toHaveLength(2);
  });

  it('keep what staff has changed when the program starts again', async () => {
    await scheduler().declare(minutely);
    await t.app.connections.write((sql) =>
      sql.run("UPDATE schedules SET cron = '0 0 1 1 *', enabled = ?", [false]),
    );
    await scheduler().declare(minutely);
    t.clock.set('2026-01-01T06:00:00Z');
    expect(await scheduler().run()).toEqual({ fired: [], failed: [] });
  });

  it('go on beside one that cannot fire', async () => {
    await scheduler().declare(schedules.slice(0, 2));
    await t.app.connections.write((sql) =>
      sql.run("UPDATE schedules SET cron = 'nonsense' WHERE name = 'expire-unpaid-orders'"),
    );
    t.clock.set('2026-01-01T00:10:00Z');
    expect(await scheduler().run()).toMatchObject({
      fired: ['reconcile-payments'],
      failed: [{ name: 'expire-unpaid-orders' }],
    });
  });

  it('fire on time beside one that cannot fire, which is tried again after a while that grows', async () => {
    const both = schedules.slice(0, 2).map((s) => ({ ...s, cron: '*/2 * * * * *', timezone: 'UTC' }));
    const one = scheduler();
    await one.declare(both);
    const [good = '', bad = ''] = both.map((s) => s.name);
    await t.app.connections.write((sql) =>
      sql.run("UPDATE schedules SET cron = 'nonsense' WHERE name = ?", [bad]),
    );
    const looks: string[] = [];
    const ends = new Date('2026-01-01T00:00:52Z');
    for (let at = await one.next(); at !== undefined && at <= ends; at = await one.next()) {
      t.clock.set(at.toISOString());
      const { fired, failed } = await one.run();
      looks.push(...fired, ...failed.map(({ name }) => `${name} at :${at.getUTCSeconds()}`));
    }
    expect(looks.filter((look) => look === good)).toHaveLength(11);
    expect(looks.filter((look) => look.startsWith(bad))).toEqual([
      `${bad} at :32`,
      `${bad} at :37`,
      `${bad} at :47`,
    ]);
  });

  it('lose no tick that is due when they are edited, and none that is to come when their times stay', async () => {
    await scheduler().declare(minutely);
    const stored = new SqlScheduleReadModel(t.app.connections.read);
    const { schedules: manage } = await t.app.control();
    const edit = (change: ScheduleChange) =>
      manage.edit({ type: 'system', name: 'test' }, 'expire-unpaid-orders', change);
    const due = () =>
      stored.find('expire-unpaid-orders').then((s) => s?.nextRunAt.toISOString().slice(11, 19));
    await edit({ cron: '@every 90s' });
    expect(await due()).toBe('00:02:00');
    t.clock.set('2026-01-01T00:01:10Z');
    await edit({ missed: 'skip' });
    expect(await due()).toBe('00:02:00');
    t.clock.set('2026-01-01T00:02:03Z');
    await edit({ cron: '0 * * * *' });
    expect(await due()).toBe('00:02:00');
    await scheduler().run();
    expect([await jobs(), await due()]).toEqual([['orders.expire-unpaid'], '01:00:00']);
    await edit({ enabled: false });
    t.clock.set('2026-01-01T03:10:00Z');
    await edit({ enabled: true });
    expect(await due()).toBe('04:00:00');
  });

  it.each([
    // 02:30 is left out on the 29th: the tick comes at the end of the gap.
    ['2026-03-28T00:00:00Z', ['2026-03-28T01:30', '2026-03-29T01:00', '2026-03-30T00:30']],
    // 02:30 comes twice on the 25th: the tick comes at the first of them.
    ['2026-10-24T00:00:00Z', ['2026-10-24T00:30', '2026-10-25T00:30', '2026-10-26T01:30']],
  ])('fire each tick once while clocks change in their zone, from %s', async (start, nightly) => {
    const [quarter, steps] = [900, 50 * 4];
    t.clock.set(start);
    const zoned = schedules.slice(0, 2).map((s, i) => ({
      ...s,
      cron: i === 0 ? '*/15 * * * *' : '30 2 * * *',
      timezone: 'Europe/Berlin',
    }));
    const both = [scheduler(), scheduler()];
    await Promise.all(both.map((one) => one.declare(zoned)));
    const passed: string[] = [];
    for (let step = 0; step < steps; step++) {
      t.clock.advance(quarter);
      passed.push(t.clock.now().toISOString().slice(0, 16));
      await Promise.all(both.map((one) => one.run()));
    }
    const keys = await t.app.connections.read.query<{ unique_key: string }>('SELECT unique_key FROM jobs');
    const ticksOf = (name = '') =>
      keys.flatMap(({ unique_key: key }) => key.split(`schedule:${name}:`)[1]?.slice(0, 16) ?? []).sort();
    const [often, atNight] = zoned.map(({ name }) => ticksOf(name));
    expect([often, atNight]).toEqual([passed, nightly]);
    const { items } = await new SqlScheduleReadModel(t.app.connections.read).runs(undefined, { limit: 1000 });
    const runs = items.filter((run) => run.tickAt > new Date(start));
    expect([runs.length, new Set(runs.map((run) => run.outcome))]).toEqual([steps + 3, new Set(['fired'])]);
  });

  it('refuse a declaration that is wrong at the start', async () => {
    const [good] = minutely;
    if (good === undefined) throw new Error('no schedule');
    await expect(scheduler().declare([{ ...good, cron: '61 * * * *' }])).rejects.toThrow('61');
    await expect(scheduler().declare([{ ...good, timezone: 'Europe/Nowhere' }])).rejects.toThrow('Nowhere');
    await expect(scheduler().declare([{ ...good, data: { limit: 0 } }])).rejects.toThrow('limit');
    await expect(scheduler().declare([{ ...good, job: 'no.such-job' }])).rejects.toThrow('no.such-job');
  });
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import request from 'supertest';
import { newId } from '../../../src/domain/shared/ids.ts';
import { type Account, staff } from '../../support/accounts.ts';
import { append, orderEvent } from '../../support/events.ts';
import { setupMonitor, type TestMonitor } from '../../support/monitor.ts';
import { setupApp, type TestApp } from '../../support/setup-app.ts';

/** Nothing listens there. */
const AWAY = { MONGO_URL: 'mongodb://127.0.0.1:1/away', KAFKA_BOOTSTRAP_SERVERS: '127.0.0.1:1' };

describe('while MongoDB and Kafka are away', () => {
  let t: TestApp;
  let monitor: TestMonitor;
  let clerk: Account;
  const worker = newId();
  beforeAll(async () => {
    t = await setupApp({ env: { ...AWAY, LOG_LEVEL: 'silent' } });
    monitor = await setupMonitor(t);
    clerk = await staff(t);
    await append(t, orderEvent(newId(), 1, t.clock.now()));
    const at = t.clock.now();
    const load = { running: 1, processed: 7, cpuPercent: 1, memoryMegabytes: 90, stopping: false };
    const beat = {
      id: worker,
      role: 'worker',
      host: 'a',
      pid: 1,
      queues: ['orders'],
      concurrency: 4,
    } as const;
    await t.app.db.transaction((tx) => tx.workers.beat({ ...beat, version: '1', startedAt: at, load }, at));
  });
  afterAll(async () => {
    monitor.stop();
    await t.close();
  });
  const get = (path: string) =>
    request(monitor.http).get(path).set('Authorization', `Bearer ${clerk.accessToken}`);

  it('the overview says so, and shows processes, queues, outbox and schedules all the same', async () => {
    const { status, body } = await get('/api/overview');
    expect([status, body.jobStore]).toEqual([200, 'unavailable']);
    expect(body.workers).toMatchObject([{ id: worker, alive: true, load: { processed: 7 }, jobs: null }]);
    expect(body.queues).toHaveLength(4);
    expect(body.queues[0]).toMatchObject({ paused: false, ready: null, dead: null });
    expect(body.outbox).toMatchObject({ pending: 1 });
    expect(body.schedules).toMatchObject({ total: 0, lagSeconds: 0 });
  }, 60_000);

  it('Prometheus has every figure but those of jobs, and is told what is down', async () => {
    const { status, text } = await get('/metrics');
    expect(status).toBe(200);
    for (const metric of [
      'crossborder_dependency_up{name="mongodb"} 0',
      'crossborder_dependency_up{name="kafka"} 0',
      'crossborder_dependency_up{name="database"} 1',
      'crossborder_processes{role="worker"} 1',
      `crossborder_worker_running_jobs{worker="${worker}",host="a"} 1`,
      'crossborder_outbox_pending 1',
      'crossborder_schedule_lag_seconds 0',
      'crossborder_queue_paused{queue="orders"} 0',
    ])
      expect(text).toContain(metric);
    expect(text).not.toContain('crossborder_jobs{');
  }, 60_000);

  it('a job that is asked for is no empty answer: it cannot be told', async () => {
    const { status, body } = await get('/api/jobs');
    expect([status, body.code]).toEqual([503, 'unavailable']);
  }, 60_000);
});

import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import request from 'supertest';
import { z } from 'zod';
import { ROLES, type Role } from '../../../src/domain/shared/actor.ts';
import { type RawJson, toJson } from '../../../src/infra/db/values.ts';
import { OutboxItemView } from '../../../src/server/monitor/outbox.routes.ts';
import { QueueView } from '../../../src/server/monitor/processes.schema.ts';
import type { Route } from '../../../src/server/route.ts';
import { type Account, admin, customer, PASSWORD, staff } from '../../support/accounts.ts';
import { MONITOR_AUTHORIZATION } from '../../support/authorization-matrix.ts';
import { append, orderEvent } from '../../support/events.ts';
import { FROM_THE_PAGE, setupMonitor, type TestMonitor } from '../../support/monitor.ts';
import { setupApp, type TestApp } from '../../support/setup-app.ts';

const queuesOf = (body: unknown) => z.object({ items: z.array(QueueView) }).parse(body);
const name = (route: Route): string => `${route.method.toUpperCase()} ${route.path}`;

describe('the monitor', () => {
  let t: TestApp;
  let monitor: TestMonitor;
  const accounts = new Map<Role, Account>();
  const account = (role: Role): Account => {
    const found = accounts.get(role);
    if (found === undefined) throw new Error(`no ${role}`);
    return found;
  };
  beforeAll(async () => {
    t = await setupApp({ env: { LOG_LEVEL: 'silent' } });
    monitor = await setupMonitor(t);
    accounts
      .set('customer', await customer(t))
      .set('staff', await staff(t))
      .set('admin', await admin(t));
  });
  afterAll(async () => {
    monitor.stop();
    await t.close();
  });

  const call = (route: Route, token?: string) => {
    const path = `/api${route.path.replaceAll(/\{\w+\}/g, randomUUID())}`;
    const asked = request(monitor.http)[route.method](path);
    if (token === undefined) asked.set(FROM_THE_PAGE);
    else asked.set('Authorization', `Bearer ${token}`);
    return route.body === undefined ? asked : asked.send({});
  };
  /** A stream has no end to wait for: it is tested in a browser. */
  const finite = () => monitor.routes.filter((route) => route.path !== '/stream');

  describe('who may do what', () => {
    it('is in the matrix, route by route', () => {
      expect(Object.fromEntries(monitor.routes.map((r) => [name(r), r.auth]))).toEqual(MONITOR_AUTHORIZATION);
    });

    it('shows nothing to anybody without a session', async () => {
      for (const route of monitor.routes.filter((r) => r.auth !== 'public')) {
        const res = await call(route);
        expect([name(route), res.status, res.body.code]).toEqual([name(route), 401, 'unauthenticated']);
      }
      expect((await request(monitor.http).get('/metrics').set('X-Forwarded-For', '203.0.113.9')).status).toBe(
        401,
      );
    });

    it.each([...ROLES])('lets a %s into what its role includes: staff look, admins act', async (role) => {
      for (const route of finite()) {
        const res = await call(route, account(role).accessToken);
        const needed = (ROLES as readonly string[]).indexOf(route.auth);
        const forbidden = res.body?.code === 'forbidden';
        expect([name(route), forbidden]).toEqual([name(route), needed > ROLES.indexOf(role)]);
      }
    });

    it('takes no customer in', async () => {
      const res = await request(monitor.http)
        .post('/api/session')
        .set(FROM_THE_PAGE)
        .send({ login: account('customer').email, password: PASSWORD });
      expect([res.status, res.body.code, res.headers['set-cookie']]).toEqual([403, 'forbidden', undefined]);
    });
  });

  describe('a session', () => {
    it('is in cookies that no script reads and no other site sends, and ends with sign-out', async () => {
      const { email } = account('staff');
      const res = await request(monitor.http)
        .post('/api/session')
        .set(FROM_THE_PAGE)
        .send({ login: email, password: PASSWORD });
      expect(res.body).toMatchObject({ role: 'staff', canAct: false });
      expect(JSON.stringify(res.body)).not.toContain('oken');
      const cookies = [res.headers['set-cookie']].flat().map(String);
      expect(cookies).toHaveLength(2);
      for (const cookie of cookies) expect(cookie).toMatch(/; HttpOnly; SameSite=Strict$/);
      const agent = await monitor.signIn(email);
      await agent.get('/api/queues').expect(200);
      await agent.delete('/api/session').expect(204);
      await agent.get('/api/queues').expect(401);
      const kept = cookies.map((cookie) => cookie.split(';')[0]).join('; ');
      await request(monitor.http).get('/api/queues').set('Cookie', kept).expect(200);
    });

    it('goes on with new tokens, also when two tabs ask at the same time', async () => {
      const agent = await monitor.signIn(account('staff').email);
      const both = await Promise.all([
        agent.post('/api/session/refresh'),
        agent.post('/api/session/refresh'),
      ]);
      expect(both.map((r) => r.status)).toEqual([204, 204]);
      await agent.get('/api/session').expect(200);
      await agent.post('/api/session/refresh').expect(204);
    });

    it('changes nothing at the wish of another site', async () => {
      const agent = await monitor.signIn(account('admin').email);
      const pause = () => agent.patch('/api/queues/orders').send({ paused: true });
      const bare = await pause().unset('X-Requested-With');
      expect([bare.status, bare.body.code]).toEqual([403, 'csrf_failed']);
      const foreign = await pause().set('Origin', 'https://evil.example');
      expect([foreign.status, foreign.body.code]).toEqual([403, 'csrf_failed']);
      const { items } = queuesOf((await agent.get('/api/queues')).body);
      const before = items.find((q) => q.queue === 'orders');
      expect(before).toMatchObject({ paused: false });
    });

    it('is not found out by guessing: sign-ins are limited as in the API', async () => {
      const strict = await setupApp({
        limits: { 'sign-in': { points: 2, seconds: 600 } },
        env: { LOG_LEVEL: 'silent' },
      });
      try {
        const { http } = await setupMonitor(strict);
        const guess = () =>
          request(http).post('/api/session').set(FROM_THE_PAGE).send({ login: 'admin', password: 'wrong' });
        expect([(await guess()).status, (await guess()).status, (await guess()).status]).toEqual([
          401, 401, 429,
        ]);
      } finally {
        await strict.close();
      }
    });
  });

  it('has the page, with scripts of its own only, in nobody else’s frame', async () => {
    const page = await request(monitor.http).get('/').expect(200);
    expect(page.text).not.toMatch(/<script(?![^>]+src=)|\sstyle=|\son\w+=|https?:\/\//);
    expect(page.headers['content-security-policy']).toContain("script-src 'self'");
    expect(page.headers['content-security-policy']).toContain("frame-ancestors 'none'");
    for (const [, file = ''] of page.text.matchAll(/(?:src|href)="([^"#]+)"/g))
      await request(monitor.http).get(`/${file}`).expect(200);
    await request(monitor.http).get('/../package.json').expect(404);
  });

  it('acts for admins, and puts each act on record', async () => {
    const agent = await monitor.signIn(account('admin').email);
    await agent.patch('/api/queues/payments').send({ paused: true }).expect(204);
    const { items } = queuesOf((await agent.get('/api/queues').expect(200)).body);
    expect(items.find((q) => q.queue === 'payments')).toMatchObject({ paused: true });
    const overview = (await agent.get('/api/overview').expect(200)).body;
    expect(overview.queues).toHaveLength(4);
    await agent.patch('/api/queues/payments').send({ paused: false }).expect(204);
    const audit = (await agent.get('/api/audit?limit=2').expect(200)).body;
    expect(audit.items).toMatchObject([
      {
        actor: `user:${account('admin').userId}`,
        action: 'queue.set',
        subject: 'queue:payments',
        details: { paused: false },
      },
      { action: 'queue.set', details: { paused: true } },
    ]);
    const older = (await agent.get(`/api/audit?limit=1&cursor=${audit.nextCursor}`).expect(200)).body;
    expect(older.items[0]?.id < audit.items[1].id).toBe(true);
  });

  it('enqueues a job by its name for admins, once per key, on record', async () => {
    const agent = await monitor.signIn(account('admin').email);
    const asked = { name: 'orders.expire-unpaid', data: { limit: 10 }, key: 'from-afar' };
    const first = await agent.post('/api/jobs').send(asked).expect(202);
    expect(first.body).toEqual({ jobKey: 'manual:orders.expire-unpaid:from-afar' });
    expect((await agent.post('/api/jobs').send(asked).expect(202)).body).toEqual(first.body);
    // In the database in every mode: with MongoDB it waits there for a worker to carry it.
    const stored = await t.app.connections.read.query<{ id: string; queue: string; data: RawJson }>(
      'SELECT id, queue, data FROM jobs WHERE name = ?',
      [asked.name],
    );
    expect(stored.map(({ queue, data }) => ({ queue, data: toJson(data) }))).toMatchObject([
      { queue: 'orders', data: { data: { limit: 10 } } },
    ]);
    const unknown = await agent.post('/api/jobs').send({ name: 'orders.nothing' });
    expect([unknown.status, unknown.body.detail]).toEqual([404, expect.stringContaining('the jobs are')]);
    const wrong = await agent.post('/api/jobs').send({ name: 'orders.expire-unpaid', data: { limit: 0 } });
    expect([wrong.status, wrong.body.code]).toEqual([400, 'validation_failed']);
    const [failed, , last] = (await agent.get('/api/audit?limit=3').expect(200)).body.items;
    expect(failed).toMatchObject({ action: 'job.enqueue', details: { outcome: 'failed' } });
    expect(last).toMatchObject({
      actor: `user:${account('admin').userId}`,
      action: 'job.enqueue',
      subject: 'job:orders.expire-unpaid',
      details: first.body,
    });
    const looking = await monitor.signIn(account('staff').email);
    expect((await looking.post('/api/jobs').send(asked)).status).toBe(403);
    await t.app.connections.write((sql) => sql.run('DELETE FROM jobs WHERE name = ?', [asked.name]));
  });

  it('puts on record who signed in, who was refused, and what failed', async () => {
    const email = account('staff').email;
    const refused = (login: string, password: string) =>
      request(monitor.http).post('/api/session').set(FROM_THE_PAGE).send({ login, password });
    await refused(email, 'wrong').expect(401);
    await refused('what i typed is secret', 'wrong').expect(401);
    await refused(account('customer').email, PASSWORD).expect(403);
    await monitor.signIn(email);
    const agent = await monitor.signIn(account('admin').email);
    await agent.post(`/api/workers/${randomUUID()}/shut-down`).expect(404);
    const { items } = (await agent.get('/api/audit?limit=6').expect(200)).body;
    const subject = (role: Role) => `user:${account(role).userId}`;
    const signIn = { action: 'monitor.sign-in' };
    expect(items).toMatchObject([
      {
        action: 'worker.shut-down',
        actor: subject('admin'),
        outcome: 'failed',
        details: { reason: 'not_found' },
      },
      { ...signIn, actor: subject('admin'), outcome: 'succeeded' },
      { ...signIn, actor: subject('staff'), outcome: 'succeeded' },
      { ...signIn, subject: subject('customer'), outcome: 'failed', details: { reason: 'forbidden' } },
      { ...signIn, subject: 'user:unknown', outcome: 'failed', details: { reason: 'invalid_credentials' } },
      { ...signIn, subject: subject('staff'), actor: 'system:sign-in', outcome: 'failed' },
    ]);
    expect(JSON.stringify(items)).not.toContain('typed');
  });

  it('shows the outbox, and replays or skips what the log refused', async () => {
    const order = randomUUID();
    await append(t, ...[1, 2, 3].map((n) => orderEvent(order, n, new Date())));
    await t.app.connections.write((sql) =>
      sql.run("UPDATE outbox SET status = 'dead', attempts = 5, last_error = 'too large' WHERE sequence < 3"),
    );
    const look = async (path: string) =>
      request(monitor.http)
        .get(path)
        .set('Authorization', `Bearer ${account('staff').accessToken}`);
    const dead = z
      .object({ items: z.array(OutboxItemView) })
      .parse((await look(`/api/outbox?status=dead&aggregateId=${order}`)).body).items;
    expect(dead.map((item) => [item.sequence, item.attempts, item.lastError])).toEqual([
      [2, 5, 'too large'],
      [1, 5, 'too large'],
    ]);
    const [second, first] = dead.map((item) => item.id);
    const waiting = (await look(`/api/outbox?status=pending&aggregateId=${order}`)).body.items[0].id;
    expect((await look(`/api/outbox/${waiting}`)).body).toMatchObject({ blockedBy: first, sequence: 3 });
    expect((await look(`/api/outbox/${randomUUID()}`)).status).toBe(404);

    const agent = await monitor.signIn(account('admin').email);
    await agent.post(`/api/outbox/${first}/replay`).expect(204);
    await agent.post(`/api/outbox/${second}/skip`).send({ reason: 'told by hand' }).expect(204);
    expect((await agent.post(`/api/outbox/${second}/replay`)).body).toMatchObject({ code: 'conflict' });
    const statuses = z
      .object({ items: z.array(OutboxItemView) })
      .parse((await look(`/api/outbox?aggregateId=${order}`)).body).items;
    expect(statuses.map((item) => item.status)).toEqual(['pending', 'skipped', 'pending']);
    expect((await agent.get('/api/audit?limit=3')).body.items).toMatchObject([
      {
        action: 'outbox.replay',
        subject: `event:${second}`,
        details: { outcome: 'failed', reason: 'conflict' },
      },
      { action: 'outbox.skip', subject: `event:${second}`, details: { reason: 'told by hand' } },
      { action: 'outbox.replay', subject: `event:${first}` },
    ]);
  });

  it('tells what is wrong with a change', async () => {
    const agent = await monitor.signIn(account('admin').email);
    const unknown = await agent.patch('/api/queues/nothing').send({ paused: true });
    expect([unknown.status, unknown.body.detail]).toEqual([404, expect.stringContaining('the queues are')]);
    const empty = await agent.patch('/api/queues/orders').send({});
    expect([empty.status, empty.body.code]).toEqual([400, 'validation_failed']);
    const gone = await agent.post(`/api/workers/${randomUUID()}/shut-down`);
    expect(gone.status).toBe(404);
  });

  it('has figures for Prometheus, here without a password and elsewhere with the token', async () => {
    const { text } = await request(monitor.http).get('/metrics').expect(200);
    for (const metric of [
      'crossborder_jobs{queue="orders",state="ready"} 0',
      'crossborder_processes{role="worker"} 0',
      'crossborder_outbox_pending ',
      'crossborder_schedule_lag_seconds ',
      'crossborder_dependency_up{name="database"} 1',
    ])
      expect(text).toContain(metric);
    const guarded = await setupApp({ env: { METRICS_TOKEN: 'scrape-me-softly', LOG_LEVEL: 'silent' } });
    try {
      const { http } = await setupMonitor(guarded);
      const scrape = (token?: string) => {
        const asked = request(http).get('/metrics');
        return token === undefined ? asked : asked.set('Authorization', `Bearer ${token}`);
      };
      expect((await scrape()).status).toBe(401);
      expect((await scrape('wrong')).status).toBe(401);
      expect((await scrape('scrape-me-softly')).status).toBe(200);
    } finally {
      await guarded.close();
    }
  });
});

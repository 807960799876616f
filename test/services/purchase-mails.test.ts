import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import request from 'supertest';
import type { RunningRole } from '../../src/jobs/work.ts';
import { mails, startRoles } from '../support/roles.ts';
import { realServices, type Services } from '../support/services.ts';
import { setupApp, type TestApp } from '../support/setup-app.ts';
import { Shop } from '../support/shop.ts';
import { until } from '../support/until.ts';

describe('a purchase on MySQL, Kafka and MongoDB, with nothing but the roles running', () => {
  let services: Services;
  let t: TestApp;
  let roles: RunningRole | undefined;
  beforeAll(async () => {
    services = realServices();
    t = await setupApp({ env: services.env });
    roles = await startRoles(t);
  }, 60_000);
  afterAll(async () => {
    await roles?.stop();
    await t.close();
    await services.drop();
  }, 60_000);

  it('confirms the order, and then the payment, by mail', async () => {
    const shop = new Shop(t);
    const order = await shop.paidOrder(await shop.buyer(), await shop.product(), 2);
    const written = await until(
      () => {
        const found = mails(t).filter((m) => m.content.includes(order.number));
        return found.length >= 2 && found;
      },
      'two mails',
      50_000,
    );
    expect(written.map((m) => m.name.split('.')[0]).sort()).toEqual(['order-created', 'order-paid']);
  }, 60_000);

  it('keeps nothing in the database: the events are in Kafka, the jobs in MongoDB', async () => {
    const { outbox } = await t.app.work();
    await until(async () => (await outbox.summary()).pending === 0, 'an empty outbox');
    const count = async (table: string) =>
      Number(
        (await t.app.connections.read.query<{ n: unknown }>(`SELECT COUNT(*) AS n FROM ${table}`))[0]?.n,
      );
    expect(await count('event_log')).toBe(0);
    await until(async () => (await count('jobs')) === 0, 'every job to be handed over');
  });

  it('is ready, and says so for each service', async () => {
    const ready = await request(t.http).get('/healthz/ready');
    expect(ready.body).toMatchObject({
      checks: [
        { name: 'database', status: 'ok' },
        { name: 'redis', status: 'ok' },
        { name: 'kafka', status: 'ok' },
        { name: 'mongodb', status: 'ok' },
      ],
    });
  });
});

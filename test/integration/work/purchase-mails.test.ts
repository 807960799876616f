import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import request from 'supertest';
import type { RunningRole } from '../../../src/jobs/work.ts';
import { mails, startRoles } from '../../support/roles.ts';
import { setupApp, type TestApp } from '../../support/setup-app.ts';
import { Shop, variantId } from '../../support/shop.ts';
import { until } from '../../support/until.ts';

describe('a purchase, with nothing but the roles running', () => {
  let t: TestApp;
  let shop: Shop;
  let roles: RunningRole | undefined;
  beforeAll(async () => {
    t = await setupApp({ env: { LOG_LEVEL: 'silent' } });
    shop = new Shop(t);
  });
  afterAll(async () => {
    await roles?.stop();
    await t.close();
  });

  it('says that no worker is there until one is', async () => {
    for (const path of ['/healthz/worker', '/healthz/celery/']) {
      expect((await request(t.http).get(path)).status).toBe(503);
    }
    roles = await startRoles(t);
    const seen = await request(t.http).get('/healthz/worker');
    expect(seen.status).toBe(200);
    expect(seen.body).toMatchObject({
      workers: [{ queues: ['default', 'orders', 'payments', 'notifications'] }],
    });
  });

  it('confirms the order, and then the payment, by mail', async () => {
    const buyer = await shop.buyer();
    const order = await shop.paidOrder(buyer, await shop.product(), 2);
    const written = await until(() => {
      const found = mails(t).filter((m) => m.content.includes(order.number));
      return found.length >= 2 && found;
    }, 'two mails');
    expect(written.map((m) => m.name.split('.')[0]).sort()).toEqual(['order-created', 'order-paid']);
    for (const { content } of written) {
      expect(content).toMatch(/^Message-ID: <order-(created|paid)\.[0-9a-f-]{36}@localhost>\r$/m);
      expect(content).toContain('multipart/alternative');
    }
  });

  it('leaves nothing pending, and every event in the log in the order of its sequence', async () => {
    const { outbox } = await t.app.work();
    await until(async () => (await outbox.summary()).pending === 0, 'an empty outbox');
    // Kafka's own order is held against the outbox in test/services.
    if (t.app.config.kafka !== undefined) return;
    const rows = await t.app.connections.read.query<{ sequence: number; position: number }>(
      'SELECT o.sequence, l.position FROM outbox o JOIN event_log l ON l.event_id = o.id WHERE o.aggregate_type = ? ORDER BY l.position',
      ['order'],
    );
    expect(rows.map((r) => r.sequence)).toEqual(rows.map((_, i) => i + 1));
    expect(rows.length).toBeGreaterThanOrEqual(3);
  });

  it("mails what claims a guest's order to the order's address, and nobody else's", async () => {
    const cart = (await t.api.post('/carts').send({}).expect(201)).body as { token: string };
    const item = { variantId: variantId(await shop.product()), quantity: 1 };
    await t.api.post('/cart/items').set('X-Cart-Token', cart.token).send(item).expect(200);
    const address = { recipient: 'Bo', line1: 'Weg 1', city: 'Berlin', postalCode: '10117', country: 'DE' };
    const placed = await t.api
      .post('/guest-orders')
      .set('X-Cart-Token', cart.token)
      .send({ email: 'bo@example.com', address: { ...address, phone: '+493012345678' } })
      .expect(201);
    const { order } = placed.body as { order: { id: string; number: string } };
    const buyer = await shop.buyer();
    await buyer.api.post('/order-claims').send({ number: order.number }).expect(202);
    const mail = await until(
      () => mails(t).find((m) => m.name.startsWith('order-claim')),
      'the mail of the claim',
    );
    expect(mail.content).toMatch(/^To: bo@example\.com\r$/m);
    const token = /^([\w-]{43})\r$/m.exec(mail.content)?.[1] ?? '';
    await buyer.api.post('/order-claims/redeem').send({ token }).expect(200);
    expect((await shop.detail(buyer, order.id)).number).toBe(order.number);
  });
});

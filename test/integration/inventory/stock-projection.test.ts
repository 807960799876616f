import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { RunningRole } from '../../../src/jobs/work.ts';
import { type Account, staff } from '../../support/accounts.ts';
import { mails, startRoles } from '../../support/roles.ts';
import { setupApp, type TestApp } from '../../support/setup-app.ts';
import { type Buyer, Shop, variantId } from '../../support/shop.ts';
import { until } from '../../support/until.ts';

describe('what consumers make of stock events', () => {
  let t: TestApp;
  let shop: Shop;
  let buyer: Buyer;
  let clerk: Account;
  let roles: RunningRole;
  beforeAll(async () => {
    t = await setupApp({ env: { ALERT_EMAIL: 'stock@shop.example' } });
    shop = new Shop(t);
    [buyer, clerk] = [await shop.buyer(), await staff(t)];
    roles = await startRoles(t);
  }, 60_000);
  afterAll(async () => {
    await roles.stop();
    await t.close();
  }, 60_000);

  interface Item {
    variantId: string;
    sku: string;
    onHand: number;
    reserved: number;
    available: number;
  }
  const availability = async (id: string): Promise<Item | undefined> => {
    const page = await clerk.api.get('/stock/availability?limit=100').expect(200);
    return (page.body as { items: Item[] }).items.find((item) => item.variantId === id);
  };
  const shows = (id: string, onHand: number, reserved: number) =>
    until(async () => {
      const item = await availability(id);
      return item?.onHand === onHand && item.reserved === reserved && item.available === onHand - reserved;
    }, `${onHand} on hand, ${reserved} reserved`);

  it('follows reservations, releases, shipments and corrections, each once', async () => {
    const product = await shop.product({ stock: 10 });
    const id = variantId(product);
    const order = await shop.order(buyer, product, 3);
    await shows(id, 10, 3);
    await buyer.api.post(`/orders/${order.id}/cancel`).send({}).expect(200);
    await shows(id, 10, 0);
    const paid = await shop.paidOrder(buyer, product, 2);
    await clerk.api.post(`/orders/${paid.id}/ship`).send({ carrier: 'DHL', trackingNumber: '1' }).expect(200);
    await shows(id, 8, 0);
  }, 90_000);

  it('is made anew while events go on, without a unit lost or doubled', async () => {
    const product = await shop.product({ stock: 100 });
    const id = variantId(product);
    const levels = await clerk.api.get(`/stock?variantId=${id}`).expect(200);
    const { warehouseId } = (levels.body as { items: [{ warehouseId: string }] }).items[0];
    const adjust = () =>
      clerk.api
        .post('/stock/adjustments')
        .send({ variantId: id, warehouseId, delta: 1, reason: 'count' })
        .expect(201);
    const { rebuildStockProjection } = await t.app.work();
    for (let round = 0; round < 5; round++) {
      await Promise.all([adjust(), rebuildStockProjection.run(), adjust()]);
    }
    await shows(id, 110, 0);
  }, 90_000);

  it('tells staff once when stock is low', async () => {
    const product = await shop.product({ stock: 5 });
    const levels = await clerk.api.get(`/stock?variantId=${variantId(product)}`).expect(200);
    const [level] = (levels.body as { items: { id: string; sku: string }[] }).items;
    await clerk.api
      .put(`/stock/${level?.id ?? ''}/low-stock-threshold`)
      .send({ threshold: 4 })
      .expect(200);
    await shop.order(buyer, product, 1);
    const mail = await until(
      () => mails(t).find((m) => m.content.includes('stock@shop.example')),
      'the mail to staff',
    );
    expect(mail.content).toContain(`Low stock: ${level?.sku ?? ''}`);
    expect(mail.content).toContain('has 4 units left');
  }, 90_000);
});

import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Migrator } from '../../../src/infra/db/migrator.ts';
import { setupApp, type TestApp } from '../../support/setup-app.ts';
import { Shop } from '../../support/shop.ts';

let t: TestApp;
beforeAll(async () => {
  t = await setupApp();
});
afterAll(() => t.close());

it('payments of before the ledger are entered into it by its migration', async () => {
  const shop = new Shop(t);
  const buyer = await shop.buyer();
  const paid = await shop.paidOrder(buyer, await shop.product());
  const refunded = await shop.paidOrder(buyer, await shop.product());
  await buyer.api.post(`/orders/${refunded.id}/cancel`).expect(200);
  const migrator = new Migrator(t.app.connections.dataSource);
  let reverted: string | undefined;
  do reverted = await migrator.revert();
  while (reverted !== undefined && !reverted.startsWith('PaymentLedger'));
  await migrator.migrate();
  expect((await shop.detail(buyer, paid.id)).paymentStatus).toBe('paid');
  expect(await shop.detail(buyer, refunded.id)).toMatchObject({
    paymentStatus: 'refunded',
    refunds: [{ amount: refunded.total, status: 'succeeded' }],
  });
});

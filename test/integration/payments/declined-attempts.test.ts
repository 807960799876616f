import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { setupApp, type TestApp } from '../../support/setup-app.ts';
import { Shop } from '../../support/shop.ts';

describe('declined attempts', () => {
  let t: TestApp;
  beforeAll(async () => {
    t = await setupApp();
  });
  afterAll(() => t.close());

  it('end after ten of one order, so that nobody tests card after card on it', async () => {
    const shop = new Shop(t);
    const buyer = await shop.buyer();
    const order = await shop.order(buyer, await shop.product());
    const pay = (token: string) => buyer.api.post(`/orders/${order.id}/payments`).send({ token });
    for (let i = 0; i < 10; i++) expect((await pay('tok_declined')).status).toBe(402);
    for (const token of ['tok_declined', 'tok_success']) {
      const refused = await pay(token);
      expect([refused.status, refused.body.code]).toEqual([409, 'too_many_attempts']);
    }
  });
});

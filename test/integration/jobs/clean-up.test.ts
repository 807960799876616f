import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { runSchedule } from '../../support/declared-schedule.ts';
import { setupApp, type TestApp } from '../../support/setup-app.ts';
import { Shop, variantId } from '../../support/shop.ts';

const DAY = 24 * 3600;

let t: TestApp;
beforeEach(async () => {
  t = await setupApp();
});
afterEach(() => t.close());

const purge = (name: string): Promise<unknown> => runSchedule(t, name);

const ids = async (table: string, column = 'id'): Promise<string[]> =>
  (await t.app.connections.read.query<{ id: string }>(`SELECT ${column} AS id FROM ${table}`)).map(
    (r) => r.id,
  );

it('forgets guest carts that nobody touched for 30 days, with what is in them', async () => {
  const shop = new Shop(t);
  const [product, buyer] = [await shop.product(), await shop.buyer()];
  await shop.fill(buyer, [product, 1]);
  const add = (token: string) =>
    t.api
      .post('/cart/items')
      .set('X-Cart-Token', token)
      .send({ variantId: variantId(product), quantity: 1 })
      .expect(200);
  const guest = async (): Promise<string> => {
    const res = await t.api.post('/carts').send({ currency: 'EUR' }).expect(201);
    const { token } = res.body as { token: string };
    await add(token);
    return token;
  };
  const [left, kept] = [await guest(), await guest()];
  t.clock.advance(2);
  await add(kept);
  t.clock.advance(30 * DAY - 1);
  await purge('purge-guest-carts');

  const look = async (token: string): Promise<number> =>
    (await t.api.get('/cart').set('X-Cart-Token', token)).status;
  expect([await look(left), await look(kept)]).toEqual([404, 200]);
  expect([(await ids('carts')).length, (await ids('cart_items', 'cart_id')).length]).toEqual([2, 2]);
});

it('forgets webhooks 90 days after they came', async () => {
  const claim = (eventId: string) =>
    t.app.db.transaction((tx) =>
      tx.payments.claimWebhook({ provider: 'mock', eventId, receivedAt: t.clock.now(), payload: '{}' }),
    );
  await claim('old');
  t.clock.advance(2);
  await claim('young');
  t.clock.advance(90 * DAY - 1);
  await purge('purge-webhooks');
  expect(await ids('payment_webhooks', 'event_id')).toEqual(['young']);
});

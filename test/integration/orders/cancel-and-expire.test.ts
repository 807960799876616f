import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { accountOf, staff } from '../../support/accounts.ts';
import { setupApp, type TestApp } from '../../support/setup-app.ts';
import { Shop } from '../../support/shop.ts';

describe('orders that come to nothing', () => {
  let t: TestApp;
  let shop: Shop;
  beforeAll(async () => {
    t = await setupApp({ now: '2026-03-01T12:00:00Z' });
    shop = new Shop(t);
  });
  afterAll(() => t.close());

  it('give their stock back when the buyer cancels, once', async () => {
    const buyer = await shop.buyer();
    const product = await shop.product({ stock: 4 });
    const order = await shop.order(buyer, product, 3);
    const cancel = () => buyer.api.post(`/orders/${order.id}/cancel`).send({ reason: 'changed my mind' });
    const replies = await Promise.all([cancel(), cancel(), cancel()]);
    expect(replies.map((r) => r.status).sort()).toEqual([200, 409, 409]);
    expect(await shop.stock(product)).toEqual({ onHand: 4, reserved: 0 });
    const detail = await shop.detail(buyer, order.id);
    expect(detail.status).toBe('cancelled');
    expect(detail.history.at(-1)).toMatchObject({
      to: 'cancelled',
      actor: 'customer',
      reason: 'changed my mind',
    });
    expect(await shop.events(order.id)).toEqual(['order.created.v1', 'order.cancelled.v1']);
  });

  it('give paid money back', async () => {
    const buyer = await shop.buyer();
    const product = await shop.product();
    const order = await shop.paidOrder(buyer, product);
    const cancelled = await buyer.api.post(`/orders/${order.id}/cancel`).expect(200);
    expect(cancelled.body).toMatchObject({
      status: 'cancelled',
      paymentStatus: 'paid',
      payments: [{ status: 'refund_pending' }],
      refunds: [{ status: 'pending', reason: 'order_cancelled' }],
    });
    const after = await shop.detail(buyer, order.id);
    expect(after).toMatchObject({
      status: 'cancelled',
      paymentStatus: 'refunded',
      payments: [{ status: 'refunded' }],
    });
    expect((await shop.events(order.id)).slice(-3)).toEqual([
      'order.cancelled.v1',
      'payment.refund_requested.v1',
      'payment.refunded.v1',
    ]);
    expect(await shop.stock(product)).toEqual({ onHand: 100, reserved: 0 });
  });

  it('cannot be cancelled once something was shipped', async () => {
    const [buyer, clerk] = [await shop.buyer(), await staff(t)];
    const order = await shop.paidOrder(buyer, await shop.product());
    await clerk.api
      .post(`/orders/${order.id}/ship`)
      .send({ carrier: 'DHL', trackingNumber: '1' })
      .expect(200);
    for (const who of [buyer, clerk]) {
      const refused = await who.api.post(`/orders/${order.id}/cancel`);
      expect([refused.status, refused.body.code]).toEqual([409, 'transition_not_allowed']);
    }
  });

  it('do not expire any more once the job is told to stop', async () => {
    const order = await shop.order(await shop.buyer(), await shop.product());
    t.clock.advance(31 * 60);
    const stop = AbortSignal.abort(new Error('the job took too long'));
    await expect(t.app.trade.expireUnpaidOrders.run(500, stop)).rejects.toThrow('took too long');
    const [row] = await t.app.connections.read.query<{ status: string }>(
      'SELECT status FROM orders WHERE id = ?',
      [order.id],
    );
    expect(row?.status).toBe('pending_payment');
    expect(await t.app.trade.expireUnpaidOrders.run()).toBe(1);
  });

  it('expire after their time, and only those that are unpaid', async () => {
    const buyer = await shop.buyer();
    const product = await shop.product({ stock: 10 });
    const unpaid = await shop.order(buyer, product, 2);
    const paid = await shop.paidOrder(buyer, product, 3);
    t.clock.advance(29 * 60);
    expect(await t.app.trade.expireUnpaidOrders.run()).toBe(0);
    t.clock.advance(2 * 60);
    const login = { email: buyer.email, password: buyer.password };
    const { api } = accountOf(t, await t.api.post('/auth/login').send(login));
    expect(
      (await api.post(`/orders/${unpaid.id}/payments`).send({ token: 'tok_success' })).body,
    ).toMatchObject({
      code: 'transition_not_allowed',
      facts: { status: 'expired' },
    });
    const runs = await Promise.all([
      t.app.trade.expireUnpaidOrders.run(),
      t.app.trade.expireUnpaidOrders.run(),
    ]);
    expect(runs.reduce((a, b) => a + b)).toBe(1);
    expect((await shop.detail({ ...buyer, api }, unpaid.id)).history.at(-1)).toMatchObject({
      to: 'expired',
      actor: 'system',
    });
    expect((await shop.detail({ ...buyer, api }, paid.id)).status).toBe('paid');
    expect(await shop.stock(product)).toEqual({ onHand: 10, reserved: 3 });
    expect(await shop.events(unpaid.id)).toEqual(['order.created.v1', 'order.expired.v1']);
  });

  it.each(['confirm', 'ship', 'deliver'])('refuse to %s an order that is not paid', async (step) => {
    const [buyer, clerk] = [await shop.buyer(), await staff(t)];
    const order = await shop.order(buyer, await shop.product());
    const body = step === 'ship' ? { carrier: 'DHL', trackingNumber: '1' } : {};
    const refused = await clerk.api.post(`/orders/${order.id}/${step}`).send(body);
    expect([refused.status, refused.body.code]).toEqual([409, 'transition_not_allowed']);
    const shut = await buyer.api.post(`/orders/${order.id}/${step}`).send(body);
    expect(shut.status).toBe(403);
  });

  it('confirm an order once', async () => {
    const [buyer, clerk] = [await shop.buyer(), await staff(t)];
    const order = await shop.paidOrder(buyer, await shop.product());
    const confirmed = await clerk.api.post(`/orders/${order.id}/confirm`).expect(200);
    expect(confirmed.body.confirmedAt).toBe(t.clock.now().toISOString());
    expect((await clerk.api.post(`/orders/${order.id}/confirm`)).body.code).toBe('conflict');
  });
});

import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { mockWebhookSecret } from '../../../src/app/payments.ts';
import { sign } from '../../../src/infra/payments/mock-signature.ts';
import { setupApp, type TestApp } from '../../support/setup-app.ts';
import { type Buyer, type OrderBody, Shop } from '../../support/shop.ts';

describe('payments that go their own way', () => {
  let t: TestApp;
  let shop: Shop;
  let buyer: Buyer;
  beforeAll(async () => {
    t = await setupApp({ now: '2026-03-01T12:00:00Z' });
    shop = new Shop(t);
  });
  // The clock is moved, and access tokens expire.
  beforeEach(async () => {
    buyer = await shop.buyer();
  });
  afterAll(() => t.close());

  const newOrder = async (): Promise<OrderBody> => shop.order(buyer, await shop.product());
  const pay = (order: OrderBody, token: string) =>
    buyer.api.post(`/orders/${order.id}/payments`).send({ token });
  const deliver = (id: string, type: string, paymentId: string) => {
    const amount = { amount: '1000', currency: 'EUR' };
    const body = JSON.stringify({ id, type: `payment.${type}`, data: { paymentId, amount } });
    const signature = sign(mockWebhookSecret(t.app.config.secretKey), t.clock.now(), Buffer.from(body));
    return t.api
      .post('/payments/webhooks/mock')
      .set('Content-Type', 'application/json')
      .set('X-Mock-Signature', signature)
      .send(body);
  };
  const countOf = async (table: string, orderId: string): Promise<number> => {
    const [row] = await t.app.connections.read.query<{ n: unknown }>(
      `SELECT COUNT(*) AS n FROM ${table} WHERE order_id = ?`,
      [orderId],
    );
    return Number(row?.n);
  };

  it('the same webhook 50 times in parallel, out of order: one capture, one event', async () => {
    const order = await newOrder();
    const { id } = (await pay(order, 'tok_timeout')).body as { id: string };
    const types = Array.from({ length: 50 }, (_, i) => (i % 5 === 0 ? 'authorized' : 'captured'));
    const replies = await Promise.all(types.map((type) => deliver(`evt_${type}_${id}`, type, id)));
    expect(new Set(replies.map((r) => r.status))).toEqual(new Set([200]));
    expect(replies.filter((r) => !r.body.duplicate)).toHaveLength(2);
    expect(await shop.detail(buyer, order.id)).toMatchObject({ status: 'paid', paymentStatus: 'paid' });
    expect(await countOf('payment_captures', order.id)).toBe(1);
    const events = await shop.events(order.id);
    for (const type of ['payment.captured.v1', 'order.authorized.v1', 'order.paid.v1'])
      expect([type, events.filter((e) => e === type).length]).toEqual([type, 1]);
  }, 30_000);

  it('an answer that was lost is found again at the gateway', async () => {
    const order = await newOrder();
    const payment = (await pay(order, 'tok_lost_answer').expect(201)).body;
    expect(payment.status).toBe('pending');
    t.clock.advance(6 * 60);
    await t.app.trade.reconcilePayments.run();
    expect(await shop.detail(buyer, order.id)).toMatchObject({
      status: 'paid',
      payments: [{ id: payment.id, status: 'captured' }],
    });
  });

  it('a capture of an expired order goes back by itself, and is recorded', async () => {
    const product = await shop.product({ stock: 3 });
    const order = await shop.order(buyer, product, 1);
    const { id } = (await pay(order, 'tok_timeout')).body as { id: string };
    t.clock.advance(31 * 60);
    await t.app.trade.expireUnpaidOrders.run();
    await deliver(`evt_late_${id}`, 'captured', id).expect(200);
    buyer = { ...buyer, ...(await signedInAgain()) };
    expect(await shop.detail(buyer, order.id)).toMatchObject({
      status: 'expired',
      paymentStatus: 'refunded',
      payments: [{ status: 'refunded' }],
      refunds: [{ reason: 'late', status: 'succeeded' }],
    });
    expect(await shop.stock(product)).toEqual({ onHand: 3, reserved: 0 });
  });

  it('an authorization of a cancelled order is voided by itself', async () => {
    const order = await newOrder();
    const { id } = (await pay(order, 'tok_timeout')).body as { id: string };
    await buyer.api.post(`/orders/${order.id}/cancel`).expect(200);
    await deliver(`evt_auth_${id}`, 'authorized', id).expect(200);
    expect(await shop.detail(buyer, order.id)).toMatchObject({
      status: 'cancelled',
      paymentStatus: 'unpaid',
      payments: [{ status: 'voided' }],
    });
  });

  it('a second capture of a paid order goes back, and the order stays paid', async () => {
    const order = await newOrder();
    const { id } = (await pay(order, 'tok_timeout')).body as { id: string };
    t.clock.advance(6 * 60);
    await t.app.trade.reconcilePayments.run();
    await pay(order, 'tok_success').expect(201);
    await deliver(`evt_second_${id}`, 'captured', id).expect(200);
    expect(await shop.detail(buyer, order.id)).toMatchObject({
      status: 'paid',
      paymentStatus: 'paid',
      payments: [{ status: 'refunded' }, { status: 'captured' }],
    });
  });

  describe('an attempt that waits for its buyer', () => {
    it('is withdrawn by the buyer, who pays in another way', async () => {
      const order = await newOrder();
      const waiting = (await pay(order, 'tok_requires_action')).body as { id: string };
      expect((await pay(order, 'tok_success')).body.code).toBe('payment_in_progress');
      const other = await shop.buyer();
      expect((await other.api.post(`/payments/${waiting.id}/cancel`)).status).toBe(404);
      await buyer.api.post(`/payments/${waiting.id}/cancel`).expect(200);
      await pay(order, 'tok_success').expect(201);
      expect(await shop.detail(buyer, order.id)).toMatchObject({
        status: 'paid',
        payments: [{ status: 'voided' }, { status: 'captured' }],
      });
      expect((await t.api.post(`/payments/mock/${waiting.id}/complete`)).body.code).toBe(
        'transition_not_allowed',
      );
    });

    it('is not withdrawn while nobody knows its outcome, nor when it is paid', async () => {
      const unknown = (await pay(await newOrder(), 'tok_timeout')).body as { id: string };
      expect((await buyer.api.post(`/payments/${unknown.id}/cancel`)).body.code).toBe('payment_in_progress');
      const done = (await pay(await newOrder(), 'tok_success')).body as { id: string };
      expect((await buyer.api.post(`/payments/${done.id}/cancel`)).body.code).toBe('transition_not_allowed');
    });

    it('does not block its order for ever', async () => {
      const order = await newOrder();
      await pay(order, 'tok_requires_action').expect(201);
      t.clock.advance(16 * 60);
      await t.app.trade.reconcilePayments.run();
      buyer = { ...buyer, ...(await signedInAgain()) };
      await pay(order, 'tok_success').expect(201);
      expect((await shop.detail(buyer, order.id)).payments.map((p) => p.status)).toEqual([
        'voided',
        'captured',
      ]);
    });

    it('is withdrawn with its order', async () => {
      const order = await newOrder();
      await pay(order, 'tok_requires_action').expect(201);
      await buyer.api.post(`/orders/${order.id}/cancel`).expect(200);
      expect((await shop.detail(buyer, order.id)).payments).toMatchObject([{ status: 'voided' }]);
    });
  });

  const signedInAgain = async () => {
    const login = { email: buyer.email, password: buyer.password };
    const { accessToken } = (await t.api.post('/auth/login').send(login)).body as { accessToken: string };
    return { accessToken, api: t.as(accessToken) };
  };
});

describe('production without a payment provider', () => {
  const production = (more: NodeJS.ProcessEnv = {}) =>
    setupApp({
      env: { NODE_ENV: 'production', SECRET_KEY: 'K7f'.repeat(20), CREATE_SUPERUSER: 'false', ...more },
    });

  it('answers 503 with the remedy, and has no routes of the mock', async () => {
    const t = await production();
    try {
      const shop = new Shop(t);
      const buyer = await shop.buyer();
      const order = await shop.order(buyer, await shop.product());
      const refused = await buyer.api.post(`/orders/${order.id}/payments`).send({ token: 'tok_success' });
      expect([refused.status, refused.body.code]).toEqual([503, 'unavailable']);
      expect(refused.body.detail).toContain('STRIPE_API_KEY');
      expect((await shop.detail(buyer, order.id)).payments).toEqual([]);
      expect((await t.api.post('/payments/webhooks/mock').send({})).status).toBe(404);
      expect((await t.api.post('/payments/webhooks/stripe').send({})).status).toBe(404);
    } finally {
      await t.close();
    }
  });

  it('has the mock where it is asked for by name', async () => {
    const t = await production({ PAYMENT_GATEWAY: 'mock' });
    try {
      expect((await t.api.post('/payments/webhooks/mock').send({})).status).toBe(400);
    } finally {
      await t.close();
    }
  });
});

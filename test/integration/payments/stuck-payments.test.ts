import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { setupApp, type TestApp } from '../../support/setup-app.ts';
import { type Buyer, type OrderBody, Shop } from '../../support/shop.ts';
import { StripeStub } from '../../support/stripe-stub.ts';

describe('payments that Stripe says nothing of', () => {
  let stub: StripeStub;
  let t: TestApp;
  let shop: Shop;
  let buyer: Buyer;
  beforeAll(async () => {
    stub = await StripeStub.start();
    t = await setupApp({
      now: '2026-03-01T12:00:00Z',
      env: {
        STRIPE_API_KEY: 'sk_test_1',
        STRIPE_WEBHOOK_SECRET: 'whsec_of_the_tests',
        STRIPE_API_BASE: stub.url,
      },
    });
    shop = new Shop(t);
  });
  // The clock is moved, and access tokens expire.
  beforeEach(async () => {
    buyer = await shop.buyer();
  });
  afterAll(async () => {
    await t.close();
    await stub.close();
  });
  afterEach(() => {
    stub.loseAnswersTo = undefined;
    stub.brokenWith = undefined;
  });

  const newOrder = async (): Promise<OrderBody> => shop.order(buyer, await shop.product());
  const pay = async (order: OrderBody, token = 'pm_card_visa') =>
    (await buyer.api.post(`/orders/${order.id}/payments`).send({ token }).expect(201)).body as { id: string };
  const rowOf = async (paymentId: string) => {
    const [row] = await t.app.connections.read.query<{ status: string; failure_code: string | null }>(
      'SELECT status, failure_code FROM payments WHERE id = ?',
      [paymentId],
    );
    return row;
  };
  const statusOf = async (paymentId: string) => (await rowOf(paymentId))?.status;
  /** Waits for its buyer, and every question about it fails. */
  const stuck = async (order: OrderBody): Promise<{ id: string }> => {
    const payment = await pay(order, 'pm_card_authenticationRequired');
    stub.intents.delete(stub.intentOf(payment.id).id);
    return payment;
  };
  const lost = async (order: OrderBody): Promise<{ id: string }> => {
    stub.loseAnswersTo = /\/confirm$/;
    const payment = await pay(order);
    stub.loseAnswersTo = undefined;
    return payment;
  };

  describe('a batch of them', () => {
    it('does not keep the others from being reconciled', async () => {
      for (let i = 0; i < 3; i += 1) await stuck(await newOrder());
      t.clock.advance(60);
      const payment = await lost(await newOrder());
      t.clock.advance(16 * 60);
      expect(await t.app.trade.reconcilePayments.run(2)).toBe(4);
      expect(await statusOf(payment.id)).toBe('captured');
    }, 20_000);

    it('is bounded per run, and the next run goes on behind it', async () => {
      for (let i = 0; i < 11; i += 1) await stuck(await newOrder());
      t.clock.advance(60);
      const payment = await lost(await newOrder());
      t.clock.advance(16 * 60);
      await t.app.trade.reconcilePayments.run(1);
      expect(await statusOf(payment.id)).toBe('pending');
      await t.app.trade.reconcilePayments.run(1);
      expect(await statusOf(payment.id)).toBe('captured');
    }, 30_000);

    it('does not keep the others from being given back', async () => {
      for (let i = 0; i < 3; i += 1) {
        const order = await newOrder();
        await stuck(order);
        await buyer.api.post(`/orders/${order.id}/cancel`).expect(200);
      }
      const order = await newOrder();
      const payment = await pay(order, 'pm_card_authenticationRequired');
      stub.brokenWith = 500;
      await buyer.api.post(`/orders/${order.id}/cancel`).expect(200);
      stub.brokenWith = undefined;
      expect(await statusOf(payment.id)).toBe('void_pending');
      await t.app.trade.giveBackMoney.sweep(2);
      expect(await statusOf(payment.id)).toBe('voided');
    }, 20_000);

    it('of another provider is left alone', async () => {
      const others = await t.app.trade.reconcilePayments.run();
      const foreign = await lost(await newOrder());
      await t.app.connections.dataSource.query("UPDATE payments SET provider = 'mock' WHERE id = ?", [
        foreign.id,
      ]);
      t.clock.advance(6 * 60);
      const payment = await lost(await newOrder());
      t.clock.advance(6 * 60);
      expect(await t.app.trade.reconcilePayments.run()).toBe(others + 1);
      expect(await statusOf(foreign.id)).toBe('pending');
      expect(await statusOf(payment.id)).toBe('captured');
    }, 20_000);
  });
});

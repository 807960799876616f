import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { StripeGateway } from '../../../src/infra/payments/stripe.gateway.ts';
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
    stub.now = () => t.clock.now();
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

  describe('whose id never arrived here, when Stripe has forgotten their keys:', () => {
    const aDayLater = async (): Promise<void> => {
      stub.forgetKeys();
      t.clock.advance(25 * 60 * 60);
      await t.app.trade.reconcilePayments.run();
    };

    it('one that was captured is found by its metadata, on whatever page', async () => {
      const order = await newOrder();
      const payment = await lost(order);
      const intent = stub.intentOf(payment.id);
      for (let i = 0; i < 120; i += 1)
        stub.intents.set(`pi_other${i}`, { ...intent, id: `pi_other${i}`, metadata: {} });
      await aDayLater();
      for (let i = 0; i < 120; i += 1) stub.intents.delete(`pi_other${i}`);
      expect(await statusOf(payment.id)).toBe('captured');
      expect(stub.intentOf(payment.id).status).toBe('succeeded');
    }, 20_000);

    it('one that was never made is ended, and nothing is made for it', async () => {
      stub.loseAnswersTo = /\/v1\/payment_intents$/;
      const payment = await pay(await newOrder());
      stub.loseAnswersTo = undefined;
      stub.intents.delete(stub.intentOf(payment.id).id);
      await aDayLater();
      expect(await rowOf(payment.id)).toEqual({ status: 'failed', failure_code: 'unknown_to_provider' });
      expect(() => stub.intentOf(payment.id)).toThrow();
    }, 20_000);

    it('one that was never confirmed is cancelled', async () => {
      stub.loseAnswersTo = /\/v1\/payment_intents$/;
      const payment = await pay(await newOrder());
      stub.loseAnswersTo = undefined;
      await aDayLater();
      expect(await statusOf(payment.id)).toBe('failed');
      expect(stub.intentOf(payment.id).status).toBe('canceled');
    }, 20_000);

    it('among too many to look through, it stays open', async () => {
      const payment = await lost(await newOrder());
      const intent = stub.intentOf(payment.id);
      for (let i = 0; i < 10_000; i += 1)
        stub.intents.set(`pi_many${i}`, { ...intent, id: `pi_many${i}`, metadata: {} });
      await aDayLater();
      for (let i = 0; i < 10_000; i += 1) stub.intents.delete(`pi_many${i}`);
      expect(await statusOf(payment.id)).toBe('pending');
      await t.app.trade.reconcilePayments.run();
      expect(await statusOf(payment.id)).toBe('captured');
    }, 60_000);
  });

  describe('whose id never arrived here, when Stripe has forgotten their keys earlier than it says:', () => {
    const of = (paymentId: string) =>
      [...stub.intents.values()].filter((intent) => intent.metadata.payment_id === paymentId);
    const soonAfter = async (): Promise<void> => {
      stub.forgetKeys();
      t.clock.advance(6 * 60);
      await t.app.trade.reconcilePayments.run();
    };

    it('one that was captured is found all the same, and what was made beside it takes nothing', async () => {
      const order = await newOrder();
      const payment = await lost(order);
      await soonAfter();
      expect(await statusOf(payment.id)).toBe('captured');
      expect(of(payment.id).map((intent) => intent.status)).toEqual(['succeeded', 'canceled']);
      const again = await buyer.api.post(`/orders/${order.id}/payments`).send({ token: 'pm_card_visa' });
      expect([again.status, again.body.code]).toEqual([409, 'already_paid']);
    }, 20_000);

    it('one that cannot be told from too many others stays open, however often it is asked for', async () => {
      const order = await newOrder();
      const payment = await lost(order);
      const intent = stub.intentOf(payment.id);
      for (let i = 0; i < 10_000; i += 1)
        stub.intents.set(`pi_more${i}`, { ...intent, id: `pi_more${i}`, metadata: {} });
      await soonAfter();
      t.clock.advance(6 * 60);
      // Now the key is known to Stripe again: as that of the one which was made in vain.
      await t.app.trade.reconcilePayments.run();
      for (let i = 0; i < 10_000; i += 1) stub.intents.delete(`pi_more${i}`);
      expect(await statusOf(payment.id)).toBe('pending');
      const again = await buyer.api.post(`/orders/${order.id}/payments`).send({ token: 'pm_card_visa' });
      expect(again.body.code).toBe('payment_in_progress');
      await t.app.trade.reconcilePayments.run();
      expect(await statusOf(payment.id)).toBe('captured');
    }, 60_000);

    it('one that was never confirmed is cancelled, and the buyer pays once', async () => {
      stub.loseAnswersTo = /\/v1\/payment_intents$/;
      const order = await newOrder();
      const payment = await pay(order);
      stub.loseAnswersTo = undefined;
      await soonAfter();
      expect(await statusOf(payment.id)).toBe('failed');
      expect(of(payment.id).map((intent) => intent.status)).toEqual(['canceled', 'canceled']);
      expect(await statusOf((await pay(order)).id)).toBe('captured');
    }, 20_000);
  });

  describe('that wait for a buyer who cannot be sent anywhere', () => {
    it('are cancelled, and the buyer pays in another way', async () => {
      const order = await newOrder();
      const payment = await pay(order, 'pm_card_withoutRedirect');
      expect(await statusOf(payment.id)).toBe('pending');
      t.clock.advance(6 * 60);
      await t.app.trade.reconcilePayments.run();
      expect(await statusOf(payment.id)).toBe('voided');
      expect(stub.intentOf(payment.id).status).toBe('canceled');
      expect(await statusOf((await pay(order)).id)).toBe('captured');
    });

    it('are not made of means of payment that end so: cards only', async () => {
      const payment = await pay(await newOrder());
      expect(stub.intentOf(payment.id).payment_method_types).toEqual(['card']);
    });
  });

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

  it('are left alone once the job is told to stop, and the next run goes on behind them', async () => {
    for (let i = 0; i < 3; i += 1) await stuck(await newOrder());
    t.clock.advance(16 * 60);
    const stop = new AbortController();
    const find = jest.spyOn(StripeGateway.prototype, 'find');
    const asked = () => find.mock.calls.map(([payment]) => payment.paymentId);
    find.mockImplementationOnce(() => {
      stop.abort(new Error('the job took too long'));
      return Promise.reject(new Error('slow'));
    });
    const { reconcilePayments } = t.app.trade;
    await expect(reconcilePayments.run(100, stop.signal)).rejects.toThrow('took too long');
    const [first] = asked();
    expect(asked()).toEqual([first]);
    await reconcilePayments.run(100);
    expect(asked().length).toBeGreaterThanOrEqual(3);
    expect(asked().slice(1)).not.toContain(first);
    find.mockRestore();
  });
});

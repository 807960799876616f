import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { examine } from '../../../src/app/doctor/doctor.ts';
import { type Account, staff } from '../../support/accounts.ts';
import { brokenPromises } from '../../support/invariants.ts';
import { setupApp, type TestApp } from '../../support/setup-app.ts';
import { type Buyer, type OrderBody, Shop } from '../../support/shop.ts';
import { StripeStub, stripeEvent, stripeSignature } from '../../support/stripe-stub.ts';

const SECRET = 'whsec_of_the_tests';

describe('payments by Stripe', () => {
  let stub: StripeStub;
  let t: TestApp;
  let shop: Shop;
  let buyer: Buyer;
  let clerk: Account;
  beforeAll(async () => {
    stub = await StripeStub.start();
    t = await setupApp({
      now: '2026-03-01T12:00:00Z',
      env: {
        STRIPE_API_KEY: 'sk_test_1',
        STRIPE_WEBHOOK_SECRET: SECRET,
        STRIPE_API_BASE: stub.url,
        PAYMENT_CAPTURE: 'manual',
      },
    });
    shop = new Shop(t);
  });
  // The clock is moved, and access tokens expire.
  beforeEach(async () => {
    buyer = await shop.buyer();
    clerk = await staff(t);
  });
  afterAll(async () => {
    await t.close();
    await stub.close();
  });
  afterEach(() => {
    stub.loseAnswersTo = undefined;
    stub.brokenWith = undefined;
    stub.refundStatus = 'succeeded';
  });

  const newOrder = async (): Promise<OrderBody> => shop.order(buyer, await shop.product());
  const pay = (order: OrderBody, token = 'pm_card_visa') =>
    buyer.api.post(`/orders/${order.id}/payments`).send({ token });
  const deliver = (body: string, signature = stripeSignature(SECRET, t.clock.now(), body)) =>
    t.api
      .post('/payments/webhooks/stripe')
      .set('Content-Type', 'application/json')
      .set('Stripe-Signature', signature)
      .send(body);
  const statusOf = async (paymentId: string): Promise<string> =>
    (await buyer.api.get(`/payments/${paymentId}`)).body.status as string;

  it('authorizes, captures and refunds in parts, with keys of their own', async () => {
    const order = await newOrder();
    const payment = (await pay(order).expect(201)).body;
    expect(payment).toMatchObject({ provider: 'stripe', status: 'authorized' });
    const intent = stub.intentOf(payment.id);
    expect(intent).toMatchObject({ amount: Number(order.total.amount), currency: 'eur' });
    expect(intent.metadata.order_id).toBe(order.id);
    expect((await shop.detail(buyer, order.id)).paymentStatus).toBe('authorized');
    const captured = await clerk.api.post(`/payments/${payment.id}/capture`).expect(200);
    expect(captured.body).toMatchObject({ status: 'captured', capturedAmount: order.total });
    const amount = { amount: '400', currency: 'EUR' };
    await clerk.api.post(`/payments/${payment.id}/refunds`).send({ amount, note: 'a scratch' }).expect(201);
    expect(await shop.detail(buyer, order.id)).toMatchObject({
      status: 'paid',
      paymentStatus: 'partially_refunded',
      refunds: [{ status: 'succeeded', amount }],
    });
    expect(stub.refunds.filter((r) => r.payment_intent === intent.id).map((r) => r.amount)).toEqual([400]);
    const keys = stub.calls.filter((c) => c.path.startsWith(`/v1/payment_intents/${intent.id}/`));
    expect(keys.map((c) => c.key)).toEqual([`${payment.id}:confirm`, `${payment.id}:capture`]);
    expect(stub.calls.some((c) => c.path === '/v1/payment_intents' && c.key === payment.id)).toBe(true);
  });

  it('declines with the code of the bank, and lets the buyer try again', async () => {
    const order = await newOrder();
    const refused = await pay(order, 'pm_card_chargeDeclined');
    expect([refused.status, refused.body.facts.failureCode]).toEqual([402, 'generic_decline']);
    const unknown = await pay(order, 'pm_card_nobodys');
    expect([unknown.status, unknown.body.facts.failureCode]).toEqual([402, 'resource_missing']);
    expect((await pay(order, 'tok_success')).body.errors[0].path).toBe('token');
    expect((await pay(order)).status).toBe(201);
  });

  it('refuses an amount that Stripe has not, before it is asked', async () => {
    const dinars = async (amount: bigint): Promise<OrderBody> => {
      const other = await shop.buyer();
      buyer = other;
      const product = await shop.product({ variants: [{ prices: [{ amount, currency: 'KWD' }] }] });
      await other.api.patch('/cart').send({ currency: 'KWD' }).expect(200);
      return shop.order(other, product);
    };
    const order = await dinars(12_345n);
    const calls = stub.calls.length;
    const refused = await pay(order);
    expect([refused.status, refused.body]).toMatchObject([
      409,
      { code: 'amount_not_supported', facts: { amount: { amount: '12345', currency: 'KWD' } } },
    ]);
    expect(stub.calls.length).toBe(calls);
    expect((await shop.detail(buyer, order.id)).payments).toEqual([]);

    const payable = await dinars(12_340n);
    const payment = (await pay(payable).expect(201)).body;
    expect(stub.intentOf(payment.id)).toMatchObject({ amount: 12_340, currency: 'kwd' });
    await clerk.api.post(`/payments/${payment.id}/capture`).expect(200);
    const refund = (amount: string) =>
      clerk.api
        .post(`/payments/${payment.id}/refunds`)
        .send({ amount: { amount, currency: 'KWD' }, note: 'a scratch' });
    const half = await refund('6175');
    expect([half.status, half.body.code]).toEqual([409, 'amount_not_supported']);
    await refund('6170').expect(201);
    expect(stub.refunds.at(-1)).toMatchObject({ amount: 6170, status: 'succeeded' });
  });

  it('finds an attempt again whose answer was lost, and charges it once', async () => {
    const order = await newOrder();
    stub.loseAnswersTo = /\/confirm$/;
    const payment = (await pay(order).expect(201)).body;
    expect(payment.status).toBe('pending');
    stub.loseAnswersTo = undefined;
    t.clock.advance(6 * 60);
    await t.app.trade.reconcilePayments.run();
    expect(await statusOf(payment.id)).toBe('authorized');
    expect(stub.intentOf(payment.id).status).toBe('requires_capture');
  });

  it('ends an attempt that Stripe was never told to confirm', async () => {
    const order = await newOrder();
    stub.loseAnswersTo = /\/v1\/payment_intents$/;
    const payment = (await pay(order).expect(201)).body;
    stub.loseAnswersTo = undefined;
    t.clock.advance(6 * 60);
    await t.app.trade.reconcilePayments.run();
    expect((await buyer.api.get(`/payments/${payment.id}`)).body).toMatchObject({
      status: 'failed',
      failureCode: 'unknown_to_provider',
    });
    expect(stub.intentOf(payment.id).status).toBe('canceled');
    expect((await pay(order)).status).toBe(201);
  });

  it('leaves the outcome open while Stripe is out of order', async () => {
    const order = await newOrder();
    stub.brokenWith = 500;
    const payment = (await pay(order).expect(201)).body;
    expect(payment.status).toBe('pending');
    t.clock.advance(6 * 60);
    await t.app.trade.reconcilePayments.run();
    expect(await statusOf(payment.id)).toBe('pending');
  }, 20_000);

  it('goes on by the webhook when the buyer comes back from the bank', async () => {
    const order = await newOrder();
    const payment = (await pay(order, 'pm_card_authenticationRequired').expect(201)).body;
    const intent = stub.intentOf(payment.id);
    expect(payment).toMatchObject({
      status: 'requires_action',
      nextActionUrl: `https://hooks.stripe.test/${intent.id}`,
    });
    Object.assign(intent, { status: 'requires_capture' });
    const body = stripeEvent('payment_intent.amount_capturable_updated', intent);
    expect((await deliver(body).expect(200)).body).toEqual({ received: true, duplicate: false });
    expect((await deliver(body).expect(200)).body).toEqual({ received: true, duplicate: true });
    expect(await statusOf(payment.id)).toBe('authorized');
    await deliver(stripeEvent('charge.updated', { id: 'ch_1' })).expect(200);
    await deliver(stripeEvent('payment_intent.succeeded', { ...intent, metadata: {} })).expect(200);
  });

  it('refunds a capture that comes after the order was cancelled', async () => {
    const order = await newOrder();
    const payment = (await pay(order, 'pm_card_authenticationRequired')).body;
    const intent = stub.intentOf(payment.id);
    stub.brokenWith = 500;
    await buyer.api.post(`/orders/${order.id}/cancel`).expect(200);
    stub.brokenWith = undefined;
    Object.assign(intent, { status: 'succeeded', amount_received: intent.amount });
    await deliver(stripeEvent('payment_intent.succeeded', intent)).expect(200);
    expect(await shop.detail(buyer, order.id)).toMatchObject({
      status: 'cancelled',
      paymentStatus: 'refunded',
      refunds: [{ reason: 'late', status: 'succeeded' }],
    });
    expect(stub.refunds.find((r) => r.payment_intent === intent.id)?.amount).toBe(intent.amount);
  }, 20_000);

  describe('of which somebody captured a part by hand', () => {
    /** As Stripe's dashboard does it: the rest is let go. */
    const captureByHand = (paymentId: string, amount_received: number) =>
      Object.assign(stub.intentOf(paymentId), { status: 'succeeded', amount_received });
    const part = { amount: '700', currency: 'EUR' };
    const toDo = async () => {
      const { checks } = await examine(() => t.app.config, 'data');
      const found = checks.find((check) => check.name === 'capture-short');
      return (found?.rows ?? []).map((row) => row.order_id);
    };
    const ways: [string, (paymentId: string) => Promise<unknown>][] = [
      [
        'by its webhook',
        (id) => deliver(stripeEvent('payment_intent.succeeded', stub.intentOf(id))).expect(200),
      ],
      ['when staff capture it here', (id) => clerk.api.post(`/payments/${id}/capture`).expect(200)],
      [
        'when an answer is asked for again',
        async (id) => {
          stub.loseAnswersTo = /\/capture$/;
          await clerk.api.post(`/payments/${id}/capture`).expect(200);
          stub.loseAnswersTo = undefined;
          t.clock.advance(6 * 60);
          await t.app.trade.reconcilePayments.run();
        },
      ],
    ];
    it.each(ways)('is booked with what was taken %s, and no more can go back', async (_way, tell) => {
      const order = await newOrder();
      const { id } = (await pay(order)).body as { id: string };
      captureByHand(id, 700);
      await tell(id);
      expect(await shop.detail(buyer, order.id)).toMatchObject({
        status: 'paid',
        paymentStatus: 'partially_paid',
        payments: [{ status: 'captured', amount: { amount: '1000' }, capturedAmount: part }],
      });
      const [event] = await t.app.connections.read.query<{ payload: unknown }>(
        "SELECT payload FROM outbox WHERE aggregate_id = ? AND type = 'payment.captured.v1'",
        [order.id],
      );
      expect(JSON.stringify(event?.payload)).toContain('700');
      expect(await toDo()).toContain(order.id);
      expect(await brokenPromises(t)).toEqual([]);
      const refund = (body: object) => clerk.api.post(`/payments/${id}/refunds`).send(body);
      const more = await refund({ note: 'x', amount: { amount: '701', currency: 'EUR' } });
      expect(more.body).toMatchObject({ code: 'refund_exceeds_capture', facts: { refundable: part } });
      await buyer.api.post(`/orders/${order.id}/cancel`).expect(200);
      expect(await shop.detail(buyer, order.id)).toMatchObject({
        paymentStatus: 'refunded',
        refunds: [{ status: 'succeeded', amount: part }],
      });
      expect(await toDo()).not.toContain(order.id);
      expect(await brokenPromises(t)).toEqual([]);
    });

    it('is all that goes back: units that are given up make up first for what was not taken', async () => {
      const order = await shop.order(buyer, await shop.product(), 3);
      const { id } = (await pay(order)).body as { id: string };
      // One of three units is missing: the clerk takes the price of two.
      captureByHand(id, 2000);
      await clerk.api.post(`/payments/${id}/capture`).expect(200);
      const [line] = (await shop.detail(buyer, order.id)).lines as { id: string }[];
      const giveUp = () =>
        buyer.api
          .post(`/orders/${order.id}/cancel`)
          .send({ lines: [{ lineId: line?.id, quantity: 1 }] })
          .expect(200);
      await giveUp();
      expect(await shop.detail(buyer, order.id)).toMatchObject({ refunds: [] });
      await giveUp();
      expect(await shop.detail(buyer, order.id)).toMatchObject({
        refunds: [{ reason: 'lines_cancelled', amount: { amount: '1000' } }],
      });
      expect(await brokenPromises(t)).toEqual([]);
    });

    it('goes back as far as it was taken where nobody waits for it', async () => {
      const order = await newOrder();
      const { id } = (await pay(order)).body as { id: string };
      captureByHand(id, 700);
      await buyer.api.post(`/orders/${order.id}/cancel`).expect(200);
      expect(await shop.detail(buyer, order.id)).toMatchObject({
        status: 'cancelled',
        paymentStatus: 'refunded',
        payments: [{ status: 'refunded', capturedAmount: part, refundedAmount: part }],
      });
      expect(await brokenPromises(t)).toEqual([]);
    });
  });

  it('cancels the order whose authorization Stripe gave up', async () => {
    const order = await newOrder();
    const payment = (await pay(order)).body;
    const intent = Object.assign(stub.intentOf(payment.id), { status: 'canceled' });
    await deliver(stripeEvent('payment_intent.canceled', intent)).expect(200);
    expect(await shop.detail(buyer, order.id)).toMatchObject({
      status: 'cancelled',
      paymentStatus: 'unpaid',
    });
    expect((await clerk.api.post(`/payments/${payment.id}/capture`)).body.code).toBe(
      'transition_not_allowed',
    );
  });

  describe('a refund', () => {
    const capturedPayment = async (): Promise<{ id: string; orderId: string }> => {
      const payment = (await pay(await newOrder())).body as { id: string; orderId: string };
      await clerk.api.post(`/payments/${payment.id}/capture`).expect(200);
      return payment;
    };
    const refund = (id: string) => clerk.api.post(`/payments/${id}/refunds`).send({ note: 'lost' });
    const refundsOf = async (orderId: string) =>
      ((await clerk.api.get(`/orders/${orderId}`)).body as { refunds: { status: string }[] }).refunds;

    it('is made once, though its answer was lost, and Stripe has forgotten its key', async () => {
      const { id, orderId } = await capturedPayment();
      stub.loseAnswersTo = /^POST \/v1\/refunds$/;
      await clerk.api
        .post(`/payments/${id}/refunds`)
        .send({ amount: { amount: '300', currency: 'EUR' }, note: 'lost' })
        .expect(201);
      expect(await refundsOf(orderId)).toMatchObject([{ status: 'pending' }]);
      stub.loseAnswersTo = undefined;
      stub.forgetKeys();
      await t.app.trade.giveBackMoney.sweep();
      await t.app.trade.giveBackMoney.sweep();
      expect(await refundsOf(orderId)).toMatchObject([{ status: 'succeeded' }]);
      const intent = stub.intentOf(id).id;
      expect(stub.refunds.filter((r) => r.payment_intent === intent)).toHaveLength(1);
    }, 20_000);

    it('that takes its time is settled by its webhook, once', async () => {
      const { id, orderId } = await capturedPayment();
      stub.refundStatus = 'pending';
      await refund(id).expect(201);
      const made = stub.refunds.at(-1);
      const body = stripeEvent('refund.updated', { ...made, status: 'succeeded' });
      for (let i = 0; i < 3; i += 1) await deliver(body).expect(200);
      expect(await refundsOf(orderId)).toMatchObject([{ status: 'succeeded' }]);
      expect((await shop.events(orderId)).filter((type) => type === 'payment.refunded.v1')).toHaveLength(1);
    });

    it.each([
      ['after it was told to be done', ['succeeded', 'failed']],
      ['before it was told to be done', ['failed', 'succeeded']],
    ])('that fails %s is undone, once, and can be made again', async (_when, order) => {
      const { id, orderId } = await capturedPayment();
      await refund(id).expect(201);
      const made = stub.refunds.at(-1);
      if (made !== undefined) made.status = 'failed';
      const bodies = order.map((status) =>
        status === 'failed'
          ? stripeEvent('refund.failed', { ...made, status, failure_reason: 'expired_or_canceled_card' })
          : stripeEvent('refund.updated', { ...made, status }),
      );
      for (const body of [...bodies, ...bodies]) await deliver(body).expect(200);
      expect(await refundsOf(orderId)).toMatchObject([
        { status: 'failed', failureCode: 'expired_or_canceled_card' },
      ]);
      expect(await statusOf(id)).toBe('captured');
      const failed = (await shop.events(orderId)).filter((type) => type === 'payment.refund_failed.v1');
      expect(failed).toHaveLength(1);
      await refund(id).expect(201);
      expect(await refundsOf(orderId)).toMatchObject([{ status: 'failed' }, { status: 'succeeded' }]);
      expect(await statusOf(id)).toBe('refunded');
    });

    it('that is refused gives its amount free for another one', async () => {
      const { id, orderId } = await capturedPayment();
      stub.refundStatus = 'refused';
      await refund(id).expect(201);
      stub.refundStatus = 'succeeded';
      await refund(id).expect(201);
      expect(await refundsOf(orderId)).toMatchObject([
        { status: 'failed', failureCode: 'charge_already_refunded' },
        { status: 'succeeded' },
      ]);
    });
  });

  describe('webhooks that are refused, with nothing changed:', () => {
    it.each([
      ['no signature', () => ''],
      ['another secret', (body: string) => stripeSignature('whsec_guess', t.clock.now(), body)],
      ['another body', () => stripeSignature(SECRET, t.clock.now(), '{}')],
      [
        'an old one',
        (body: string) => stripeSignature(SECRET, new Date(t.clock.now().getTime() - 302_000), body),
      ],
    ])('%s', async (_name, signature) => {
      const payment = (await pay(await newOrder(), 'pm_card_authenticationRequired')).body;
      const intent = { ...stub.intentOf(payment.id), status: 'succeeded', amount_received: 1000 };
      const body = stripeEvent('payment_intent.succeeded', intent);
      const refused = await deliver(body, signature(body));
      expect([refused.status, refused.body.code]).toEqual([400, 'invalid_signature']);
      expect(await statusOf(payment.id)).toBe('requires_action');
    });

    it('another amount, and an unknown payment', async () => {
      const payment = (await pay(await newOrder(), 'pm_card_authenticationRequired')).body;
      const intent = stub.intentOf(payment.id);
      const cheap = stripeEvent('payment_intent.succeeded', {
        ...intent,
        status: 'succeeded',
        amount: 1,
        amount_received: 1,
      });
      expect((await deliver(cheap)).status).toBe(409);
      const metadata = { payment_id: payment.orderId as string };
      const foreign = stripeEvent('payment_intent.succeeded', {
        ...intent,
        status: 'succeeded',
        amount_received: intent.amount,
        metadata,
      });
      expect((await deliver(foreign)).status).toBe(404);
    });
  });

  it('has no routes of the mock gateway', async () => {
    expect((await t.api.post('/payments/webhooks/mock').send({})).status).toBe(404);
  });
});

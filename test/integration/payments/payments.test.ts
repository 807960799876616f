import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mockWebhookSecret } from '../../../src/app/payments.ts';
import { sign } from '../../../src/infra/payments/mock-signature.ts';
import { setupApp, type TestApp } from '../../support/setup-app.ts';
import { type Buyer, type OrderBody, Shop } from '../../support/shop.ts';

describe('payments', () => {
  let t: TestApp;
  let shop: Shop;
  let buyer: Buyer;
  beforeAll(async () => {
    t = await setupApp({ now: '2026-03-01T12:00:00Z' });
    shop = new Shop(t);
    buyer = await shop.buyer();
  });
  afterAll(() => t.close());

  const newOrder = async (): Promise<OrderBody> => shop.order(buyer, await shop.product());
  const pay = (order: OrderBody, token: string, key?: string) => {
    const request = buyer.api.post(`/orders/${order.id}/payments`);
    return (key === undefined ? request : request.set('Idempotency-Key', key)).send({ token });
  };

  interface Event {
    id: string;
    type?: string;
    paymentId: string;
    amount?: string;
    extra?: object;
  }
  const eventBody = ({
    id,
    type = 'payment.captured',
    paymentId,
    amount = '1000',
    extra = {},
  }: Event): string =>
    JSON.stringify({ id, type, data: { paymentId, amount: { amount, currency: 'EUR' }, ...extra } });
  const deliver = (body: string, signature?: string) =>
    t.api
      .post('/payments/webhooks/mock')
      .set('Content-Type', 'application/json')
      .set(
        'X-Mock-Signature',
        signature ?? sign(mockWebhookSecret(t.app.config.secretKey), t.clock.now(), Buffer.from(body)),
      )
      .send(body);

  it('declines with 402, records the attempt, and lets the buyer try again', async () => {
    const order = await newOrder();
    const refused = await pay(order, 'tok_declined');
    expect(refused.status).toBe(402);
    expect(refused.body).toMatchObject({ code: 'payment_declined', facts: { failureCode: 'card_declined' } });
    expect((await pay(order, 'tok_success')).status).toBe(201);
    const detail = await shop.detail(buyer, order.id);
    expect(detail).toMatchObject({
      status: 'paid',
      paymentStatus: 'paid',
      payments: [{ status: 'declined', failureCode: 'card_declined' }, { status: 'captured' }],
    });
    expect((await buyer.api.get(`/orders/${order.id}/payments`)).body.items).toHaveLength(2);
  });

  it('answers a repeated key with the first answer, also when it was a refusal', async () => {
    const order = await newOrder();
    const replies = [await pay(order, 'tok_declined', 'a'), await pay(order, 'tok_declined', 'a')];
    expect(replies.map((r) => [r.status, r.body.code as unknown])).toEqual([
      [402, 'payment_declined'],
      [402, 'payment_declined'],
    ]);
    expect(replies[1]?.headers).toMatchObject({
      'idempotent-replayed': 'true',
      'content-type': 'application/problem+json; charset=utf-8',
    });
    const paid = [await pay(order, 'tok_success', 'b'), await pay(order, 'tok_success', 'b')];
    expect(paid.map((r) => [r.status, r.body.id as unknown])).toEqual([
      [201, paid[0]?.body.id],
      [201, paid[0]?.body.id],
    ]);
    expect((await shop.detail(buyer, order.id)).payments).toHaveLength(2);
  });

  it('charges an order once, however many pay it at the same time', async () => {
    const order = await newOrder();
    const replies = await Promise.all(Array.from({ length: 16 }, () => pay(order, 'tok_success')));
    expect(replies.filter((r) => r.status === 201)).toHaveLength(1);
    const codes = replies.filter((r) => r.status !== 201).map((r) => r.body.code as string);
    expect(codes.every((code) => code === 'payment_in_progress' || code === 'already_paid')).toBe(true);
    expect((await shop.detail(buyer, order.id)).payments).toHaveLength(1);
    const again = await pay(order, 'tok_success');
    expect([again.status, again.body.code]).toEqual([409, 'already_paid']);
  });

  it('waits for a key that is in flight, and answers with the first answer', async () => {
    const order = await newOrder();
    const replies = await Promise.all(Array.from({ length: 8 }, () => pay(order, 'tok_success', 'flight')));
    expect(replies.map((r) => r.status)).toEqual(replies.map(() => 201));
    expect(new Set(replies.map((r) => JSON.stringify(r.body))).size).toBe(1);
    expect(replies.filter((r) => r.headers['idempotent-replayed'] === undefined)).toHaveLength(1);
    const paid = await pay(order, 'tok_success', 'flight');
    expect([paid.status, paid.headers['idempotent-replayed']]).toEqual([201, 'true']);
    expect((await shop.detail(buyer, order.id)).payments.map((p) => p.id)).toEqual([paid.body.id]);
  });

  it("finds nothing of another's, whatever its key was used for, and leaves the key as it was", async () => {
    const other = await shop.buyer();
    const foreign = await shop.order(other, await shop.product());
    const unknown = { ...foreign, id: '0198a7c0-0000-7000-8000-000000000000' };
    const order = await newOrder();
    const keys = async (): Promise<number> => await shop.count('idempotency_keys');
    const before = await keys();
    for (const nobodys of [foreign, unknown]) {
      expect((await pay(nobodys, 'tok_success', 'mine')).status).toBe(404);
      for (const verb of ['cancel', 'returns']) {
        const refused = await buyer.api
          .post(`/orders/${nobodys.id}/${verb}`)
          .set('Idempotency-Key', 'mine')
          .send(verb === 'cancel' ? {} : { lines: [{ lineId: order.id, quantity: 1, reason: 'x' }] });
        expect([verb, refused.status, refused.body.code]).toEqual([verb, 404, 'not_found']);
      }
    }
    expect(await keys()).toBe(before);
    await pay(order, 'tok_success', 'mine').expect(201);
    // Used now, and still nothing of the others'.
    for (const nobodys of [foreign, unknown])
      expect((await pay(nobodys, 'tok_success', 'mine')).status).toBe(404);
    expect((await pay(order, 'tok_success', 'mine')).headers['idempotent-replayed']).toBe('true');
    const cancel = ({ id }: { readonly id: string }) =>
      buyer.api.post(`/orders/${id}/cancel`).set('Idempotency-Key', 'mine').send({});
    await cancel(order).expect(200);
    for (const nobodys of [foreign, unknown]) expect((await cancel(nobodys)).status).toBe(404);
  });

  it('takes the amount from the order, and nothing from the request', async () => {
    const order = await newOrder();
    const url = `/orders/${order.id}/payments`;
    const refused = await buyer.api.post(url).send({ token: 'tok_success', amount: '1' });
    expect([refused.status, refused.body.errors[0].path]).toEqual([400, 'amount']);
    expect((await buyer.api.post(url).send({ token: 'tok_visa' })).body.errors[0].path).toBe('token');
    expect((await buyer.api.post(url).send({})).status).toBe(400);
    expect((await shop.detail(buyer, order.id)).payments).toEqual([]);
  });

  it('refuses to pay what was cancelled', async () => {
    const order = await newOrder();
    await buyer.api.post(`/orders/${order.id}/cancel`).expect(200);
    const refused = await pay(order, 'tok_success');
    expect(refused.body).toMatchObject({ code: 'transition_not_allowed', facts: { status: 'cancelled' } });
  });

  it('waits for the buyer where the provider wants it, and goes on through the webhook', async () => {
    const order = await newOrder();
    const waiting = (await pay(order, 'tok_requires_action').expect(201)).body;
    expect(waiting).toMatchObject({ status: 'requires_action' });
    expect(new URL(waiting.nextActionUrl).pathname).toBe(`/api/v1/payments/mock/${waiting.id}/complete`);
    const second = await pay(order, 'tok_success');
    expect(second.body).toMatchObject({ code: 'payment_in_progress', facts: { paymentId: waiting.id } });
    const done = await t.api.post(`/payments/mock/${waiting.id}/complete`);
    expect(done.body).toMatchObject({ status: 'captured', nextActionUrl: null });
    expect((await shop.detail(buyer, order.id)).status).toBe('paid');
    expect((await t.api.post(`/payments/mock/${waiting.id}/complete`)).body.code).toBe(
      'transition_not_allowed',
    );
  });

  it('lets the buyer refuse, and pay in another way', async () => {
    const order = await newOrder();
    const waiting = (await pay(order, 'tok_requires_action')).body;
    const refused = await t.api.post(`/payments/mock/${waiting.id}/complete`).send({ outcome: 'declined' });
    expect(refused.body).toMatchObject({ status: 'declined', failureCode: 'authentication_failed' });
    expect((await pay(order, 'tok_success')).status).toBe(201);
  });

  it('leaves an unknown outcome pending until the webhook tells, any number of times', async () => {
    const order = await newOrder();
    const payment = (await pay(order, 'tok_timeout').expect(201)).body;
    expect(payment.status).toBe('pending');
    const body = eventBody({ id: 'evt_1', paymentId: payment.id });
    const replies = await Promise.all(Array.from({ length: 10 }, () => deliver(body)));
    expect(replies.map((r) => r.status)).toEqual(Array.from({ length: 10 }, () => 200));
    expect(replies.filter((r) => !r.body.duplicate)).toHaveLength(1);
    await deliver(eventBody({ id: 'evt_2', paymentId: payment.id })).expect(200);
    await deliver(eventBody({ id: 'evt_3', type: 'payment.declined', paymentId: payment.id })).expect(200);
    expect((await buyer.api.get(`/payments/${payment.id}`)).body.status).toBe('captured');
    expect(await shop.events(order.id)).toEqual([
      'order.created.v1',
      'payment.captured.v1',
      'order.authorized.v1',
      'order.paid.v1',
    ]);
  });

  it('takes an authorization before its capture, or after it', async () => {
    for (const types of [
      ['payment.authorized', 'payment.captured'],
      ['payment.captured', 'payment.authorized'],
    ]) {
      const order = await newOrder();
      const { id: paymentId } = (await pay(order, 'tok_timeout')).body;
      for (const type of types)
        await deliver(eventBody({ id: `${type}-${paymentId}`, type, paymentId })).expect(200);
      expect((await shop.detail(buyer, order.id)).status).toBe('paid');
    }
  });

  it('gives money back that comes for an order that does not wait for it any more', async () => {
    const order = await newOrder();
    const payment = (await pay(order, 'tok_timeout')).body;
    await buyer.api.post(`/orders/${order.id}/cancel`).expect(200);
    await deliver(eventBody({ id: 'evt_late', paymentId: payment.id })).expect(200);
    expect(await shop.detail(buyer, order.id)).toMatchObject({
      status: 'cancelled',
      paymentStatus: 'refunded',
      payments: [{ status: 'refunded' }],
    });
    expect((await shop.events(order.id)).slice(-3)).toEqual([
      'payment.captured.v1',
      'payment.refund_requested.v1',
      'payment.refunded.v1',
    ]);
  });

  it('asks the gateway about attempts that stay without an outcome', async () => {
    const order = await newOrder();
    const payment = (await pay(order, 'tok_timeout')).body;
    expect(await t.app.trade.reconcilePayments.run()).toBe(0);
    t.clock.advance(6 * 60);
    expect(await t.app.trade.reconcilePayments.run()).toBeGreaterThan(0);
    const after = await buyer.api.get(`/payments/${payment.id}`);
    expect(after.body).toMatchObject({ status: 'failed', failureCode: 'unknown_to_provider' });
    expect((await pay(order, 'tok_success')).status).toBe(201);
  });

  describe('webhooks that are refused, with nothing changed:', () => {
    let order: OrderBody;
    let paymentId: string;
    beforeAll(async () => {
      order = await newOrder();
      paymentId = (await pay(order, 'tok_timeout')).body.id as string;
    });
    const secret = (): string => mockWebhookSecret(t.app.config.secretKey);

    it.each([
      ['no signature', () => ''],
      ['a signature with another key', (body: string) => sign('guess', t.clock.now(), Buffer.from(body))],
      ['a signature of another body', () => sign(secret(), t.clock.now(), Buffer.from('{}'))],
      [
        'an old signature',
        (body: string) => sign(secret(), new Date(t.clock.now().getTime() - 301_000), Buffer.from(body)),
      ],
      [
        'a signature from the future',
        (body: string) => sign(secret(), new Date(t.clock.now().getTime() + 302_000), Buffer.from(body)),
      ],
    ])('%s', async (_name, signature) => {
      const body = eventBody({ id: 'evt_bad', paymentId });
      const refused = await deliver(body, signature(body));
      expect([refused.status, refused.body.code]).toEqual([400, 'invalid_signature']);
    });

    it.each([
      ['an unknown payment', () => eventBody({ id: 'evt_x', paymentId: order.id }), 404, 'not_found'],
      ['another amount', () => eventBody({ id: 'evt_y', paymentId, amount: '1' }), 409, 'conflict'],
      [
        'an unknown field',
        () => eventBody({ id: 'evt_z', paymentId, extra: { x: 1 } }),
        400,
        'validation_failed',
      ],
      [
        'an unknown type',
        () => eventBody({ id: 'evt_t', paymentId, type: 'payment.won' }),
        400,
        'validation_failed',
      ],
    ])('%s', async (_name, body, status, code) => {
      const refused = await deliver(body());
      expect([refused.status, refused.body.code]).toEqual([status, code]);
      // The event was not remembered: the provider may correct it, and send it again.
      expect((await deliver(body())).status).toBe(status);
    });

    afterAll(async () => {
      expect((await buyer.api.get(`/payments/${paymentId}`)).body.status).toBe('pending');
    });
  });

  it("hides another's payment", async () => {
    const order = await newOrder();
    const payment = (await pay(order, 'tok_success')).body;
    const other = await shop.buyer();
    expect((await other.api.get(`/payments/${payment.id}`)).status).toBe(404);
    expect((await t.api.get(`/payments/${payment.id}`)).status).toBe(401);
  });
});

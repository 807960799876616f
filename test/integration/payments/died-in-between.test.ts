import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { mockWebhookSecret } from '../../../src/app/payments.ts';
import { SqlMockCharges } from '../../../src/infra/db/payments/sql-mock-charges.ts';
import { MockGateway } from '../../../src/infra/payments/mock.gateway.ts';
import { sign } from '../../../src/infra/payments/mock-signature.ts';
import { type Account, staff } from '../../support/accounts.ts';
import { brokenPromises } from '../../support/invariants.ts';
import { setupApp, type TestApp } from '../../support/setup-app.ts';
import { type Buyer, type OrderBody, Shop } from '../../support/shop.ts';

/** A process that dies stores nothing after the moment of its death: here its request ends with a defect. */
const died = () => new Error('the process died');

describe('a payment whose process died before it could answer, repeated with its key', () => {
  let t: TestApp;
  let shop: Shop;
  let buyer: Buyer;
  let clerk: Account;
  beforeAll(async () => {
    t = await setupApp({ now: '2026-03-01T12:00:00Z' });
    shop = new Shop(t);
  });
  // The clock is moved, and access tokens expire.
  beforeEach(async () => {
    buyer = await shop.buyer();
    clerk = await staff(t);
  });
  afterEach(() => {
    jest.restoreAllMocks();
  });
  afterAll(async () => {
    expect(await brokenPromises(t)).toEqual([]);
    await t.close();
  });

  const newOrder = async (): Promise<OrderBody> => shop.order(buyer, await shop.product());
  const pay = (order: OrderBody, key: string) =>
    buyer.api.post(`/orders/${order.id}/payments`).set('Idempotency-Key', key).send({ token: 'tok_success' });
  /** What the provider does at its place, and nobody here hears of. */
  const take = (paymentId: string) =>
    new SqlMockCharges(t.app.connections, t.clock).move(paymentId, 'captured', []);
  const dieAfterCharge = async (order: OrderBody, key = order.id) => {
    jest.spyOn(MockGateway.prototype, 'charge').mockImplementationOnce(async ({ paymentId }) => {
      await take(paymentId);
      throw died();
    });
    expect((await pay(order, key)).status).toBe(500);
    jest.restoreAllMocks();
  };
  const dieBeforeCharge = async (order: OrderBody, key = order.id) => {
    jest.spyOn(MockGateway.prototype, 'charge').mockRejectedValueOnce(died());
    expect((await pay(order, key)).status).toBe(500);
  };
  const attempts = async (order: OrderBody) => (await shop.detail(buyer, order.id)).payments;
  const webhook = (paymentId: string) => {
    const data = { paymentId, amount: { amount: '1000', currency: 'EUR' } };
    const body = JSON.stringify({ id: `evt_${paymentId}`, type: 'payment.captured', data });
    const signature = sign(mockWebhookSecret(t.app.config.secretKey), t.clock.now(), Buffer.from(body));
    return t.api
      .post('/payments/webhooks/mock')
      .set('Content-Type', 'application/json')
      .set('X-Mock-Signature', signature)
      .send(body);
  };

  it('is told to come back while another process may still be at it', async () => {
    const order = await newOrder();
    await dieAfterCharge(order);
    const soon = await pay(order, order.id);
    expect([soon.status, soon.body.code]).toEqual([409, 'idempotency_in_flight']);
    expect(Number(soon.headers['retry-after'])).toBeGreaterThan(0);
  }, 30_000);

  it('is answered with what the reconciliation found, and by every repetition the same', async () => {
    const order = await newOrder();
    await dieAfterCharge(order);
    const [begun] = await attempts(order);
    expect(begun?.status).toBe('pending');
    t.clock.advance(6 * 60);
    await t.app.trade.reconcilePayments.run();
    const paid = await pay(order, order.id);
    expect([paid.status, paid.body]).toMatchObject([201, { id: begun?.id, status: 'captured' }]);
    const again = await pay(order, order.id);
    expect([again.status, again.headers['idempotent-replayed']]).toEqual([201, 'true']);
    expect(again.body).toEqual(paid.body);
    expect(await attempts(order)).toMatchObject([{ id: begun?.id, status: 'captured' }]);
  });

  it('is answered at once with what the webhook told', async () => {
    const order = await newOrder();
    await dieAfterCharge(order);
    const [begun] = await attempts(order);
    await webhook(begun?.id ?? '').expect(200);
    const paid = await pay(order, order.id);
    expect([paid.status, paid.body]).toMatchObject([201, { id: begun?.id, status: 'captured' }]);
  });

  it('asks the gateway itself after a while, and charges nothing a second time', async () => {
    const order = await newOrder();
    await dieAfterCharge(order);
    t.clock.advance(121);
    const charge = jest.spyOn(MockGateway.prototype, 'charge');
    const replies = await Promise.all([1, 2, 3].map(() => pay(order, order.id)));
    expect(replies.map((r) => r.status)).toEqual([201, 201, 201]);
    expect(new Set(replies.map((r) => JSON.stringify(r.body))).size).toBe(1);
    expect(charge).not.toHaveBeenCalled();
    expect(await attempts(order)).toMatchObject([{ status: 'captured' }]);
  }, 30_000);

  it('that the gateway never heard of has failed, and the order is paid with another key', async () => {
    const order = await newOrder();
    await dieBeforeCharge(order);
    t.clock.advance(121);
    const refused = await pay(order, order.id);
    expect([refused.status, refused.body]).toMatchObject([
      402,
      { code: 'payment_declined', facts: { failureCode: 'unknown_to_provider' } },
    ]);
    const again = await pay(order, order.id);
    expect([again.status, again.headers['idempotent-replayed']]).toEqual([402, 'true']);
    await pay(order, `${order.id}-2`).expect(201);
    expect(await attempts(order)).toMatchObject([{ status: 'failed' }, { status: 'captured' }]);
  });

  it('of a capture, too, is answered with what became of it', async () => {
    const order = await newOrder();
    const url = `/orders/${order.id}/payments`;
    const { id } = (await buyer.api.post(url).send({ token: 'tok_authorize' }).expect(201)).body as {
      id: string;
    };
    const capture = () => clerk.api.post(`/payments/${id}/capture`).set('Idempotency-Key', id);
    jest.spyOn(MockGateway.prototype, 'capture').mockImplementationOnce(async ({ paymentId }) => {
      await take(paymentId);
      throw died();
    });
    expect((await capture()).status).toBe(500);
    expect(await attempts(order)).toMatchObject([{ status: 'capture_pending' }]);
    t.clock.advance(6 * 60);
    await t.app.trade.reconcilePayments.run();
    const done = await capture();
    expect([done.status, done.body]).toMatchObject([200, { id, status: 'captured' }]);
    expect((await capture()).headers['idempotent-replayed']).toBe('true');
  });
});

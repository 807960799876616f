import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Product } from '../../../src/domain/catalog/product.ts';
import { hashToken, newToken } from '../../../src/domain/shared/ids.ts';
import { staff } from '../../support/accounts.ts';
import { brokenPromises } from '../../support/invariants.ts';
import { setupApp, type TestApp } from '../../support/setup-app.ts';
import { type OrderBody, Shop, variantId } from '../../support/shop.ts';

const EMAIL = 'guest@example.com';
const ADDRESS = {
  recipient: 'Ana Lima',
  line1: 'Unter den Linden 1',
  city: 'Berlin',
  postalCode: '10117',
  country: 'DE',
  phone: '+493012345678',
};

interface Placed {
  token: string;
  order: OrderBody & { userId: string | null; email: string };
}

describe('a guest', () => {
  let t: TestApp;
  let shop: Shop;
  beforeAll(async () => {
    t = await setupApp({ now: '2026-03-01T12:00:00Z' });
    shop = new Shop(t);
  });
  afterAll(async () => {
    expect(await brokenPromises(t)).toEqual([]);
    await t.close();
  });

  const cartOf = async (product: Product, quantity = 1): Promise<string> => {
    const { token } = (await t.api.post('/carts').send({}).expect(201)).body as { token: string };
    const item = { variantId: variantId(product), quantity };
    await t.api.post('/cart/items').set('X-Cart-Token', token).send(item).expect(200);
    return token;
  };
  const place = (cart: string, more: object = {}) =>
    t.api
      .post('/guest-orders')
      .set('X-Cart-Token', cart)
      .send({ email: EMAIL, address: ADDRESS, ...more });
  const placed = async (quantity = 1): Promise<Placed> =>
    (await place(await cartOf(await shop.product(), quantity)).expect(201)).body as Placed;
  const read = (id: string, token: string) => t.api.get(`/guest-orders/${id}`).set('X-Order-Token', token);
  const act = (id: string, verb: string, token: string, body: object = {}) =>
    t.api.post(`/guest-orders/${id}/${verb}`).set('X-Order-Token', token).send(body);
  const claimTokens = async (): Promise<string[]> => {
    const rows = await t.app.connections.read.query<{ id: string }>(
      'SELECT id FROM order_claims ORDER BY created_at, id',
    );
    return rows.map((row) => t.app.trade.claimTokens.tokenOf(row.id));
  };

  it('orders, looks at the order, pays and cancels it, by the token alone', async () => {
    const product = await shop.product({ stock: 10 });
    const reply = await place(await cartOf(product, 3)).expect(201);
    const { token, order } = reply.body as Placed;
    expect(order).toMatchObject({
      userId: null,
      email: EMAIL,
      status: 'pending_payment',
      total: { amount: '3000', currency: 'EUR' },
      shippingAddress: { recipient: 'Ana Lima', country: 'DE', phone: '+493012345678' },
      history: [{ to: 'pending_payment', actor: 'customer' }],
    });
    expect(await shop.stock(product)).toEqual({ onHand: 10, reserved: 3 });
    expect((await read(order.id, token).expect(200)).body.number).toBe(order.number);
    const paid = await act(order.id, 'payments', token, { token: 'tok_success' }).expect(201);
    expect(paid.body).toMatchObject({ status: 'captured', amount: { amount: '3000' } });
    const cancelled = await act(order.id, 'cancel', token, { reason: 'no' }).expect(200);
    expect((cancelled.body as OrderBody).history.at(-1)).toMatchObject({
      to: 'cancelled',
      actor: 'customer',
      reason: 'no',
    });
    expect((await read(order.id, token)).body).toMatchObject({ paymentStatus: 'refunded' });
    expect(await shop.stock(product)).toEqual({ onHand: 10, reserved: 0 });
  });

  it('withdraws a payment that waits for him, and pays in another way', async () => {
    const [mine, other] = [await placed(), await placed()];
    const pay = (token: string) => act(mine.order.id, 'payments', mine.token, { token });
    const { id } = (await pay('tok_requires_action').expect(201)).body as { id: string };
    expect((await pay('tok_success')).body.code).toBe('payment_in_progress');
    const withdraw = (orderId: string, token: string) =>
      act(orderId, `payments/${id}/cancel`, token).set('Idempotency-Key', 'withdraw');
    for (const [orderId, token] of [
      [mine.order.id, other.token],
      [mine.order.id, newToken()],
      // The other guest's own order, and a payment that is not its.
      [other.order.id, other.token],
      [other.order.id, mine.token],
    ] as const)
      expect((await withdraw(orderId, token)).status).toBe(404);
    expect((await t.api.post(`/guest-orders/${mine.order.id}/payments/${id}/cancel`)).status).toBe(404);
    expect((await read(mine.order.id, mine.token)).body.payments).toMatchObject([
      { status: 'requires_action' },
    ]);
    const first = await withdraw(mine.order.id, mine.token).expect(200);
    expect((await withdraw(mine.order.id, mine.token).expect(200)).body).toEqual(first.body);
    const paid = (await pay('tok_success').expect(201)).body as { id: string };
    expect((await read(mine.order.id, mine.token)).body).toMatchObject({
      status: 'paid',
      payments: [{ status: 'voided' }, { status: 'captured' }],
    });
    const late = await act(mine.order.id, `payments/${paid.id}/cancel`, mine.token);
    expect([late.status, late.body.code]).toEqual([409, 'transition_not_allowed']);
  });

  it('cancels single units before they leave, and gets their money back', async () => {
    const { token, order } = await placed(3);
    await act(order.id, 'payments', token, { token: 'tok_success' }).expect(201);
    const lines = [{ lineId: order.lines[0]?.id, quantity: 1 }];
    expect((await act(order.id, 'cancel', newToken(), { lines })).status).toBe(404);
    expect((await act(order.id, 'cancel', token, { lines: [{ ...lines[0], quantity: 0 }] })).status).toBe(
      400,
    );
    expect((await act(order.id, 'cancel', token, { lines: [{ ...lines[0], quantity: 4 }] })).status).toBe(
      409,
    );
    const twice = [1, 2].map(() =>
      act(order.id, 'cancel', token, { lines }).set('Idempotency-Key', 'one-unit').expect(200),
    );
    const [one, two] = await Promise.all(twice);
    expect(two?.body).toEqual(one?.body);
    expect((await read(order.id, token)).body).toMatchObject({
      status: 'paid',
      paymentStatus: 'partially_refunded',
      cancellations: [{ actor: 'customer', amount: { amount: '1000' }, lines: [{ quantity: 1 }] }],
      refunds: [{ reason: 'lines_cancelled', status: 'succeeded', amount: { amount: '1000' } }],
    });
  });

  const deliveredOrder = async (): Promise<Placed> => {
    const { token, order } = await placed();
    await act(order.id, 'payments', token, { token: 'tok_success' }).expect(201);
    const clerk = await staff(t);
    await clerk.api
      .post(`/orders/${order.id}/ship`)
      .send({ carrier: 'DHL', trackingNumber: '1' })
      .expect(200);
    await clerk.api.post(`/orders/${order.id}/deliver`).expect(200);
    return { token, order };
  };

  it('gives up a return, of which nobody else knows', async () => {
    const [{ token, order }, other] = [await deliveredOrder(), await deliveredOrder()];
    const lines = [{ lineId: order.lines[0]?.id, quantity: 1, reason: 'broken' }];
    const { id } = (await act(order.id, 'returns', token, { lines }).expect(201)).body as { id: string };
    const withdraw = (orderId: string, by: string) =>
      act(orderId, `returns/${id}/withdraw`, by, { reason: 'I keep it' });
    for (const [orderId, by] of [
      [order.id, newToken()],
      [order.id, other.token],
      [other.order.id, other.token],
      [other.order.id, token],
    ] as const)
      expect((await withdraw(orderId, by)).status).toBe(404);
    const done = await withdraw(order.id, token).expect(200);
    expect(done.body).toMatchObject({
      status: 'withdrawn',
      history: [{ to: 'requested' }, { to: 'withdrawn', actor: 'customer', reason: 'I keep it' }],
    });
    expect((await withdraw(order.id, token)).body.code).toBe('transition_not_allowed');
    await act(order.id, 'returns', token, { lines }).expect(201);
  });

  it('asks to send back what arrived', async () => {
    const { token, order } = await deliveredOrder();
    const lines = [{ lineId: order.lines[0]?.id, quantity: 1, reason: 'broken' }];
    expect((await act(order.id, 'returns', newToken(), { lines })).status).toBe(404);
    await act(order.id, 'returns', token, { lines }).expect(201);
  });

  it("finds nothing under another's token, none, or nonsense", async () => {
    const [mine, theirs] = [await placed(), await placed()];
    for (const token of [theirs.token, newToken()]) {
      expect((await read(mine.order.id, token)).status).toBe(404);
      expect((await act(mine.order.id, 'payments', token, { token: 'tok_success' })).status).toBe(404);
      expect((await act(mine.order.id, 'cancel', token)).status).toBe(404);
    }
    expect((await t.api.get(`/guest-orders/${mine.order.id}`)).status).toBe(404);
    expect((await read(mine.order.id, 'x')).status).toBe(400);
    expect((await t.api.get(`/orders/${mine.order.id}`)).status).toBe(401);
    const buyer = await shop.buyer();
    expect((await buyer.api.get(`/orders/${mine.order.id}`)).status).toBe(404);
    const foreign = await shop.order(buyer, await shop.product());
    expect((await read(foreign.id, mine.token)).status).toBe(404);
  });

  it('gets the same order and the same token again by the same key, and stores neither token', async () => {
    const product = await shop.product();
    const cart = await cartOf(product);
    const replies = await Promise.all(
      Array.from({ length: 6 }, () => place(cart).set('Idempotency-Key', 'guest-1').expect(201)),
    );
    for (const reply of replies) expect(reply.body).toEqual(replies[0]?.body);
    const [{ token }] = replies.map((reply) => reply.body as Placed) as [Placed];
    expect(token).toMatch(/^[\w-]{43}$/);
    const rows = await t.app.connections.read.query<{ reply_body: string | null }>(
      'SELECT reply_body FROM idempotency_keys',
    );
    expect(rows.some((row) => row.reply_body?.includes(token))).toBe(false);
    const stolen = await place(newToken()).set('Idempotency-Key', 'guest-1');
    expect([stolen.status, stolen.body.code]).toEqual([409, 'cart_empty']);
    expect((await place(cart)).body.code).toBe('cart_empty');
  });

  it("does not answer a key of another's step", async () => {
    const { token, order } = await placed();
    const pay = (by: string) =>
      act(order.id, 'payments', by, { token: 'tok_success' }).set('Idempotency-Key', 'pay-1');
    await pay(token).expect(201);
    expect((await pay(newToken())).status).toBe(404);
    expect((await pay(token).expect(201)).headers['idempotent-replayed']).toBe('true');
  });

  it.each([
    ['no address', { address: undefined }, 'address'],
    ['no e-mail address', { email: undefined }, 'email'],
    ['a bad e-mail address', { email: 'nobody' }, 'email'],
    ['an incomplete address', { address: { ...ADDRESS, postalCode: '1' } }, 'postalCode'],
    ['an unknown field', { userId: 'x' }, 'userId'],
  ])('is refused with %s, and nothing changes', async (_name, more, path) => {
    const product = await shop.product();
    const refused = await place(await cartOf(product), more);
    expect([refused.status, refused.body.errors[0].path]).toEqual([400, path]);
    expect(await shop.stock(product)).toEqual({ onHand: 100, reserved: 0 });
  });

  it("claims the order with the token mailed to its address, once, after which it is the account's", async () => {
    const { token, order } = await placed();
    const [buyer, thief] = [await shop.buyer(), await shop.buyer()];
    const payBy = (by: string) =>
      act(order.id, 'payments', by, { token: 'tok_declined' }).set('Idempotency-Key', 'before-the-claim');
    expect((await payBy(token)).status).toBe(402);
    expect((await payBy(token)).headers['idempotent-replayed']).toBe('true');
    await buyer.api.post('/order-claims').send({ number: order.number }).expect(202);
    const [job] = await t.app.connections.read.query<{ data: unknown }>(
      "SELECT data FROM jobs WHERE name = 'notifications.send-order-claim'",
    );
    const claim = (await claimTokens()).at(-1) ?? '';
    expect(JSON.stringify(job)).not.toContain(claim);
    expect((await thief.api.post('/order-claims/redeem').send({ token: newToken() })).status).toBe(404);
    const replies = await Promise.all(
      [1, 2, 3].map(() => buyer.api.post('/order-claims/redeem').send({ token: claim })),
    );
    expect(replies.map((r) => r.status).sort()).toEqual([200, 404, 404]);
    expect((await thief.api.post('/order-claims/redeem').send({ token: claim })).status).toBe(404);
    const mine = await shop.detail(buyer, order.id);
    expect(mine).toMatchObject({ userId: buyer.userId, history: [{ actor: 'customer' }] });
    expect((await read(order.id, token)).status).toBe(404);
    // Nor does it get an answer of before again.
    expect((await payBy(token)).status).toBe(404);
    expect((await buyer.api.get('/orders')).body.items[0].id).toBe(order.id);
    expect(await shop.events(order.id)).toEqual([
      'order.created.v1',
      'payment.failed.v1',
      'order.claimed.v1',
    ]);
    await buyer.api.post(`/orders/${order.id}/payments`).send({ token: 'tok_success' }).expect(201);
  });

  it('is told nothing about orders by asking for a claim, and gets no flood of mails', async () => {
    const { order } = await placed();
    const buyer = await shop.buyer();
    const before = (await claimTokens()).length;
    const own = await shop.order(buyer, await shop.product());
    const ask = (number: string) => buyer.api.post('/order-claims').send({ number }).expect(202);
    const bodies = [];
    for (const number of [order.number, 'CB-0000-0000', own.number, order.number])
      bodies.push((await ask(number)).body);
    expect(new Set(bodies.map((body) => JSON.stringify(body))).size).toBe(1);
    expect((await claimTokens()).length).toBe(before + 1);
    t.clock.advance(6 * 60);
    await ask(order.number);
    expect((await claimTokens()).length).toBe(before + 2);
  });

  it("spends a claim once, also where the order stays nobody's", async () => {
    const { order } = await placed();
    const asking = await shop.buyer();
    await asking.api.post('/order-claims').send({ number: order.number }).expect(202);
    const hash = hashToken((await claimTokens()).at(-1) ?? '');
    const spend = () => t.app.db.transaction((tx) => tx.guestOrders.spend(hash, t.clock.now()));
    const spent = await Promise.all([spend(), spend()]);
    // Either may come first.
    expect(spent.filter((id) => id !== undefined)).toEqual([order.id]);
  });

  it('cannot use a claim after its time', async () => {
    const { order } = await placed();
    const asking = await shop.buyer();
    await asking.api.post('/order-claims').send({ number: order.number }).expect(202);
    const claim = (await claimTokens()).at(-1) ?? '';
    t.clock.advance(61 * 60);
    const buyer = await shop.buyer();
    expect((await buyer.api.post('/order-claims/redeem').send({ token: claim })).status).toBe(404);
  });
});

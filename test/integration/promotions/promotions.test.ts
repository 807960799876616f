import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '../../../src/domain/shared/ids.ts';
import { CustomersOfPromotions1766000006001 } from '../../../src/infra/db/migrations/1766000006001-customers-of-promotions.ts';
import { type Account, customer, staff } from '../../support/accounts.ts';
import { brokenPromises } from '../../support/invariants.ts';
import { makePromotion, shippingMethod } from '../../support/offers.ts';
import { setupApp, type TestApp } from '../../support/setup-app.ts';
import { type Buyer, type OrderBody, Shop } from '../../support/shop.ts';

const eur = (amount: string) => ({ amount, currency: 'EUR' });

describe('promotions', () => {
  let t: TestApp;
  let shop: Shop;
  let clerk: Account;
  beforeAll(async () => {
    t = await setupApp();
    shop = new Shop(t);
    clerk = await staff(t);
  });
  afterAll(() => t.close());

  const place = (buyer: Buyer, fields: object = {}) =>
    buyer.api.post('/orders').send({ addressId: buyer.addressId, ...fields });
  const redeemed = async (id: string) =>
    (await clerk.api.get(`/promotions/${id}`).expect(200)).body.redeemed as number;
  const held = async (promotionId: string): Promise<number> => {
    const [row] = await t.app.connections.read.query<{ n: unknown }>(
      'SELECT COUNT(*) AS n FROM promotion_redemptions WHERE promotion_id = ? AND released_at IS NULL',
      [promotionId],
    );
    return Number(row?.n);
  };
  const end = (promotion: { id: string }, version = 1) =>
    clerk.api.patch(`/promotions/${promotion.id}`).send({ active: false, version }).expect(200);

  it('take a coupon off the lines, to the cent, and freeze it into the order', async () => {
    const buyer = await shop.buyer();
    await makePromotion(clerk, { code: 'SPRING', kind: 'fixed', amounts: [eur('100')] });
    await shop.fill(buyer, [await shop.product(), 1], [await shop.product(), 1], [await shop.product(), 1]);
    const cart = await buyer.api.put('/cart/coupon').send({ code: ' spring ' }).expect(200);
    expect(cart.body).toMatchObject({
      coupon: { code: 'SPRING', refusal: null },
      itemsTotal: eur('3000'),
      discountTotal: eur('100'),
      total: eur('2900'),
      promotions: [{ code: 'SPRING', saving: eur('100') }],
    });
    expect((await buyer.api.get('/cart')).body.total).toEqual(eur('2900'));
    const placed = await place(buyer, { expectedTotal: eur('2900') }).expect(201);
    const order = (await buyer.api.get(`/orders/${placed.body.id as string}`)).body;
    expect(order).toEqual(placed.body);
    expect(order).toMatchObject({
      totals: { items: eur('3000'), discount: eur('100'), total: eur('2900') },
      promotions: [{ code: 'SPRING', name: 'Ten per cent', saving: eur('100') }],
      lines: [{ discount: eur('34') }, { discount: eur('33') }, { discount: eur('33') }],
    });
    // The coupon went with the order.
    expect((await buyer.api.get('/cart')).body).toMatchObject({ coupon: null, total: eur('0') });
  });

  it('apply by themselves, and a coupon of the request counts on top', async () => {
    const buyer = await shop.buyer();
    const automatic = await makePromotion(clerk, { minimums: [eur('2000')] });
    await makePromotion(clerk, { code: 'HALF', basisPoints: 5000 });
    await shop.fill(buyer, [await shop.product(), 1]);
    expect((await buyer.api.get('/cart')).body.total).toEqual(eur('1000'));
    await shop.fill(buyer, [await shop.product(), 1]);
    expect((await buyer.api.get('/cart')).body.total).toEqual(eur('1800'));
    const placed = await place(buyer, { couponCode: 'half' }).expect(201);
    expect(placed.body).toMatchObject({ totals: { discount: eur('1100'), total: eur('900') } });
    await end(automatic);
  });

  it('that apply by themselves are held by the total that the buyer names, and only by that', async () => {
    const buyer = await shop.buyer();
    const automatic = await makePromotion(clerk);
    await shop.fill(buyer, [await shop.product(), 1]);
    expect((await buyer.api.get('/cart')).body.total).toEqual(eur('900'));
    await end(automatic);
    const held = await place(buyer, { expectedTotal: eur('900') });
    expect([held.status, held.body]).toMatchObject([
      409,
      { code: 'price_changed', facts: { expectedTotal: eur('900'), total: eur('1000'), items: [] } },
    ]);
    expect((await place(buyer).expect(201)).body.total).toEqual(eur('1000'));
  });

  it('take off the shipping', async () => {
    const buyer = await shop.buyer();
    const method = await shippingMethod(clerk, 'POST', ['DE']);
    await makePromotion(clerk, { code: 'SHIP', kind: 'free_shipping' });
    await shop.fill(buyer, [await shop.product(), 1]);
    await buyer.api.put('/cart/coupon').send({ code: 'SHIP' }).expect(200);
    const quote = await buyer.api.get('/cart/shipping-options?country=DE').expect(200);
    expect(quote.body.options).toMatchObject([{ price: eur('490'), shipping: eur('0'), total: eur('1000') }]);
    const placed = await place(buyer, { shippingMethodId: method.id }).expect(201);
    expect(placed.body).toMatchObject({
      totals: { shipping: eur('0'), discount: eur('0'), total: eur('1000') },
      shippingMethod: { price: eur('490') },
      promotions: [{ code: 'SHIP', saving: eur('490') }],
    });
    await clerk.api.delete(`/shipping-methods/${method.id}`).expect(204);
  });

  it('pay back what a cancelled line cost after its discount', async () => {
    const buyer = await shop.buyer();
    await makePromotion(clerk, { code: 'THIRD', kind: 'fixed', amounts: [eur('100')] });
    await shop.fill(buyer, [await shop.product(), 3]);
    const order = (await place(buyer, { couponCode: 'THIRD' }).expect(201)).body as OrderBody;
    await buyer.api.post(`/orders/${order.id}/payments`).send({ token: 'tok_success' }).expect(201);
    const lines = [{ lineId: order.lines[0]?.id, quantity: 1 }];
    const cancelled = await buyer.api.post(`/orders/${order.id}/cancel`).send({ lines }).expect(200);
    expect(cancelled.body.cancellations).toMatchObject([{ amount: eur('966') }]);
  });

  it('that leave nothing to pay pay the order at once', async () => {
    const buyer = await shop.buyer();
    const promotion = await makePromotion(clerk, { code: 'GIFT', basisPoints: 10_000, totalLimit: 1 });
    const product = await shop.product();
    await shop.fill(buyer, [product, 1]);
    const placed = (await place(buyer, { couponCode: 'GIFT' }).expect(201)).body as OrderBody;
    expect(placed).toMatchObject({
      status: 'paid',
      paymentStatus: 'paid',
      total: eur('0'),
      history: [{ to: 'pending_payment' }, { to: 'authorized' }, { to: 'paid', actor: 'system' }],
    });
    expect(await shop.events(placed.id)).toEqual([
      'order.created.v1',
      'order.authorized.v1',
      'order.paid.v1',
    ]);
    const refused = await buyer.api.post(`/orders/${placed.id}/payments`).send({ token: 'tok_success' });
    expect(refused.status).toBe(409);
    await buyer.api.post(`/orders/${placed.id}/cancel`).send({}).expect(200);
    expect([await redeemed(promotion.id), await held(promotion.id)]).toEqual([0, 0]);
    expect(await shop.stock(product)).toEqual({ onHand: 100, reserved: 0 });
  });

  it('that leave nothing to pay leave every promise about the data kept, whatever becomes of the order', async () => {
    const buyer = await shop.buyer();
    await makePromotion(clerk, { code: 'PRESENT', basisPoints: 10_000 });
    await shop.fill(buyer, [await shop.product(), 3]);
    const order = (await place(buyer, { couponCode: 'PRESENT' }).expect(201)).body as OrderBody;
    expect(await brokenPromises(t)).toEqual([]);
    const lines = [{ lineId: order.lines[0]?.id, quantity: 1 }];
    await buyer.api.post(`/orders/${order.id}/cancel`).send({ lines }).expect(200);
    const parcel = { carrier: 'DHL', trackingNumber: 'T1' };
    await clerk.api.post(`/orders/${order.id}/ship`).send(parcel).expect(200);
    await clerk.api.post(`/orders/${order.id}/deliver`).expect(200);
    expect((await buyer.api.get('/orders').expect(200)).body.items).toMatchObject([
      { id: order.id, status: 'completed', paymentStatus: 'paid' },
    ]);
    const back = [{ lineId: order.lines[0]?.id, quantity: 1, reason: 'damaged' }];
    const sent = await buyer.api.post(`/orders/${order.id}/returns`).send({ lines: back }).expect(201);
    const step = (name: string, body: object = {}) =>
      clerk.api
        .post(`/returns/${sent.body.id as string}/${name}`)
        .send(body)
        .expect(200);
    await step('approve');
    await step('receive', { lines: [{ lineId: order.lines[0]?.id, restock: 1 }] });
    expect((await step('refund')).body).toMatchObject({ status: 'refunded', refundedAmount: eur('0') });
    expect(await brokenPromises(t)).toEqual([]);
  });

  it('cannot be guessed by volume, nor can means of payment be tried', async () => {
    const limited = await setupApp({ limits: { write: { points: 2, seconds: 60 } } });
    try {
      // Where Redis counts, memory does until it is connected: then two counters would each allow their own.
      await limited.app.health();
      const { api } = await customer(limited);
      const [id, token] = [newId(), 'tok_success'];
      const guess = (couponCode: string) => api.post('/orders').send({ addressId: id, couponCode });
      expect([(await guess('GUESS-1')).status, (await guess('GUESS-2')).status]).toEqual([404, 404]);
      for (const answer of [
        await guess('GUESS-3'),
        await api.post(`/orders/${id}/payments`).send({ token }),
        await api.post(`/payments/${id}/cancel`),
        await limited.api.post('/guest-orders').send({}),
        await limited.api.post(`/guest-orders/${id}/payments`).send({ token }),
      ])
        expect([answer.status, answer.body.code]).toEqual([429, 'rate_limited']);
    } finally {
      await limited.close();
    }
  });

  it('cost a checkout four statements more, with every limit', async () => {
    const buyer = await shop.buyer();
    await makePromotion(clerk, { code: 'BUDGET', totalLimit: 5, perCustomerLimit: 5 });
    const products = [await shop.product(), await shop.product(), await shop.product()];
    await shop.fill(buyer, ...products.map((product) => [product, 1] as const));
    await buyer.api.put('/cart/coupon').send({ code: 'BUDGET' }).expect(200);
    const sent = await t.statements(() => place(buyer).set('Idempotency-Key', 'budget').expect(201));
    expect(sent.length).toBeLessThanOrEqual(21);
  });

  const orderAsGuest = async (email: string, couponCode: string) => {
    const { token } = (await t.api.post('/carts').send({}).expect(201)).body as { token: string };
    const { variants } = await shop.product();
    await t.api
      .post('/cart/items')
      .set('X-Cart-Token', token)
      .send({ variantId: variants[0]?.id })
      .expect(200);
    const address = {
      recipient: 'Ana Lima',
      line1: 'Unter den Linden 1',
      city: 'Berlin',
      postalCode: '10117',
      country: 'DE',
      phone: '+493012345678',
    };
    return t.api.post('/guest-orders').set('X-Cart-Token', token).send({ email, couponCode, address });
  };
  const USED = { code: 'coupon_not_applicable', facts: { reason: 'used' } };

  it("count a guest's uses by his e-mail address", async () => {
    await makePromotion(clerk, { code: 'NEWS', perCustomerLimit: 1 });
    const order = async (email: string) => (await orderAsGuest(email, 'NEWS')).body as { code?: string };
    expect((await order('ana@example.com')).code).toBeUndefined();
    expect(await order('Ana@Example.com')).toMatchObject(USED);
    expect((await order('bo@example.com')).code).toBeUndefined();
  });

  it('count what one person uses with an account and as a guest as one', async () => {
    await makePromotion(clerk, { code: 'PERSON', perCustomerLimit: 1 });
    const [before, after] = [await shop.buyer(), await shop.buyer()];
    expect((await orderAsGuest(before.email.toUpperCase(), 'PERSON')).status).toBe(201);
    await shop.fill(before, [await shop.product(), 1]);
    expect((await before.api.put('/cart/coupon').send({ code: 'PERSON' })).body).toMatchObject(USED);
    const elsewhere = { couponCode: 'PERSON', email: 'another@example.com' };
    expect((await place(before, elsewhere)).body).toMatchObject(USED);

    await shop.order(after, await shop.product(), 1, elsewhere);
    expect((await orderAsGuest(after.email, 'PERSON')).body).toMatchObject(USED);
    // Where the mails of an order went says nothing of another person.
    expect((await orderAsGuest('another@example.com', 'PERSON')).status).toBe(201);
  });

  it('count for the account that claims an order of a guest', async () => {
    await makePromotion(clerk, { code: 'CLAIMED', perCustomerLimit: 1 });
    const buyer = await shop.buyer();
    const { order } = (await orderAsGuest('before@example.com', 'CLAIMED')).body as { order: OrderBody };
    await buyer.api.post('/order-claims').send({ number: order.number }).expect(202);
    const [claim] = await t.app.connections.read.query<{ id: string }>(
      'SELECT id FROM order_claims WHERE order_id = ?',
      [order.id],
    );
    const token = t.app.trade.claimTokens.tokenOf(claim?.id ?? '');
    await buyer.api.post('/order-claims/redeem').send({ token }).expect(200);
    await shop.fill(buyer, [await shop.product(), 1]);
    expect((await place(buyer, { couponCode: 'CLAIMED' })).body).toMatchObject(USED);
    await buyer.api.post(`/orders/${order.id}/cancel`).expect(200);
    expect((await place(buyer, { couponCode: 'CLAIMED' })).status).toBe(201);
  });

  it('of before e-mail addresses counted are counted by them after the migration', async () => {
    const promotion = await makePromotion(clerk, { code: 'OLD', perCustomerLimit: 2 });
    const buyer = await shop.buyer();
    await shop.order(buyer, await shop.product(), 1, { couponCode: 'OLD' });
    await orderAsGuest(buyer.email, 'OLD');
    await orderAsGuest('stranger@example.com', 'OLD');
    const keys = async () =>
      (
        await t.app.connections.read.query<{ customer_key: string }>(
          'SELECT customer_key FROM promotion_redemptions WHERE promotion_id = ? ORDER BY created_at, id',
          [promotion.id],
        )
      ).map((row) => row.customer_key);
    const now = await keys();
    expect(now).toEqual([buyer.email, buyer.email, 'stranger@example.com']);
    const runner = t.app.connections.dataSource.createQueryRunner();
    const migration = new CustomersOfPromotions1766000006001();
    await migration.down(runner);
    expect(await keys()).toEqual([
      `user:${buyer.userId}`,
      `email:${buyer.email}`,
      'email:stranger@example.com',
    ]);
    await migration.up(runner);
    await runner.release();
    expect(await keys()).toEqual(now);
    expect((await orderAsGuest(buyer.email, 'OLD')).body).toMatchObject(USED);
  });

  describe('have limits that hold:', () => {
    it('over all customers who race for them; nobody else gets an order', async () => {
      const promotion = await makePromotion(clerk, { code: 'RACE', totalLimit: 3 });
      const product = await shop.product();
      const buyers = await Promise.all(Array.from({ length: 12 }, () => shop.buyer()));
      await Promise.all(buyers.map((buyer) => shop.fill(buyer, [product, 1])));
      const replies = await Promise.all(buyers.map((buyer) => place(buyer, { couponCode: 'RACE' })));
      expect(replies.filter((r) => r.status === 201)).toHaveLength(3);
      const refused = replies.filter((r) => r.status !== 201).map((r) => r.body as unknown);
      for (const body of refused) {
        expect(body).toMatchObject({
          status: 409,
          code: 'coupon_not_applicable',
          facts: { couponCode: 'RACE', reason: 'exhausted' },
        });
      }
      expect([await redeemed(promotion.id), await held(promotion.id)]).toEqual([3, 3]);
      expect(await shop.stock(product)).toEqual({ onHand: 100, reserved: 3 });
    });

    it('an automatic one falls away when its last is taken, and the orders go through', async () => {
      const promotion = await makePromotion(clerk, { totalLimit: 2, basisPoints: 9000 });
      const product = await shop.product();
      const buyers = await Promise.all(Array.from({ length: 6 }, () => shop.buyer()));
      await Promise.all(buyers.map((buyer) => shop.fill(buyer, [product, 1])));
      const replies = await Promise.all(buyers.map((buyer) => place(buyer)));
      const totals = replies.map((r) => r.body.total.amount as string).sort();
      expect(totals).toEqual(['100', '100', '1000', '1000', '1000', '1000']);
      expect([await redeemed(promotion.id), await held(promotion.id)]).toEqual([2, 2]);
      await end(promotion);
    });

    /** Five orders at the same time, of which nobody has looked at the others. @returns how many got it */
    const takeAtOnce = async (promotionId: string, buyer: Buyer): Promise<number> => {
      const orders = await Promise.all(
        Array.from({ length: 5 }, async () => shop.order(await shop.buyer(), await shop.product())),
      );
      const found = (await t.app.db.transaction((tx) => tx.promotions.find(promotionId))) ?? undefined;
      if (found === undefined) throw new Error('the promotion is gone');
      const take = (order: OrderBody): Promise<boolean> =>
        t.app.db
          .transaction(async (tx) => {
            const redemption = {
              id: newId(),
              promotionId: found.id,
              orderId: order.id,
              customerKey: buyer.email,
              saving: 1n,
              currency: 'EUR',
              at: t.clock.now(),
            };
            if (!(await tx.promotions.redeem(found, redemption))) throw new Error('none left');
            return true;
          })
          .catch(() => false);
      return (await Promise.all(orders.map(take))).filter(Boolean).length;
    };

    it('for each customer, until an order is cancelled or expires', async () => {
      const promotion = await makePromotion(clerk, { code: 'ONCE', perCustomerLimit: 1, totalLimit: 5 });
      const [buyer, other] = [await shop.buyer(), await shop.buyer()];
      const product = await shop.product();
      const take = async (who: Buyer) => {
        await shop.fill(who, [product, 1]);
        return place(who, { couponCode: 'ONCE' });
      };
      const first = await take(buyer);
      expect(first.status).toBe(201);
      expect((await take(other)).status).toBe(201);
      const again = await take(buyer);
      expect(again.body).toMatchObject({ code: 'coupon_not_applicable', facts: { reason: 'used' } });
      expect((await buyer.api.put('/cart/coupon').send({ code: 'ONCE' })).body.facts.reason).toBe('used');
      expect(await redeemed(promotion.id)).toBe(2);

      await buyer.api
        .post(`/orders/${first.body.id as string}/cancel`)
        .send({})
        .expect(200);
      expect([await redeemed(promotion.id), await held(promotion.id)]).toEqual([1, 1]);
      expect((await place(buyer, { couponCode: 'ONCE' })).status).toBe(201);
      expect(await redeemed(promotion.id)).toBe(2);

      // Not by the clock, which would end every session too.
      await t.app.connections.write((sql) =>
        sql.run('UPDATE orders SET expires_at = ?', [new Date('2020-01-01T00:00:00Z')]),
      );
      await t.app.trade.expireUnpaidOrders.run();
      expect([await redeemed(promotion.id), await held(promotion.id)]).toEqual([0, 0]);
    });

    it('for each customer, with what he redeemed before there was a limit', async () => {
      const promotion = await makePromotion(clerk, { code: 'LIMITLATER' });
      const buyer = await shop.buyer();
      await shop.fill(buyer, [await shop.product(), 1]);
      expect((await place(buyer, { couponCode: 'LIMITLATER' })).status).toBe(201);
      const limit = async (perCustomerLimit: number, version: number) =>
        clerk.api.patch(`/promotions/${promotion.id}`).send({ version, perCustomerLimit }).expect(200);
      await limit(1, 1);
      await shop.fill(buyer, [await shop.product(), 1]);
      const again = await place(buyer, { couponCode: 'LIMITLATER' });
      expect(again.body).toMatchObject({ code: 'coupon_not_applicable', facts: { reason: 'used' } });
      await limit(2, 2);
      expect(await takeAtOnce(promotion.id, buyer)).toBe(1);
      expect(await held(promotion.id)).toBe(2);
    });

    it('also for one person who orders as a guest and with an account at the same time', async () => {
      const promotion = await makePromotion(clerk, { code: 'BOTH', perCustomerLimit: 1 });
      const buyer = await shop.buyer();
      await shop.fill(buyer, [await shop.product(), 1]);
      const replies = await Promise.all([
        place(buyer, { couponCode: 'BOTH' }),
        orderAsGuest(buyer.email, 'BOTH'),
        orderAsGuest(buyer.email, 'BOTH'),
      ]);
      expect(replies.map((r) => r.status).sort()).toEqual([201, 409, 409]);
      expect(await held(promotion.id)).toBe(1);
    });

    it('also for one customer with many carts at the same time', async () => {
      const promotion = await makePromotion(clerk, { code: 'SLOT', perCustomerLimit: 2 });
      const buyer = await shop.buyer();
      const taken = await takeAtOnce(promotion.id, buyer);
      expect(taken).toBeGreaterThanOrEqual(1);
      expect(taken).toBeLessThanOrEqual(2);
      expect(await held(promotion.id)).toBe(taken);
      // Whoever lost a slot to another at the same moment gets the next one, as long as there is one.
      await takeAtOnce(promotion.id, buyer);
      expect(await held(promotion.id)).toBe(2);
    });
  });

  it('that ended while checking out are a clear conflict, and nothing is changed', async () => {
    const buyer = await shop.buyer();
    const product = await shop.product();
    const endsAt = new Date(t.clock.now().getTime() + 60_000).toISOString();
    await makePromotion(clerk, { code: 'BRIEF', endsAt });
    await shop.fill(buyer, [product, 1]);
    await buyer.api.put('/cart/coupon').send({ code: 'BRIEF' }).expect(200);
    const orders = await shop.count('orders');
    t.clock.advance(60);
    const refused = await place(buyer);
    expect(refused.body).toMatchObject({
      status: 409,
      code: 'coupon_not_applicable',
      facts: { couponCode: 'BRIEF', reason: 'ended' },
    });
    expect(await shop.stock(product)).toEqual({ onHand: 100, reserved: 0 });
    expect(await shop.count('orders')).toBe(orders);
    const cart = await buyer.api.get('/cart').expect(200);
    expect(cart.body).toMatchObject({ coupon: { code: 'BRIEF', refusal: 'ended' }, total: eur('1000') });
    await buyer.api.delete('/cart/coupon').expect(200);
    await place(buyer).expect(201);
  });

  it('are refused on a cart unless they are on offer, but wait for it to be dear enough', async () => {
    const buyer = await shop.buyer();
    await shop.fill(buyer, [await shop.product(), 1]);
    await makePromotion(clerk, { code: 'LATER', startsAt: '2999-01-01T00:00:00Z' });
    await makePromotion(clerk, { code: 'DEAR', minimums: [eur('1500')] });
    for (const [code, reason] of [
      ['LATER', 'not_started'],
      ['NOBODY', 'unknown'],
    ] as const) {
      const refused = await buyer.api.put('/cart/coupon').send({ code });
      expect([refused.status, refused.body.facts]).toEqual([409, { couponCode: code, reason }]);
    }
    expect((await buyer.api.put('/cart/coupon').send({ code: '!' })).status).toBe(400);
    const waits = await buyer.api.put('/cart/coupon').send({ code: 'DEAR' }).expect(200);
    expect(waits.body).toMatchObject({ coupon: { refusal: 'minimum_spend' }, discountTotal: eur('0') });
    await shop.fill(buyer, [await shop.product(), 1]);
    expect((await buyer.api.get('/cart')).body).toMatchObject({
      coupon: { refusal: null },
      total: eur('1800'),
    });
    await buyer.api.patch('/cart').send({ currency: 'USD' }).expect(200);
    expect((await buyer.api.get('/cart')).body.coupon.refusal).toBe('currency');
    expect((await place(buyer)).body.facts.reason).toBe('currency');
  });

  it('of a guest come along when he signs in', async () => {
    const { token } = (await t.api.post('/carts').send({}).expect(201)).body as { token: string };
    await makePromotion(clerk, { code: 'GUEST' });
    await t.api.put('/cart/coupon').set('X-Cart-Token', token).send({ code: 'GUEST' }).expect(200);
    const buyer = await shop.buyer();
    await t.app.trade.mergeGuestCart.run(buyer.userId, token);
    expect((await buyer.api.get('/cart')).body.coupon.code).toBe('GUEST');
  });

  describe('are set up by staff:', () => {
    it('made, listed, changed under a version, and deleted while no order holds them', async () => {
      const made = await makePromotion(clerk, { code: 'CRUD', totalLimit: 5, minimums: [eur('100')] });
      const change = (body: object) => clerk.api.patch(`/promotions/${made.id}`).send(body);
      const changed = await change({ name: 'New', totalLimit: 6, endsAt: null, version: 1 }).expect(200);
      expect(changed.body).toMatchObject({
        name: 'New',
        code: 'CRUD',
        basisPoints: 1000,
        minimums: [eur('100')],
        totalLimit: 6,
        redeemed: 0,
        version: 2,
      });
      expect((await clerk.api.get('/promotions?limit=1')).body.items).toEqual([changed.body]);
      expect((await change({ name: 'Old', version: 1 })).body.code).toBe('version_conflict');
      expect((await change({ totalLimit: null, version: 2 })).body.errors[0].path).toBe('totalLimit');
      expect((await change({ kind: 'fixed', version: 2 })).body.errors[0].path).toBe('basisPoints');
      const twin = await clerk.api
        .post('/promotions')
        .send({ name: 'Twin', code: 'crud', kind: 'free_shipping' });
      expect([twin.status, twin.body.code]).toEqual([409, 'already_exists']);

      const buyer = await shop.buyer();
      await shop.fill(buyer, [await shop.product(), 1]);
      await place(buyer, { couponCode: 'CRUD' }).expect(201);
      expect((await clerk.api.delete(`/promotions/${made.id}`)).body.code).toBe('conflict');
      const idle = await makePromotion(clerk, { code: 'IDLE' });
      await clerk.api.delete(`/promotions/${idle.id}`).expect(204);
      expect((await clerk.api.get(`/promotions/${idle.id}`)).status).toBe(404);
    });

    it('a limit never falls below what orders hold', async () => {
      const made = await makePromotion(clerk, { code: 'FLOOR', totalLimit: 2 });
      for (const buyer of [await shop.buyer(), await shop.buyer()]) {
        await shop.fill(buyer, [await shop.product(), 1]);
        await place(buyer, { couponCode: 'FLOOR' }).expect(201);
      }
      const refused = await clerk.api.patch(`/promotions/${made.id}`).send({ totalLimit: 1, version: 1 });
      expect([refused.status, refused.body.code]).toEqual([409, 'conflict']);
    });
  });
});

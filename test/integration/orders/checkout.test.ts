import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '../../../src/domain/shared/ids.ts';
import { staff } from '../../support/accounts.ts';
import { setupApp, type TestApp } from '../../support/setup-app.ts';
import { Shop, variantId } from '../../support/shop.ts';

const UNKNOWN = '0198a7c0-0000-7000-8000-000000000000';

describe('checkout', () => {
  let t: TestApp;
  let shop: Shop;
  beforeAll(async () => {
    t = await setupApp();
    shop = new Shop(t);
  });
  afterAll(() => t.close());

  it('sends at most 18 statements for 3 lines, and one more for each further one', async () => {
    const buyer = await shop.buyer();
    const products = await Promise.all([1, 2, 3, 4, 5].map(() => shop.product()));
    const place = async (lines: number, key: string): Promise<string[]> => {
      await shop.fill(buyer, ...products.slice(0, lines).map((p) => [p, 1] as const));
      return t.statements(() =>
        buyer.api
          .post('/orders')
          .set('Idempotency-Key', key)
          .send({ addressId: buyer.addressId })
          .expect(201),
      );
    };
    const three = await place(3, 'three');
    expect(three.at(-1)).toMatch(/COMMIT/i);
    expect(three.length).toBeLessThanOrEqual(18);
    expect((await place(5, 'five')).length).toBe(three.length + 2);
  });

  it('sells exactly what there is to buyers who race for it', async () => {
    const last = await shop.product({ stock: 5 });
    const buyers = await Promise.all(Array.from({ length: 20 }, () => shop.buyer()));
    await Promise.all(buyers.map((buyer) => shop.fill(buyer, [last, 1])));
    const replies = await Promise.all(
      buyers.map((buyer) => buyer.api.post('/orders').send({ addressId: buyer.addressId })),
    );
    expect(replies.filter((r) => r.status === 201)).toHaveLength(5);
    const losers = replies.filter((r) => r.status !== 201);
    expect(losers.every((r) => r.status === 409 && r.body.code === 'insufficient_stock')).toBe(true);
    expect(losers[0]?.body.facts.items[0]).toMatchObject({ requested: 1, available: 0 });
    expect(await shop.stock(last)).toEqual({ onHand: 5, reserved: 5 });
  });

  it('sells the last units of every warehouse to buyers who race for them, and says busy to nobody', async () => {
    const last = await shop.product({ stock: 4 });
    await shop.catalog.stock(variantId(last), 4, await shop.catalog.warehouse());
    const buyers = await Promise.all(Array.from({ length: 14 }, () => shop.buyer()));
    await Promise.all(buyers.map((buyer) => shop.fill(buyer, [last, 1])));
    const replies = await Promise.all(
      buyers.map((buyer) => buyer.api.post('/orders').send({ addressId: buyer.addressId })),
    );
    const outcomes = replies.map((r) => (r.status === 201 ? 'ordered' : (r.body.code as string))).sort();
    const losers = Array.from({ length: 6 }, () => 'insufficient_stock');
    expect(outcomes).toEqual([...losers, ...Array.from({ length: 8 }, () => 'ordered')]);
    expect(await shop.stock(last)).toEqual({ onHand: 8, reserved: 8 });
  });

  it('orders a cart once, however often it is checked out at the same time', async () => {
    const buyer = await shop.buyer();
    const product = await shop.product({ stock: 50 });
    await shop.fill(buyer, [product, 2]);
    const replies = await Promise.all(
      Array.from({ length: 8 }, () => buyer.api.post('/orders').send({ addressId: buyer.addressId })),
    );
    expect(replies.filter((r) => r.status === 201)).toHaveLength(1);
    const codes = new Set(replies.filter((r) => r.status !== 201).map((r) => r.body.code as string));
    expect([...codes].every((code) => ['cart_empty', 'cart_changed'].includes(code))).toBe(true);
    expect(await shop.stock(product)).toEqual({ onHand: 50, reserved: 2 });
  });

  it('answers every repetition of a key with the first order', async () => {
    const buyer = await shop.buyer();
    const product = await shop.product();
    await shop.fill(buyer, [product, 1]);
    const place = (body: object) => buyer.api.post('/orders').set('Idempotency-Key', 'k-1').send(body);
    const replies = await Promise.all(
      Array.from({ length: 10 }, () => place({ addressId: buyer.addressId })),
    );
    expect(replies.map((r) => r.status)).toEqual(Array.from({ length: 10 }, () => 201));
    for (const reply of replies) expect(reply.body).toEqual(replies[0]?.body);
    expect(replies.filter((r) => r.headers['idempotent-replayed'] === 'true')).toHaveLength(9);
    expect(await shop.stock(product)).toEqual({ onHand: 100, reserved: 1 });
    const other = await place({ addressId: buyer.addressId, note: 'another body' });
    expect([other.status, other.body.code]).toEqual([422, 'idempotency_key_reused']);
  });

  it('keeps a key apart from the same key of another buyer', async () => {
    const product = await shop.product();
    for (const buyer of [await shop.buyer(), await shop.buyer()]) {
      await shop.fill(buyer, [product, 1]);
      const reply = await buyer.api
        .post('/orders')
        .set('Idempotency-Key', 'same')
        .send({ addressId: buyer.addressId });
      expect([reply.status, reply.headers['idempotent-replayed']]).toEqual([201, undefined]);
    }
  });

  it('takes another number where one is taken, within the same transaction', async () => {
    const buyer = await shop.buyer();
    const placed = await shop.order(buyer, await shop.product());
    await t.app.db.transaction(async (tx) => {
      const detail = await tx.orderDetails.detail(placed.id, 'any');
      const [first] = detail?.history ?? [];
      if (detail === undefined || first === undefined) throw new Error('the order is gone');
      const id = newId();
      const copy = { ...detail.order, id };
      expect(await tx.orders.insert(copy, [], { ...first, id: newId(), orderId: id })).toBe(false);
      const renamed = { ...copy, number: 'CB-0000-0000' };
      expect(await tx.orders.insert(renamed, [], { ...first, id: newId(), orderId: id })).toBe(true);
    });
    expect((await buyer.api.get('/orders')).body.items[0].number).toBe('CB-0000-0000');
  });

  it('ships from the one warehouse that has everything', async () => {
    const buyer = await shop.buyer();
    const [near, far] = [await shop.catalog.warehouse('NEAR'), await shop.catalog.warehouse('FAR')];
    const [one, two] = [await shop.catalog.product(), await shop.catalog.product()];
    await shop.catalog.stock(variantId(one), 50, near);
    await shop.catalog.stock(variantId(one), 3, far);
    await shop.catalog.stock(variantId(two), 3, far);
    await shop.fill(buyer, [one, 2], [two, 2]);
    const reply = await buyer.api.post('/orders').send({ addressId: buyer.addressId }).expect(201);
    expect(reply.body.lines).toMatchObject([{ warehouseId: far.id }, { warehouseId: far.id }]);
  });

  describe('refuses, and changes nothing:', () => {
    it('an empty cart, and a buyer who never had one', async () => {
      const buyer = await shop.buyer();
      const refused = await buyer.api.post('/orders').send({ addressId: buyer.addressId });
      expect([refused.status, refused.body.code]).toEqual([409, 'cart_empty']);
    });

    it("another's address, as if it did not exist", async () => {
      const [buyer, other] = [await shop.buyer(), await shop.buyer()];
      await shop.fill(buyer, [await shop.product(), 1]);
      for (const addressId of [other.addressId, UNKNOWN]) {
        const refused = await buyer.api.post('/orders').send({ addressId });
        expect([refused.status, refused.body.code]).toEqual([404, 'not_found']);
        expect(refused.body.errors[0].path).toBe('addressId');
      }
    });

    it('what was withdrawn since it was put into the cart', async () => {
      const [buyer, clerk] = [await shop.buyer(), await staff(t)];
      const product = await shop.product();
      await shop.fill(buyer, [product, 1]);
      await clerk.api
        .patch(`/products/${product.id}`)
        .send({ status: 'withdrawn', version: product.version })
        .expect(200);
      const cart = await buyer.api.get('/cart');
      expect(cart.body).toMatchObject({
        canCheckOut: false,
        itemsTotal: { amount: '0' },
        lines: [{ availability: 'withdrawn' }],
      });
      const refused = await buyer.api.post('/orders').send({ addressId: buyer.addressId });
      expect(refused.body).toMatchObject({
        status: 409,
        code: 'variant_unavailable',
        facts: { skus: [product.variants[0]?.sku] },
      });
      expect(await shop.stock(product)).toEqual({ onHand: 100, reserved: 0 });
    });

    it('an item without a price in the currency of the cart', async () => {
      const buyer = await shop.buyer();
      await shop.product({ variants: [{ prices: [{ amount: 900n, currency: 'KWD' }] }] });
      await shop.fill(buyer, [await shop.product(), 1]);
      const cart = await buyer.api.patch('/cart').send({ currency: 'KWD' }).expect(200);
      expect(cart.body).toMatchObject({
        currency: 'KWD',
        itemsTotal: { amount: '0', currency: 'KWD' },
        lines: [{ availability: 'price_unavailable', unitPrice: null }],
      });
      const refused = await buyer.api.post('/orders').send({ addressId: buyer.addressId });
      expect([refused.status, refused.body.code]).toEqual([409, 'price_unavailable']);
    });

    it('a total that the buyer did not agree to, naming both', async () => {
      const buyer = await shop.buyer();
      const product = await shop.product();
      await shop.fill(buyer, [product, 2]);
      const expecting = (amount: string, currency = 'EUR') =>
        buyer.api.post('/orders').send({ addressId: buyer.addressId, expectedTotal: { amount, currency } });
      const refused = await expecting('1900');
      expect(refused.body).toMatchObject({
        status: 409,
        code: 'price_changed',
        facts: { expectedTotal: { amount: '1900' }, total: { amount: '2000', currency: 'EUR' } },
      });
      expect((await expecting('2000', 'USD')).body.code).toBe('price_changed');
      expect(await shop.stock(product)).toEqual({ onHand: 100, reserved: 0 });
      expect((await expecting('2000')).status).toBe(201);
    });

    it('a price that is not the one seen before two carts became one', async () => {
      const [buyer, clerk] = [await shop.buyer(), await staff(t)];
      const product = await shop.product();
      await shop.fill(buyer, [product, 2]);
      const token = String((await t.api.post('/carts').send({})).body.token);
      expect(await t.app.trade.mergeGuestCart.run(buyer.userId, token)).toBe(true);
      await clerk.api
        .put(`/variants/${variantId(product)}/prices`)
        .send({ prices: [{ amount: '99900', currency: 'EUR' }] })
        .expect(200);
      const refused = await buyer.api.post('/orders').send({ addressId: buyer.addressId });
      expect([refused.status, refused.body.code]).toEqual([409, 'price_changed']);
    });

    it('a price that is not the one seen in the cart, naming both, unless any is fine', async () => {
      const [buyer, clerk] = [await shop.buyer(), await staff(t)];
      const product = await shop.product();
      const reprice = (amount: string) =>
        clerk.api
          .put(`/variants/${variantId(product)}/prices`)
          .send({ prices: [{ amount, currency: 'EUR' }] })
          .expect(200);
      const place = (body: object = {}) =>
        buyer.api.post('/orders').send({ addressId: buyer.addressId, ...body });
      await shop.fill(buyer, [product, 2]);
      await reprice('1200');
      const eur = (amount: string) => ({ amount, currency: 'EUR' });
      expect((await buyer.api.get('/cart')).body.lines).toMatchObject([
        { seenPrice: eur('1000'), unitPrice: eur('1200') },
      ]);
      const refused = await place();
      expect(refused.body).toMatchObject({
        status: 409,
        code: 'price_changed',
        facts: {
          total: eur('2400'),
          items: [{ sku: product.variants[0]?.sku, seenPrice: eur('1000'), price: eur('1200') }],
        },
      });
      expect((await place({ expectedTotal: eur('2000') })).body.code).toBe('price_changed');
      expect(await shop.stock(product)).toEqual({ onHand: 100, reserved: 0 });
      const accepted = await place({ expectedTotal: eur('2000'), acceptPriceChange: true }).expect(201);
      expect(accepted.body.total).toEqual(eur('2400'));

      // Changing the line shows its price anew, and so does another currency.
      await shop.fill(buyer, [product, 1]);
      await reprice('1300');
      await buyer.api
        .patch(`/cart/items/${variantId(product)}`)
        .send({ quantity: 2 })
        .expect(200);
      expect((await place()).body.total).toEqual(eur('2600'));
      await shop.fill(buyer, [product, 1]);
      await reprice('1400');
      expect((await buyer.api.patch('/cart').send({ currency: 'EUR' })).body.lines).toMatchObject([
        { seenPrice: null, unitPrice: eur('1400') },
      ]);
      expect((await place({ expectedTotal: eur('1400') })).status).toBe(201);
    });

    it('more than there is, of each SKU, and reserves nothing of the others', async () => {
      const buyer = await shop.buyer();
      const [enough, short] = [await shop.product(), await shop.product({ stock: 1 })];
      await shop.fill(buyer, [enough, 1], [short, 2]);
      const [orders, lines] = [await shop.count('orders'), await shop.count('order_lines')];
      const refused = await buyer.api.post('/orders').send({ addressId: buyer.addressId });
      expect(refused.body).toMatchObject({
        code: 'insufficient_stock',
        facts: { items: [{ sku: short.variants[0]?.sku, requested: 2, available: 1 }] },
      });
      expect(await shop.stock(enough)).toEqual({ onHand: 100, reserved: 0 });
      expect([await shop.count('orders'), await shop.count('order_lines')]).toEqual([orders, lines]);
    });

    it.each([
      ['no address', {}, 'addressId'],
      ['an address that is no id', { addressId: '7' }, 'addressId'],
      ['an unknown field', { addressId: UNKNOWN, total: '1' }, 'total'],
      ['a bad e-mail address', { addressId: UNKNOWN, email: 'nobody' }, 'email'],
      ['a long note', { addressId: UNKNOWN, note: 'x'.repeat(501) }, 'note'],
      [
        'a fraction',
        { addressId: UNKNOWN, expectedTotal: { amount: '1.5', currency: 'EUR' } },
        'expectedTotal.amount',
      ],
      [
        'a number',
        { addressId: UNKNOWN, expectedTotal: { amount: 15, currency: 'EUR' } },
        'expectedTotal.amount',
      ],
    ])('%s', async (_name, body, path) => {
      const buyer = await shop.buyer();
      const refused = await buyer.api.post('/orders').send(body);
      expect(refused.status).toBe(400);
      expect(refused.body.errors).toContainEqual(expect.objectContaining({ path }));
    });

    it('an unknown currency in the expected total', async () => {
      const buyer = await shop.buyer();
      const body = { addressId: UNKNOWN, expectedTotal: { amount: '1', currency: 'XXQ' } };
      expect((await buyer.api.post('/orders').send(body)).body.code).toBe('unknown_currency');
    });
  });

  it("hides another's order from everybody but staff", async () => {
    const [buyer, other, clerk] = [await shop.buyer(), await shop.buyer(), await staff(t)];
    const order = await shop.order(buyer, await shop.product());
    for (const path of [`/orders/${order.id}`, `/orders/${order.id}/payments`]) {
      expect((await other.api.get(path)).status).toBe(404);
      expect((await clerk.api.get(path)).status).toBe(200);
    }
    for (const [path, body] of [
      ['cancel', {}],
      ['payments', { token: 'tok_success' }],
    ] as const) {
      const refused = await other.api.post(`/orders/${order.id}/${path}`).send(body);
      expect([refused.status, refused.body.code]).toEqual([404, 'not_found']);
    }
    expect((await other.api.get('/orders')).body.items).toEqual([]);
    expect((await clerk.api.get('/staff/orders')).body.items[0].id).toBe(order.id);
    expect((await buyer.api.get('/orders/nonsense')).status).toBe(404);
  });
});

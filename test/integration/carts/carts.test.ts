import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { customer, PASSWORD, staff } from '../../support/accounts.ts';
import { Gate } from '../../support/gate.ts';
import type { Api, TestApp } from '../../support/setup-app.ts';
import { setupApp } from '../../support/setup-app.ts';
import { Shop, variantId } from '../../support/shop.ts';
import { until } from '../../support/until.ts';

const UNKNOWN = '0198a7c0-0000-7000-8000-000000000000';

describe('carts', () => {
  let t: TestApp;
  let shop: Shop;
  beforeAll(async () => {
    t = await setupApp();
    shop = new Shop(t);
  });
  afterAll(() => t.close());

  interface Guest {
    readonly token: string;
    readonly call: (method: keyof Api, path: string) => ReturnType<Api['get']>;
  }
  async function guest(body: object = {}): Promise<Guest> {
    const { token } = (await t.api.post('/carts').send(body).expect(201)).body as { token: string };
    return { token, call: (method, path) => t.api[method](path).set('X-Cart-Token', token) };
  }

  it('serve guests by a token that is shown once, and stored as a hash', async () => {
    const { token, call } = await guest();
    const product = await shop.product({ name: 'Mug' });
    const added = await call('post', '/cart/items').send({ sku: product.variants[0]?.sku, quantity: 2 });
    expect(added.body).toMatchObject({
      currency: 'EUR',
      units: 2,
      itemsTotal: { amount: '2000', currency: 'EUR' },
      canCheckOut: true,
      lines: [
        { name: 'Mug', quantity: 2, available: 100, total: { amount: '2000' }, availability: 'available' },
      ],
    });
    expect((await call('get', '/cart')).body).toEqual(added.body);
    const rows = await t.app.connections.read.query<{ token_hash: string }>('SELECT token_hash FROM carts');
    expect(JSON.stringify(rows)).not.toContain(token);
  });

  it('keep no cart token among the idempotency keys', async () => {
    const { token, call } = await guest();
    const product = await shop.product();
    const add = () =>
      call('post', '/cart/items')
        .set('Idempotency-Key', 'g')
        .send({ variantId: variantId(product) });
    expect((await add()).body.units).toBe(1);
    expect((await add()).body.units).toBe(1);
    const rows = await t.app.connections.read.query<object>('SELECT * FROM idempotency_keys');
    expect(JSON.stringify(rows)).not.toContain(token);
  });

  it('add up concurrent additions of the same SKU', async () => {
    const buyer = await customer(t);
    const product = await shop.product();
    const body = { variantId: variantId(product), quantity: 2 };
    const replies = await Promise.all(
      Array.from({ length: 12 }, () => buyer.api.post('/cart/items').send(body)),
    );
    expect(replies.every((r) => r.status === 200)).toBe(true);
    expect((await buyer.api.get('/cart')).body.lines).toMatchObject([{ quantity: 24 }]);
  });

  it('change, remove and empty', async () => {
    const buyer = await customer(t);
    const [one, two] = [await shop.product(), await shop.product()];
    await shop.fill(buyer, [one, 1], [two, 1]);
    const changed = await buyer.api.patch(`/cart/items/${variantId(one)}`).send({ quantity: 7 });
    expect(changed.body.lines).toMatchObject([{ quantity: 7 }, { quantity: 1 }]);
    const removed = await buyer.api.delete(`/cart/items/${variantId(one)}`);
    expect(removed.body.lines).toMatchObject([{ variantId: variantId(two) }]);
    expect((await buyer.api.delete('/cart')).body.lines).toEqual([]);
  });

  it('show live prices in the currency of the cart', async () => {
    const [buyer, clerk] = [await customer(t), await staff(t)];
    const product = await shop.product();
    await shop.fill(buyer, [product, 3]);
    const dollars = await buyer.api.patch('/cart').send({ currency: 'USD' }).expect(200);
    expect(dollars.body.itemsTotal).toEqual({ amount: '3300', currency: 'USD' });
    await clerk.api
      .put(`/variants/${variantId(product)}/prices`)
      .send({ prices: [{ amount: '500', currency: 'USD' }] })
      .expect(200);
    expect((await buyer.api.get('/cart')).body.itemsTotal).toEqual({ amount: '1500', currency: 'USD' });
  });

  it('are opened once by the same key, whose token is answered again and stored nowhere', async () => {
    const key = 'a-key-of-32-characters-or-more-0001';
    const open = (used = key, body: object = {}) =>
      t.api.post('/carts').set('Idempotency-Key', used).send(body);
    const before = await shop.count('carts');
    const [first, ...more] = await Promise.all([open(), open(), open()]);
    expect(first.status).toBe(201);
    for (const { status, text } of more) expect([status, text]).toEqual([201, first.text]);
    expect(await shop.count('carts')).toBe(before + 1);
    const { token } = first.body as { token: string };
    await t.api.get('/cart').set('X-Cart-Token', token).expect(200);
    const stored = JSON.stringify(await t.app.connections.read.query('SELECT * FROM idempotency_keys'));
    expect([stored.includes(token), stored.includes(key)]).toEqual([false, false]);
    expect((await open(key, { currency: 'USD' })).body.code).toBe('idempotency_key_reused');
    const other = (await open(`${key}-another`).expect(201)).body as { token: string };
    expect(other.token).not.toBe(token);
    // Nobody is signed in: a key that two might choose would give one the cart of the other.
    expect((await open('cart-1')).body).toMatchObject({
      code: 'validation_failed',
      errors: [{ path: 'Idempotency-Key' }],
    });
  });

  it('say what is short', async () => {
    const buyer = await customer(t);
    const product = await shop.product({ stock: 2 });
    await shop.fill(buyer, [product, 5]);
    expect((await buyer.api.get('/cart')).body).toMatchObject({
      canCheckOut: false,
      lines: [{ availability: 'insufficient_stock', available: 2 }],
    });
  });

  it('refuse a change made on an old reading', async () => {
    const buyer = await customer(t);
    const product = await shop.product();
    await shop.fill(buyer, [product, 1]);
    const { version } = (await buyer.api.get('/cart')).body as { version: number };
    const url = `/cart/items/${variantId(product)}`;
    await buyer.api.patch(url).send({ quantity: 2, version }).expect(200);
    const refused = await buyer.api.patch(url).send({ quantity: 3, version });
    expect([refused.status, refused.body.code]).toEqual([409, 'version_conflict']);
    expect((await buyer.api.get('/cart')).body.units).toBe(2);
  });

  describe('at signing in', () => {
    it('join the cart of the guest: quantities add up, and the guest cart is gone', async () => {
      const buyer = await customer(t);
      const [both, own, guests] = [await shop.product(), await shop.product(), await shop.product()];
      await shop.fill(buyer, [both, 2], [own, 1]);
      const { token, call } = await guest();
      for (const [product, quantity] of [
        [both, 3],
        [guests, 4],
      ] as const) {
        await call('post', '/cart/items')
          .send({ variantId: variantId(product), quantity })
          .expect(200);
      }
      const signIn = () =>
        t.api.post('/auth/login').set('X-Cart-Token', token).send({ email: buyer.email, password: PASSWORD });
      await signIn().expect(200);
      const lines = (await buyer.api.get('/cart')).body.lines as { variantId: string; quantity: number }[];
      expect(new Map(lines.map((l) => [l.variantId, l.quantity]))).toEqual(
        new Map([
          [variantId(both), 5],
          [variantId(own), 1],
          [variantId(guests), 4],
        ]),
      );
      expect((await call('get', '/cart')).status).toBe(404);
      await signIn().expect(200);
      expect((await buyer.api.get('/cart')).body.units).toBe(10);
    });

    it('become the cart of a buyer who had none, in its currency', async () => {
      const product = await shop.product();
      const { token, call } = await guest({ currency: 'USD' });
      await call('post', '/cart/items')
        .send({ variantId: variantId(product), quantity: 2 })
        .expect(200);
      const buyer = await customer(t);
      const merged = await Promise.all(
        [1, 2, 3].map(() => t.app.trade.mergeGuestCart.run(buyer.userId, token)),
      );
      expect(merged.filter(Boolean)).toHaveLength(1);
      expect((await buyer.api.get('/cart')).body).toMatchObject({ currency: 'USD', units: 2 });
    });

    /** Until some transaction waits for another's rows: on SQLite it waits before its first statement. */
    const untilOneWaits = () =>
      until(async () => {
        const { kind, read } = t.app.connections;
        if (kind === 'sqlite') return true;
        const [row] = await read.query<{ Value: string }>(
          "SHOW GLOBAL STATUS LIKE 'Innodb_row_lock_current_waits'",
        );
        return Number(row?.Value) > 0;
      }, 'a transaction that waits');

    it('get nothing back that a checkout beside it has ordered', async () => {
      const buyer = await customer(t);
      const [own, guests] = [await shop.product(), await shop.product()];
      await shop.fill(buyer, [own, 1]);
      const { version } = (await buyer.api.get('/cart')).body as { version: number };
      const { token, call } = await guest();
      await call('post', '/cart/items')
        .send({ variantId: variantId(guests), quantity: 1 })
        .expect(200);
      const [taken, done] = [new Gate(), new Gate()];
      const checkout = t.app.db.transaction(async (tx) => {
        const cart = await tx.carts.find({ type: 'user', userId: buyer.userId });
        const items = [{ variantId: variantId(own), quantity: 1 }];
        expect(await tx.carts.takeOrdered(cart?.id ?? '', items, t.clock.now())).toBe(true);
        taken.open();
        await done.opened;
      });
      await taken.opened;
      const merged = t.app.trade.mergeGuestCart.run(buyer.userId, token);
      await untilOneWaits();
      done.open();
      await checkout;
      expect(await merged).toBe(true);
      expect((await buyer.api.get('/cart')).body).toMatchObject({
        version: version + 2,
        lines: [{ variantId: variantId(guests), quantity: 1 }],
      });
    });

    it('never fill a line beyond its limit', async () => {
      const buyer = await customer(t);
      const product = await shop.product();
      await shop.fill(buyer, [product, 600]);
      const { token, call } = await guest();
      await call('post', '/cart/items')
        .send({ variantId: variantId(product), quantity: 600 })
        .expect(200);
      expect(await t.app.trade.mergeGuestCart.run(buyer.userId, token)).toBe(true);
      expect((await buyer.api.get('/cart')).body.units).toBe(999);
    });
  });

  describe('refuse', () => {
    it.each([
      ['zero', { quantity: 0 }, 'quantity'],
      ['a negative quantity', { quantity: -1 }, 'quantity'],
      ['a fraction', { quantity: 1.5 }, 'quantity'],
      ['a huge quantity', { quantity: 1000 }, 'quantity'],
      ['a quantity beyond integers', { quantity: 1e21 }, 'quantity'],
      ['text for a number', { quantity: '2' }, 'quantity'],
      ['an unknown field', { price: '1' }, 'price'],
      ['no variant', { variantId: undefined }, 'variantId'],
      ['two ways to name the variant', { sku: 'A' }, 'variantId'],
      ['a variant that is no id', { variantId: 'x' }, 'variantId'],
    ])('%s', async (_name, fields, path) => {
      const buyer = await customer(t);
      const refused = await buyer.api.post('/cart/items').send({ variantId: UNKNOWN, ...fields });
      expect([refused.status, refused.body.code]).toEqual([400, 'validation_failed']);
      expect(refused.body.errors).toContainEqual(expect.objectContaining({ path }));
    });

    it('what does not exist, is a draft, was withdrawn, or has no price', async () => {
      const buyer = await customer(t);
      const add = async (id: string) => {
        const { status, body } = await buyer.api.post('/cart/items').send({ variantId: id });
        return [status, body.code as unknown];
      };
      expect(await add(UNKNOWN)).toEqual([404, 'not_found']);
      expect(await add(variantId(await shop.product({ status: 'draft' })))).toEqual([404, 'not_found']);
      const clerk = await staff(t);
      const product = await shop.product();
      await clerk.api
        .patch(`/products/${product.id}`)
        .send({ status: 'withdrawn', version: product.version })
        .expect(200);
      expect(await add(variantId(product))).toEqual([409, 'variant_unavailable']);
      const unpriced = await shop.product({ variants: [{ prices: [{ amount: 100n, currency: 'JPY' }] }] });
      expect(await add(variantId(unpriced))).toEqual([409, 'price_unavailable']);
      expect((await buyer.api.get('/cart')).body.lines).toEqual([]);
    });

    it('more than the limits, after adding up', async () => {
      const buyer = await customer(t);
      const product = await shop.product();
      await shop.fill(buyer, [product, 998]);
      const refused = await buyer.api
        .post('/cart/items')
        .send({ variantId: variantId(product), quantity: 2 });
      expect([refused.status, refused.body.errors[0].path]).toEqual([400, 'quantity']);
      expect((await buyer.api.get('/cart')).body.units).toBe(998);
    });

    it('the 101st item', async () => {
      const buyer = await customer(t);
      const many = await shop.catalog.product({ variants: Array.from({ length: 99 }, () => ({})) });
      const more = await shop.catalog.product({ variants: [{}, {}] });
      await buyer.api.get('/cart').expect(200);
      for (const variant of [...many.variants, ...more.variants.slice(0, 1)]) {
        await buyer.api.post('/cart/items').send({ variantId: variant.id }).expect(200);
      }
      const refused = await buyer.api.post('/cart/items').send({ variantId: variantId(more, 1) });
      expect([refused.status, refused.body.code]).toEqual([400, 'validation_failed']);
      expect((await buyer.api.get('/cart')).body.lines).toHaveLength(100);
    });

    it('a currency that does not exist, or that nothing is sold in', async () => {
      const buyer = await customer(t);
      for (const currency of ['XXQ', 'CHF']) {
        const refused = await buyer.api.patch('/cart').send({ currency });
        expect([refused.status, refused.body.code]).toEqual([400, 'unknown_currency']);
      }
      expect((await t.api.post('/carts').send({ currency: 'CHF' })).body.code).toBe('unknown_currency');
    });

    it('a token that is none, and one that is unknown', async () => {
      const call = (token: string) => t.api.get('/cart').set('X-Cart-Token', token);
      expect((await call('short')).status).toBe(400);
      expect((await call('A'.repeat(43))).status).toBe(404);
      expect((await t.api.post('/cart/items').send({ variantId: UNKNOWN })).status).toBe(404);
    });

    it('lines that are not in the cart', async () => {
      const buyer = await customer(t);
      const id = variantId(await shop.product());
      expect((await buyer.api.patch(`/cart/items/${id}`).send({ quantity: 1 })).status).toBe(404);
      expect((await buyer.api.delete(`/cart/items/${id}`)).status).toBe(404);
      expect((await buyer.api.delete('/cart/items/nonsense')).status).toBe(404);
    });
  });
});

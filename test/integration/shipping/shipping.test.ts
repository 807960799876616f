import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Account, staff } from '../../support/accounts.ts';
import { shippingMethod } from '../../support/offers.ts';
import { setupApp, type TestApp } from '../../support/setup-app.ts';
import { Shop, variantId } from '../../support/shop.ts';

const UNKNOWN = '0198a7c0-0000-7000-8000-000000000000';
const eur = (amount: string) => ({ amount, currency: 'EUR' });

describe('shipping', () => {
  let t: TestApp;
  let shop: Shop;
  let clerk: Account;
  beforeAll(async () => {
    t = await setupApp();
    shop = new Shop(t);
    clerk = await staff(t);
  });
  afterAll(() => t.close());

  it('costs nothing while the shop has no methods, and none can be named', async () => {
    const buyer = await shop.buyer();
    const order = await shop.order(buyer, await shop.product());
    expect(order).toMatchObject({ shippingMethod: null, totals: { shipping: eur('0'), total: eur('1000') } });
    expect((await buyer.api.get('/cart/shipping-options?country=DE')).body).toEqual({
      required: false,
      options: [],
    });
    await shop.fill(buyer, [await shop.product(), 1]);
    const body = { addressId: buyer.addressId, shippingMethodId: UNKNOWN };
    expect((await buyer.api.post('/orders').send(body)).body.code).toBe('shipping_unavailable');
  });

  describe('in a shop with methods', () => {
    let home: { id: string; zoneId: string; version: number };
    let abroad: { id: string };
    beforeAll(async () => {
      home = await shippingMethod(clerk, 'HOME', ['DE', 'AT']);
      abroad = await shippingMethod(clerk, 'ABROAD', ['*'], {
        basis: 'value',
        minDays: 5,
        maxDays: 9,
        rates: [{ currency: 'EUR', bands: [{ upTo: '5000', price: '1500' }, { price: '2500' }] }],
      });
    });

    const quote = async (buyer: Account, query: string) =>
      (await buyer.api.get(`/cart/shipping-options?${query}`).expect(200)).body as {
        required: boolean;
        options: { shippingMethodId: string; price: unknown; total: unknown; code: string }[];
      };

    it("is quoted for a country or an address by the cart's weight and value", async () => {
      const buyer = await shop.buyer();
      await shop.fill(buyer, [await shop.product(), 4]);
      const german = await quote(buyer, 'country=DE');
      expect(german).toMatchObject({
        required: true,
        options: [{ shippingMethodId: home.id, code: 'HOME', price: eur('490'), total: eur('4490') }],
      });
      expect(await quote(buyer, `addressId=${buyer.addressId}`)).toEqual(german);
      expect(await quote(buyer, 'country=JP')).toMatchObject({
        options: [{ code: 'ABROAD', minDays: 5, maxDays: 9, price: eur('1500'), total: eur('5500') }],
      });
      await shop.fill(buyer, [await shop.product(), 2]);
      expect((await quote(buyer, 'country=DE')).options[0]?.price).toEqual(eur('990'));
      expect((await quote(buyer, 'country=JP')).options[0]?.price).toEqual(eur('2500'));
      await shop.fill(buyer, [await shop.product(), 4]);
      expect((await quote(buyer, 'country=DE')).options[0]?.price).toEqual(eur('0'));
    });

    it('is quoted to guests by country, and to nobody for an address of another', async () => {
      const [buyer, other] = [await shop.buyer(), await shop.buyer()];
      const { token } = (await t.api.post('/carts').send({}).expect(201)).body as { token: string };
      const guest = (query: string) =>
        t.api.get(`/cart/shipping-options?${query}`).set('X-Cart-Token', token);
      expect((await guest('country=DE')).body.options).toHaveLength(1);
      expect((await guest(`addressId=${buyer.addressId}`)).status).toBe(404);
      for (const [query, status, code] of [
        [`addressId=${other.addressId}`, 404, 'not_found'],
        ['country=XX', 400, 'unknown_country'],
        ['', 400, 'validation_failed'],
        [`country=DE&addressId=${buyer.addressId}`, 400, 'validation_failed'],
      ] as const) {
        const refused = await buyer.api.get(`/cart/shipping-options?${query}`);
        expect([query, refused.status, refused.body.code]).toEqual([query, status, code]);
      }
    });

    it('is chosen at the checkout, counts in the total, and is frozen', async () => {
      const buyer = await shop.buyer();
      await shop.fill(buyer, [await shop.product(), 1]);
      const body = { addressId: buyer.addressId, shippingMethodId: home.id };
      const refused = await buyer.api.post('/orders').send({ ...body, expectedTotal: eur('1000') });
      expect(refused.body).toMatchObject({ code: 'price_changed', facts: { total: eur('1490') } });
      const placed = await buyer.api
        .post('/orders')
        .send({ ...body, expectedTotal: eur('1490') })
        .expect(201);
      await clerk.api
        .patch(`/shipping-methods/${home.id}`)
        .send({ name: 'Renamed', version: home.version })
        .expect(200);
      expect((await buyer.api.get(`/orders/${placed.body.id as string}`)).body).toMatchObject({
        total: eur('1490'),
        totals: { items: eur('1000'), shipping: eur('490'), discount: eur('0'), total: eur('1490') },
        shippingMethod: { methodId: home.id, code: 'HOME', name: 'Method HOME', price: eur('490') },
      });
      const paid = await buyer.api
        .post(`/orders/${placed.body.id as string}/payments`)
        .send({ token: 'tok_success' });
      expect(paid.body).toMatchObject({ amount: eur('1490'), status: 'captured' });
    });

    it('must be chosen, and only what reaches the address and takes the parcel', async () => {
      const buyer = await shop.buyer();
      const product = await shop.product();
      await shop.fill(buyer, [product, 1]);
      const place = (fields: object) =>
        buyer.api.post('/orders').send({ addressId: buyer.addressId, ...fields });
      const unnamed = await place({});
      expect([unnamed.status, unnamed.body.code]).toEqual([409, 'shipping_method_required']);
      expect(unnamed.body.facts.options).toEqual([
        { shippingMethodId: home.id, code: 'HOME', name: expect.any(String), price: eur('490') },
      ]);
      for (const shippingMethodId of [abroad.id, UNKNOWN]) {
        const refused = await place({ shippingMethodId });
        expect([refused.status, refused.body.code]).toEqual([409, 'shipping_unavailable']);
      }
      expect((await place({ shippingMethodId: '7' })).status).toBe(400);
      await buyer.api.patch('/cart').send({ currency: 'USD' }).expect(200);
      expect((await place({ shippingMethodId: home.id })).body.code).toBe('shipping_unavailable');
      await buyer.api.patch('/cart').send({ currency: 'EUR' }).expect(200);
      await buyer.api
        .patch(`/cart/items/${variantId(product)}`)
        .send({ quantity: 21 })
        .expect(200);
      expect((await place({})).body).toMatchObject({ code: 'shipping_unavailable', facts: { options: [] } });
      expect(await shop.stock(product)).toEqual({ onHand: 100, reserved: 0 });
    });
  });

  describe('is set up by staff:', () => {
    it('a country belongs to one zone, and a code to one of them', async () => {
      const zone = (fields: object) =>
        clerk.api
          .post('/shipping-zones')
          .send({ code: 'NORTH', name: 'North', countries: ['SE'], ...fields });
      const made = await zone({}).expect(201);
      for (const [fields, path] of [
        [{ code: 'OTHER' }, 'countries'],
        [{ countries: [] }, 'code'],
      ] as const) {
        const refused = await zone(fields);
        expect([refused.status, refused.body.code, refused.body.errors[0].path]).toEqual([
          409,
          'already_exists',
          path,
        ]);
      }
      expect((await zone({ code: 'X', countries: ['XX'] })).body.code).toBe('unknown_country');
      const id = made.body.id as string;
      const change = (body: object) => clerk.api.patch(`/shipping-zones/${id}`).send(body);
      const changed = await change({ countries: ['SE', 'NO'], version: 1 }).expect(200);
      expect(changed.body).toMatchObject({ countries: ['NO', 'SE'], code: 'NORTH', version: 2 });
      expect((await change({ name: 'Old', version: 1 })).body.code).toBe('version_conflict');
      expect((await clerk.api.get('/shipping-zones')).body.items).toContainEqual(changed.body);
      await clerk.api.delete(`/shipping-zones/${id}`).expect(204);
      expect((await clerk.api.delete(`/shipping-zones/${id}`)).status).toBe(404);
    });

    it('methods come and go with their rates', async () => {
      const method = await shippingMethod(clerk, 'FJORD', ['NO']);
      expect((await clerk.api.delete(`/shipping-zones/${method.zoneId}`)).body.code).toBe('conflict');
      const change = (body: object) => clerk.api.patch(`/shipping-methods/${method.id}`).send(body);
      const rates = [{ currency: 'JPY', freeOver: null, bands: [{ upTo: null, price: '900' }] }];
      const changed = await change({ rates, active: false, version: 1 }).expect(200);
      expect(changed.body).toMatchObject({ rates, active: false, code: 'FJORD', version: 2 });
      expect((await clerk.api.get('/shipping-methods')).body.items).toContainEqual(changed.body);
      expect((await change({ code: 'HOME', version: 2 })).body.code).toBe('already_exists');
      expect((await change({ zoneId: UNKNOWN, version: 2 })).status).toBe(404);
      expect((await change({ minDays: 3, maxDays: 2, version: 2 })).body.errors[0].path).toBe('maxDays');
      expect((await change({ rates: [...rates, ...rates], version: 2 })).body.errors[0].path).toBe(
        'rates.1.currency',
      );
      await clerk.api.delete(`/shipping-methods/${method.id}`).expect(204);
      await clerk.api.delete(`/shipping-zones/${method.zoneId}`).expect(204);
    });
  });
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Product } from '../../../src/domain/catalog/product.ts';
import type { Warehouse } from '../../../src/domain/inventory/stock.ts';
import { type Account, staff } from '../../support/accounts.ts';
import { tariff } from '../../support/consignment.ts';
import { brokenPromises } from '../../support/invariants.ts';
import { setupApp, type TestApp } from '../../support/setup-app.ts';
import { type Buyer, type OrderBody, Shop, variantId } from '../../support/shop.ts';

const eur = (amount: string) => ({ amount, currency: 'EUR' });
const EARBUDS = '851830';
const TSHIRT = '610910';

interface Placed extends OrderBody {
  incoterm: string;
  totals: Record<string, { amount: string }>;
  landedCost: { status: string; rules: { id: string }[] } | null;
}

let t: TestApp;
let shop: Shop;
let clerk: Account;
let shenzhen: Warehouse;
beforeAll(async () => {
  t = await setupApp({ now: '2026-11-01T12:00:00Z' });
  shop = new Shop(t);
  clerk = await staff(t);
  shenzhen = await shop.catalog.warehouse('SZX', 'CN');
});
afterAll(async () => {
  expect(await brokenPromises(t)).toEqual([]);
  await t.close();
});

/** In stock in China only. */
async function fromChina(hsCode = EARBUDS, more: { originCountry?: string } = {}): Promise<Product> {
  const product = await shop.catalog.product({ hsCode, ...more });
  for (const variant of product.variants) await shop.catalog.stock(variant.id, 50, shenzhen);
  return product;
}

const quote = async (buyer: Account, query: string) =>
  (await buyer.api.get(`/cart/landed-cost?${query}`).expect(200)).body as Record<string, unknown>;
const place = (buyer: Buyer, body: object = {}) =>
  buyer.api.post('/orders').send({ addressId: buyer.addressId, ...body });
const placed = async (buyer: Buyer, body: object = {}) =>
  (await place(buyer, body).expect(201)).body as Placed;
const detail = async (buyer: Account, id: string) => (await shop.detail(buyer, id)) as Placed;

async function addressIn(buyer: Account, country: string, fields: object): Promise<string> {
  const reply = await buyer.api
    .post('/addresses')
    .send({ recipient: 'Ana Lima', line1: '1 High Street', country, phone: '+493012345678', ...fields })
    .expect(201);
  return (reply.body as { id: string }).id;
}

describe('the landed cost of a cart', () => {
  it('is quoted with its rules, and is what the checkout freezes', async () => {
    const buyer = await shop.buyer();
    await shop.fill(buyer, [await fromChina(), 5]);
    const seen = await quote(buyer, 'country=DE');
    // EUR 50 and a duty of 3: 19 % of 53.
    expect(seen).toMatchObject({
      status: 'complete',
      country: 'DE',
      reasons: [],
      confidence: 'reported',
      duty: eur('300'),
      tax: eur('1007'),
      fees: eur('0'),
      rules: [
        { id: 'eu-duty-flat-3', validFrom: '2026-07-01', validTo: '2028-06-30' },
        { id: 'eu-vat-ioss', confidence: 'confirmed' },
      ],
      lines: [{ customsValue: eur('5000'), duty: eur('300'), tax: eur('1007') }],
      total: eur('5000'),
      ddpTotal: eur('6307'),
      exchangeRate: { from: 'EUR', to: 'EUR', kind: 'same', rate: '1' },
    });
    expect(await quote(buyer, `addressId=${buyer.addressId}`)).toEqual(seen);

    const order = await placed(buyer);
    expect(order).toMatchObject({
      incoterm: 'DAP',
      total: eur('5000'),
      totals: { tax: eur('0'), duty: eur('0') },
      landedCost: { status: 'complete', duty: eur('300'), tax: eur('1007'), rules: seen.rules },
      lines: [{ tax: eur('0'), import: { customsValue: eur('5000'), duty: eur('300'), tax: eur('1007') } }],
    });
    expect(await detail(buyer, order.id)).toEqual(order);
    expect((await clerk.api.get(`/orders/${order.id}`)).body.landedCost).toEqual(order.landedCost);
  });

  it('counts each warehouse as a consignment of its own', async () => {
    const buyer = await shop.buyer();
    const [here, there] = [await shop.product({ hsCode: TSHIRT }), await fromChina(TSHIRT)];
    await shop.fill(buyer, [here, 1], [there, 1]);
    // From Germany no duty and 1.90; from China 3.00, and 19 % of 13.
    expect(await quote(buyer, 'country=DE')).toMatchObject({ duty: eur('300'), tax: eur('437') });
  });

  it('says what is not known, and why', async () => {
    const buyer = await shop.buyer();
    await shop.fill(buyer, [await fromChina(), 16]);
    const missing = await quote(buyer, 'country=DE');
    expect(missing).toMatchObject({
      status: 'incomplete',
      duty: null,
      tax: null,
      fees: eur('0'),
      ddpTotal: null,
    });
    expect(missing.reasons).toMatchObject([
      { code: 'tariff_missing', message: 'no tariff of DE for the HS code 851830 from CN' },
    ]);
    expect(await quote(buyer, 'country=GB')).toMatchObject({
      status: 'incomplete',
      duty: null,
      reasons: [{ code: 'exchange_rate_missing', message: 'no exchange rate from EUR to GBP' }],
    });
    expect(await quote(buyer, 'country=NO')).toMatchObject({ status: 'unsupported', tax: null, rules: [] });
  });

  it('knows the importer of countries that want to know him', async () => {
    const buyer = await shop.buyer();
    await clerk.api.put('/exchange-rates/EUR/CNY').send({ rate: '8', source: 'test' }).expect(200);
    await shop.fill(buyer, [await shop.product(), 2]);
    const addressId = await addressIn(buyer, 'CN', {
      line1: '示例路88号',
      city: '上海市',
      region: '上海市',
      postalCode: '200120',
      phone: '+862112345678',
    });
    expect(await quote(buyer, `addressId=${addressId}`)).toMatchObject({
      status: 'incomplete',
      reasons: [{ code: 'identity_required' }],
      tax: eur('182'),
    });
    await buyer.api
      .post('/identities')
      .send({ country: 'CN', fullName: 'Ana Lima', number: '11010519491231002X' })
      .expect(201);
    expect(await quote(buyer, `addressId=${addressId}`)).toMatchObject({
      status: 'complete',
      tax: eur('182'),
    });
  });

  it('takes the tariff of the longest prefix, then of the origin, in force at the time', async () => {
    const buyer = await shop.buyer();
    const day = new Date('2026-11-01T12:00:00Z');
    await t.app.db.transaction((tx) =>
      tx.tariffs.put([
        { ...tariff('AU', '61', 9n), id: 'au-61' },
        { ...tariff('AU', '6109', 5n), id: 'au-6109' },
        { ...tariff('AU', '6109', 2n, { origin: 'VN' }), id: 'au-6109-vn' },
        { ...tariff('AU', '610910', 1n, { programme: 'RCEP' }), id: 'au-preference' },
        { ...tariff('AU', '610910', 1n, { validTo: day }), id: 'au-over' },
      ]),
    );
    await clerk.api.put('/exchange-rates/EUR/AUD').send({ rate: '2', source: 'test' }).expect(200);
    await shop.fill(
      buyer,
      [await fromChina(TSHIRT), 49],
      [await fromChina(TSHIRT, { originCountry: 'VN' }), 49],
    );
    expect(await quote(buyer, 'country=AU')).toMatchObject({
      status: 'complete',
      lines: [{ duty: eur('2450') }, { duty: eur('980') }],
      rules: [
        { id: 'au-duty-tariff' },
        { id: 'tariff:AU:6109:*' },
        { id: 'tariff:AU:6109:VN' },
        { id: 'au-gst-import' },
      ],
      exchangeRates: [{ from: 'EUR', to: 'AUD', rate: '2', kind: 'direct' }],
    });
  });

  it('names the shipping it counts with', async () => {
    const buyer = await shop.buyer();
    expect((await buyer.api.get('/cart/landed-cost?country=DE')).body.code).toBe('cart_empty');
    await shop.fill(buyer, [await fromChina(), 1]);
    expect(await quote(buyer, 'country=DE')).toMatchObject({ shippingMethodId: null, shipping: eur('0') });
  });

  it.each([
    ['', 400],
    ['country=DE&addressId=0198a7c0-0000-7000-8000-000000000000', 400],
    ['country=XX', 400],
    ['addressId=0198a7c0-0000-7000-8000-000000000000', 404],
  ])('refuses ?%s', async (query, status) => {
    const buyer = await shop.buyer();
    expect((await buyer.api.get(`/cart/landed-cost?${query}`)).status).toBe(status);
  });
});

describe('an order that is DDP', () => {
  it('charges duty and tax, and says so to everybody', async () => {
    const buyer = await shop.buyer();
    await shop.fill(buyer, [await fromChina(), 5]);
    const refused = await place(buyer, { incoterm: 'DDP', expectedTotal: eur('5000') });
    expect(refused.body).toMatchObject({ code: 'price_changed', facts: { total: eur('6307') } });
    const order = await placed(buyer, { incoterm: 'DDP', expectedTotal: eur('6307') });
    expect(order).toMatchObject({
      incoterm: 'DDP',
      total: eur('6307'),
      totals: { items: eur('5000'), tax: eur('1007'), duty: eur('300') },
      lines: [{ tax: eur('1007'), duty: eur('300') }],
    });
    const paid = await buyer.api
      .post(`/orders/${order.id}/payments`)
      .send({ token: 'tok_success' })
      .expect(201);
    expect(paid.body.amount).toEqual(eur('6307'));
    const [row] = await t.app.connections.read.query<{ payload: string | object }>(
      "SELECT payload FROM outbox WHERE aggregate_id = ? AND type = 'order.created.v1'",
      [order.id],
    );
    const text = typeof row?.payload === 'string' ? row.payload : JSON.stringify(row?.payload);
    expect(text).toContain('"incoterm":"DDP"');
  });

  it('is refused where the quote is not complete, and nothing is changed', async () => {
    const buyer = await shop.buyer();
    const product = await fromChina();
    await shop.fill(buyer, [product, 16]);
    const refused = await place(buyer, { incoterm: 'DDP' });
    expect(refused.body).toMatchObject({
      status: 409,
      code: 'landed_cost_incomplete',
      facts: { status: 'incomplete', reasons: [{ code: 'tariff_missing' }] },
    });
    expect(refused.body.detail).toContain('DAP');
    expect(await shop.stock(product)).toEqual({ onHand: 50, reserved: 0 });
    expect((await placed(buyer)).landedCost?.status).toBe('incomplete');
  });

  it('gives back the exact share of duty and tax of units that are cancelled, and of those that come back', async () => {
    const buyer = await shop.buyer();
    await shop.fill(buyer, [await fromChina(), 3]);
    // EUR 30 and a duty of 3: 19 % of 33 is 6.27, and 39.27 in all.
    const order = await placed(buyer, { incoterm: 'DDP' });
    await buyer.api.post(`/orders/${order.id}/payments`).send({ token: 'tok_success' }).expect(201);
    const lineId = order.lines[0]?.id ?? '';
    const cancelled = await buyer.api
      .post(`/orders/${order.id}/cancel`)
      .send({ lines: [{ lineId, quantity: 1 }] })
      .expect(200);
    expect(cancelled.body).toMatchObject({
      cancellations: [{ amount: eur('1309') }],
      totals: { tax: eur('627') },
    });
    await clerk.api
      .post(`/orders/${order.id}/ship`)
      .send({ carrier: 'DHL', trackingNumber: 'T1' })
      .expect(200);
    await clerk.api.post(`/orders/${order.id}/deliver`).expect(200);
    const asked = await buyer.api
      .post(`/orders/${order.id}/returns`)
      .send({ lines: [{ lineId, quantity: 2, reason: 'too loud' }] })
      .expect(201);
    const { id } = asked.body as { id: string };
    await clerk.api.post(`/returns/${id}/approve`).expect(200);
    await clerk.api
      .post(`/returns/${id}/receive`)
      .send({ lines: [{ lineId, restock: 2, writeOff: 0 }] })
      .expect(200);
    await clerk.api.post(`/returns/${id}/refund`).expect(200);
    const { refunds, paymentStatus } = (await detail(buyer, order.id)) as Placed & {
      refunds: { amount: { amount: string } }[];
    };
    expect(refunds.map(({ amount }) => amount.amount)).toEqual(['1309', '2618']);
    expect(paymentStatus).toBe('refunded');
  });

  it('is possible for a guest', async () => {
    const { token } = (await t.api.post('/carts').send({}).expect(201)).body as { token: string };
    const product = await fromChina();
    await t.api
      .post('/cart/items')
      .set('X-Cart-Token', token)
      .send({ variantId: variantId(product), quantity: 1 })
      .expect(200);
    const asked = await t.api.get('/cart/landed-cost?country=DE').set('X-Cart-Token', token).expect(200);
    expect(asked.body.ddpTotal).toEqual(eur('1547'));
    const address = {
      recipient: 'Ana Lima',
      line1: 'Unter den Linden 1',
      city: 'Berlin',
      postalCode: '10117',
      country: 'DE',
      phone: '+493012345678',
    };
    const reply = await t.api
      .post('/guest-orders')
      .set('X-Cart-Token', token)
      .send({ email: 'guest@example.com', address, incoterm: 'DDP' })
      .expect(201);
    expect(reply.body.order).toMatchObject({ incoterm: 'DDP', total: eur('1547') });
  });
});

describe('what an order freezes', () => {
  it('stays, whatever becomes of rates; without a rate it says so', async () => {
    const buyer = await shop.buyer();
    await buyer.api.patch('/cart').send({ currency: 'USD' }).expect(200);
    const product = await shop.product();
    await shop.fill(buyer, [product, 1]);
    const without = await placed(buyer);
    expect(without).toMatchObject({
      exchangeRate: null,
      exchangeRateMissing: 'no exchange rate from USD to EUR',
    });
    const rate = (text: string) =>
      clerk.api.put('/exchange-rates/EUR/USD').send({ rate: text, source: 'test' }).expect(200);
    await rate('1.25');
    await shop.fill(buyer, [product, 1]);
    const order = await placed(buyer);
    expect(order).toMatchObject({
      exchangeRateMissing: null,
      exchangeRate: {
        from: 'USD',
        to: 'EUR',
        rate: '0.8',
        kind: 'inverse',
        stale: false,
        quotations: [{ base: 'EUR', quote: 'USD', rate: '1.25', source: 'test' }],
      },
    });
    await rate('2');
    expect(await detail(buyer, order.id)).toEqual(order);
  });

  it('costs three statements at most', async () => {
    const buyer = await shop.buyer();
    await buyer.api.patch('/cart').send({ currency: 'USD' }).expect(200);
    await shop.fill(
      buyer,
      ...(await Promise.all([1, 2, 3].map(async () => [await fromChina(), 1] as const))),
    );
    const sent = await t.statements(() => place(buyer).set('Idempotency-Key', 'import').expect(201));
    expect(sent.filter((text) => /tariff_rates|exchange_rates|order_landed_costs/.test(text))).toHaveLength(
      3,
    );
    expect(sent.length).toBeLessThanOrEqual(20);
  });

  it('is nothing in orders of before there were quotes', async () => {
    const buyer = await shop.buyer();
    await shop.fill(buyer, [await shop.product(), 1]);
    const order = await placed(buyer);
    await t.app.connections.write(async (sql) => {
      await sql.run('DELETE FROM order_landed_costs WHERE order_id = ?', [order.id]);
      await sql.run('UPDATE orders SET exchange_rate = NULL WHERE id = ?', [order.id]);
      await sql.run(
        'UPDATE order_lines SET customs_value = NULL, quoted_duty = NULL, quoted_tax = NULL, quoted_fees = NULL WHERE order_id = ?',
        [order.id],
      );
    });
    expect(await detail(buyer, order.id)).toMatchObject({
      landedCost: null,
      exchangeRate: null,
      exchangeRateMissing: 'the order is from before there were exchange rates',
      lines: [{ import: null }],
    });
  });
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { staff } from '../../support/accounts.ts';
import { brokenPromises } from '../../support/invariants.ts';
import { setupApp, type TestApp } from '../../support/setup-app.ts';
import { Shop, variantId } from '../../support/shop.ts';

describe('a whole purchase', () => {
  let t: TestApp;
  let shop: Shop;
  beforeAll(async () => {
    t = await setupApp();
    shop = new Shop(t);
  });
  afterAll(() => t.close());

  it('goes from the cart to the delivery, with history, stock and events', async () => {
    const [buyer, clerk] = [await shop.buyer(), await staff(t)];
    const lamp = await shop.product({ name: 'Lamp', stock: 10 });
    const order = await shop.order(buyer, lamp, 3);
    expect(order).toMatchObject({
      status: 'pending_payment',
      paymentStatus: 'unpaid',
      fulfilmentStatus: 'unfulfilled',
      total: { amount: '3000', currency: 'EUR' },
      lines: [
        { name: 'Lamp', quantity: 3, unitPrice: { amount: '1000', currency: 'EUR' }, hsCode: '851830' },
      ],
      shippingAddress: { recipient: 'Ana Lima', city: 'Berlin', country: 'DE' },
      email: buyer.email,
    });
    expect(order.number).toMatch(/^CB-[2-9A-Z]{4}-[2-9A-Z]{4}$/);
    expect(await shop.stock(lamp)).toEqual({ onHand: 10, reserved: 3 });
    expect((await buyer.api.get('/cart')).body.lines).toEqual([]);

    const paid = await buyer.api.post(`/orders/${order.id}/payments`).send({ token: 'tok_success' });
    expect(paid.status).toBe(201);
    expect(paid.body).toMatchObject({ status: 'captured', amount: { amount: '3000', currency: 'EUR' } });

    await clerk.api.post(`/orders/${order.id}/confirm`).expect(200);
    const shipped = await clerk.api
      .post(`/orders/${order.id}/ship`)
      .send({ carrier: 'DHL', trackingNumber: 'JD0001', trackingUrl: 'https://example.com/JD0001' });
    expect(shipped.status).toBe(200);
    expect(shipped.body).toMatchObject({ fulfilmentStatus: 'shipped', status: 'paid' });
    expect(await shop.stock(lamp)).toEqual({ onHand: 7, reserved: 0 });

    await clerk.api.post(`/orders/${order.id}/deliver`).expect(200);
    const detail = await shop.detail(buyer, order.id);
    expect(detail).toMatchObject({
      status: 'completed',
      paymentStatus: 'paid',
      fulfilmentStatus: 'delivered',
      payments: [{ status: 'captured' }],
      shipments: [
        { status: 'delivered', carrier: 'DHL', trackingNumber: 'JD0001', lines: [{ quantity: 3 }] },
      ],
    });
    expect(detail.history.map(({ to, actor }) => [to, actor])).toEqual([
      ['pending_payment', 'customer'],
      ['authorized', 'system'],
      ['paid', 'system'],
      ['completed', 'staff'],
    ]);
    expect(await shop.events(order.id)).toEqual([
      'order.created.v1',
      'payment.captured.v1',
      'order.authorized.v1',
      'order.paid.v1',
      'order.confirmed.v1',
      'order.shipped.v1',
      'order.delivered.v1',
      'order.completed.v1',
    ]);
  });

  it('tells its history in the order of its steps, whatever the clocks of hosts say', async () => {
    const buyer = await shop.buyer();
    const order = await shop.order(buyer, await shop.product());
    // Placed by a host whose clock is far ahead.
    const ahead = 'ffffffff-0000-7000-8000-000000000000';
    await t.app.connections.write((sql) =>
      sql.run('UPDATE order_history SET id = ? WHERE order_id = ?', [ahead, order.id]),
    );
    await buyer.api.post(`/orders/${order.id}/payments`).send({ token: 'tok_success' }).expect(201);
    const { history } = await shop.detail(buyer, order.id);
    expect(history.map(({ to }) => to)).toEqual(['pending_payment', 'authorized', 'paid']);
    expect(await brokenPromises(t)).toEqual([]);
    const steps = await t.app.connections.read.query<{ type: string }>(
      `SELECT e.type FROM order_history h JOIN outbox e ON e.aggregate_id = h.order_id AND e.sequence = h.position
       WHERE h.order_id = ? ORDER BY h.position`,
      [order.id],
    );
    expect(steps.map(({ type }) => type)).toEqual([
      'order.created.v1',
      'order.authorized.v1',
      'order.paid.v1',
    ]);
  });

  it('freezes names and prices: what the catalogue does later does not reach the order', async () => {
    const [buyer, clerk] = [await shop.buyer(), await staff(t)];
    const product = await shop.product({ name: 'Before' });
    const order = await shop.order(buyer, product);
    const url = `/variants/${variantId(product)}/prices`;
    await clerk.api
      .put(url)
      .send({ prices: [{ amount: '9999', currency: 'EUR' }] })
      .expect(200);
    await clerk.api
      .patch(`/products/${product.id}`)
      .send({ translations: { en: { name: 'After', description: '' } }, version: 2 })
      .expect(200);
    expect(await shop.detail(buyer, order.id)).toMatchObject({
      total: { amount: '1000', currency: 'EUR' },
      lines: [{ name: 'Before' }],
    });
  });

  it('names lines in the language of the buyer', async () => {
    const buyer = await shop.buyer();
    const texts = { en: { name: 'Kettle', description: '' }, de: { name: 'Wasserkocher', description: '' } };
    const kettle = await shop.product({ texts });
    await shop.fill(buyer, [kettle, 1]);
    const cart = await buyer.api.get('/cart').set('Accept-Language', 'de-AT');
    expect(cart.body.lines[0].name).toBe('Wasserkocher');
    const reply = await buyer.api
      .post('/orders')
      .set('Accept-Language', 'de')
      .send({ addressId: buyer.addressId, note: 'ring twice', email: 'other@example.com' });
    expect(reply.body).toMatchObject({
      lines: [{ name: 'Wasserkocher' }],
      locale: 'de',
      note: 'ring twice',
      email: 'other@example.com',
    });
  });

  it('lists the orders of a buyer, newest first, page by page', async () => {
    const buyer = await shop.buyer();
    const product = await shop.product();
    const numbers: string[] = [];
    for (let i = 0; i < 3; i++) numbers.unshift((await shop.order(buyer, product)).number);
    const first = (await buyer.api.get('/orders?limit=2').expect(200)).body;
    const second = (await buyer.api.get(`/orders?limit=2&cursor=${first.nextCursor}`).expect(200)).body;
    expect([...first.items, ...second.items].map((o: { number: string }) => o.number)).toEqual(numbers);
    expect(second.nextCursor).toBeUndefined();
    expect(first.items[0]).toMatchObject({
      units: 1,
      paymentStatus: 'unpaid',
      fulfilmentStatus: 'unfulfilled',
    });
    expect((await buyer.api.get('/orders?status=paid')).body.items).toEqual([]);
  });

  it('ships line by line, and completes with the last arrival', async () => {
    const [buyer, clerk] = [await shop.buyer(), await staff(t)];
    const [one, two] = [await shop.product(), await shop.product()];
    await shop.fill(buyer, [one, 1], [two, 2]);
    const order = (await buyer.api.post('/orders').send({ addressId: buyer.addressId }).expect(201)).body;
    await buyer.api.post(`/orders/${order.id}/payments`).send({ token: 'tok_success' }).expect(201);
    const parcel = { carrier: 'UPS', trackingNumber: '1Z' };
    const url = `/orders/${order.id}`;
    const partly = await clerk.api
      .post(`${url}/ship`)
      .send({ ...parcel, lines: [{ lineId: order.lines[0].id }] });
    expect(partly.body.fulfilmentStatus).toBe('partially_shipped');
    const again = await clerk.api
      .post(`${url}/ship`)
      .send({ ...parcel, lines: [{ lineId: order.lines[0].id }] });
    expect(again.body.code).toBe('transition_not_allowed');
    const delivered = await clerk.api
      .post(`${url}/deliver`)
      .send({ shipmentId: partly.body.shipments[0].id });
    expect(delivered.body).toMatchObject({ fulfilmentStatus: 'partially_delivered', status: 'paid' });
    await clerk.api.post(`${url}/ship`).send(parcel).expect(200);
    const done = await clerk.api.post(`${url}/deliver`);
    expect(done.body).toMatchObject({ fulfilmentStatus: 'delivered', status: 'completed' });
    expect((await clerk.api.post(`${url}/deliver`)).body.code).toBe('transition_not_allowed');
  });
});

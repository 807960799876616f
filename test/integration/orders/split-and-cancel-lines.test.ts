import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Product } from '../../../src/domain/catalog/product.ts';
import { type Account, staff } from '../../support/accounts.ts';
import { brokenPromises } from '../../support/invariants.ts';
import { setupApp, type TestApp } from '../../support/setup-app.ts';
import { type Buyer, type OrderBody, Shop } from '../../support/shop.ts';

describe('an order in portions', () => {
  let t: TestApp;
  let shop: Shop;
  let buyer: Buyer;
  let clerk: Account;
  beforeAll(async () => {
    t = await setupApp();
    shop = new Shop(t);
    buyer = await shop.buyer();
    clerk = await staff(t);
  });
  afterAll(async () => {
    expect(await brokenPromises(t)).toEqual([]);
    await t.close();
  });

  const parcel = { carrier: 'DHL', trackingNumber: 'JD1' };
  const paid = async (quantity: number): Promise<{ order: OrderBody; product: Product; lineId: string }> => {
    const product = await shop.product({ stock: 10 });
    const order = await shop.paidOrder(buyer, product, quantity);
    return { order, product, lineId: order.lines[0]?.id ?? '' };
  };
  const ship = (order: OrderBody, lines?: object[]) =>
    clerk.api.post(`/orders/${order.id}/ship`).send({ ...parcel, ...(lines && { lines }) });
  const cancel = (order: OrderBody, lines: object[], who: Account = buyer) =>
    who.api.post(`/orders/${order.id}/cancel`).send({ lines, reason: 'too many' });
  const reservations = (order: OrderBody) =>
    t.app.connections.read
      .query<{ status: string; n: unknown }>(
        'SELECT status, SUM(quantity) AS n FROM reservations WHERE order_id = ? GROUP BY status ORDER BY status',
        [order.id],
      )
      .then((rows) => rows.map((row) => `${row.status} ${Number(row.n)}`));

  it('ships by units, each shipment taking its own out of the warehouse', async () => {
    const { order, product, lineId } = await paid(5);
    const first = await ship(order, [{ lineId, quantity: 2 }]).expect(200);
    expect(first.body).toMatchObject({
      fulfilmentStatus: 'partially_shipped',
      shipments: [{ lines: [{ quantity: 2 }] }],
    });
    expect(await shop.stock(product)).toEqual({ onHand: 8, reserved: 3 });
    expect(await reservations(order)).toEqual(['committed 2', 'open 3']);
    const tooMany = await ship(order, [{ lineId, quantity: 4 }]);
    expect(tooMany.body).toMatchObject({
      code: 'transition_not_allowed',
      facts: { lines: [{ lineId, left: 3 }] },
    });
    expect((await ship(order, [{ lineId }, { lineId }])).body.code).toBe('validation_failed');
    const rest = await ship(order).expect(200);
    expect(rest.body).toMatchObject({ fulfilmentStatus: 'shipped' });
    expect(await shop.stock(product)).toEqual({ onHand: 5, reserved: 0 });
    expect(await reservations(order)).toEqual(['committed 5']);
    const done = await clerk.api.post(`/orders/${order.id}/deliver`).expect(200);
    expect(done.body).toMatchObject({ status: 'completed', fulfilmentStatus: 'delivered' });
    expect((await shop.events(order.id)).filter((type) => type === 'order.shipped.v1')).toHaveLength(2);
  });

  it('ships every unit once, however many shipments are recorded at the same time', async () => {
    const { order, product, lineId } = await paid(4);
    const replies = await Promise.all(
      Array.from({ length: 8 }, () => ship(order, [{ lineId, quantity: 1 }])),
    );
    expect(replies.filter((r) => r.status === 200)).toHaveLength(4);
    expect(replies.filter((r) => r.body.code === 'transition_not_allowed')).toHaveLength(4);
    expect(await shop.stock(product)).toEqual({ onHand: 6, reserved: 0 });
  });

  it('gives the stock of cancelled units back at once, and what they cost', async () => {
    const { order, product, lineId } = await paid(3);
    const reply = await cancel(order, [{ lineId, quantity: 1 }]).expect(200);
    expect(reply.body).toMatchObject({
      status: 'paid',
      fulfilmentStatus: 'unfulfilled',
      cancellations: [
        { amount: { amount: '1000', currency: 'EUR' }, reason: 'too many', lines: [{ lineId, quantity: 1 }] },
      ],
    });
    expect(await shop.stock(product)).toEqual({ onHand: 10, reserved: 2 });
    expect(await reservations(order)).toEqual(['open 2', 'released 1']);
    expect(reply.body.cancellations[0].actor).toBe('customer');
    expect((await buyer.api.get(`/orders/${order.id}`)).body).toMatchObject({
      paymentStatus: 'partially_refunded',
      refunds: [{ amount: { amount: '1000' }, status: 'succeeded', reason: 'lines_cancelled' }],
    });
    await ship(order).expect(200);
    const done = await clerk.api.post(`/orders/${order.id}/deliver`).expect(200);
    expect(done.body).toMatchObject({ status: 'completed', fulfilmentStatus: 'delivered' });
    expect(await shop.stock(product)).toEqual({ onHand: 8, reserved: 0 });
  });

  it('gives the rest back, when the rest is cancelled as a whole', async () => {
    const { order, product, lineId } = await paid(3);
    await cancel(order, [{ lineId, quantity: 1 }]).expect(200);
    await buyer.api.post(`/orders/${order.id}/cancel`).send({}).expect(200);
    const after = await buyer.api.get(`/orders/${order.id}`).expect(200);
    expect(after.body).toMatchObject({
      status: 'cancelled',
      paymentStatus: 'refunded',
      refunds: [{ amount: { amount: '1000' } }, { amount: { amount: '2000' } }],
    });
    expect(await shop.stock(product)).toEqual({ onHand: 10, reserved: 0 });
  });

  it('gives back once by the same key, however often it is sent', async () => {
    const { order, product, lineId } = await paid(3);
    const send = () => cancel(order, [{ lineId, quantity: 1 }]).set('Idempotency-Key', 'one-less');
    const replies = await Promise.all(Array.from({ length: 5 }, send));
    expect(replies.map((r) => r.status)).toEqual([200, 200, 200, 200, 200]);
    expect(await shop.stock(product)).toEqual({ onHand: 10, reserved: 2 });
    expect((await buyer.api.get(`/orders/${order.id}`)).body.refunds).toHaveLength(1);
  });

  it('is completed when what did not arrive is cancelled, by the buyer too', async () => {
    const { order, lineId } = await paid(2);
    await ship(order, [{ lineId, quantity: 1 }]).expect(200);
    await clerk.api.post(`/orders/${order.id}/deliver`).expect(200);
    const done = await cancel(order, [{ lineId }]).expect(200);
    expect(done.body).toMatchObject({ status: 'completed', fulfilmentStatus: 'delivered' });
    expect((done.body as OrderBody).history.at(-1)).toMatchObject({ to: 'completed', actor: 'system' });
    expect((await shop.events(order.id)).slice(-2)).not.toContain('order.cancelled.v1');
  });

  it('cancels units once, however often it is asked at the same time', async () => {
    const { order, product, lineId } = await paid(5);
    const replies = await Promise.all(
      Array.from({ length: 6 }, () => cancel(order, [{ lineId, quantity: 2 }])),
    );
    expect(replies.filter((r) => r.status === 200)).toHaveLength(2);
    expect(await shop.stock(product)).toEqual({ onHand: 10, reserved: 1 });
  });

  it('cancels nothing that left, of no unpaid order, of no other, and not the whole', async () => {
    const { order, product, lineId } = await paid(2);
    expect((await cancel(order, [{ lineId, quantity: 2 }])).body.code).toBe('transition_not_allowed');
    await ship(order, [{ lineId, quantity: 1 }]).expect(200);
    expect((await cancel(order, [{ lineId, quantity: 2 }])).body.code).toBe('transition_not_allowed');
    expect((await cancel(order, [{ lineId, quantity: 1 }], await shop.buyer())).status).toBe(404);
    expect((await cancel(order, [{ lineId: order.id, quantity: 1 }])).status).toBe(404);
    for (const quantity of [0, -1, 1.5, 2_000_000])
      expect((await cancel(order, [{ lineId, quantity }])).status).toBe(400);
    const unpaid = await shop.order(buyer, product, 2);
    const refused = await cancel(unpaid, [{ lineId: unpaid.lines[0]?.id, quantity: 1 }]);
    expect(refused.body.code).toBe('transition_not_allowed');
    expect(await shop.stock(product)).toEqual({ onHand: 9, reserved: 3 });
  });

  it('shows the same status in the list as in the order', async () => {
    const { order, lineId } = await paid(2);
    await cancel(order, [{ lineId, quantity: 1 }]).expect(200);
    await ship(order).expect(200);
    const listed = (await buyer.api.get('/orders').expect(200)).body.items[0];
    expect([listed.id, listed.fulfilmentStatus]).toEqual([order.id, 'shipped']);
  });
});

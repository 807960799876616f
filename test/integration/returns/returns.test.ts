import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Product } from '../../../src/domain/catalog/product.ts';
import { type Account, staff } from '../../support/accounts.ts';
import { brokenPromises } from '../../support/invariants.ts';
import { setupApp, type TestApp } from '../../support/setup-app.ts';
import { type Buyer, type OrderBody, Shop, variantId } from '../../support/shop.ts';

interface ReturnBody {
  history: { to: string; actor: string; reason: string | null }[];
}

interface Delivered {
  readonly order: OrderBody;
  readonly product: Product;
  readonly lineId: string;
}

describe('returns', () => {
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

  const delivered = async (quantity: number): Promise<Delivered> => {
    const product = await shop.product({ stock: 10 });
    const order = await shop.paidOrder(buyer, product, quantity);
    await clerk.api
      .post(`/orders/${order.id}/ship`)
      .send({ carrier: 'DHL', trackingNumber: 'JD1' })
      .expect(200);
    await clerk.api.post(`/orders/${order.id}/deliver`).expect(200);
    return { order, product, lineId: order.lines[0]?.id ?? '' };
  };
  const ask = ({ order, lineId }: Delivered, quantity: number, who: Account = buyer) =>
    who.api
      .post(`/orders/${order.id}/returns`)
      .send({ lines: [{ lineId, quantity, reason: 'does not fit' }] });
  const step = (id: string, verb: string, body: object = {}, who: Account = clerk) =>
    who.api.post(`/returns/${id}/${verb}`).send(body);

  it('put units back in the order of their stock levels, in which everybody locks them', async () => {
    // Their levels are made in another order than they are.
    const [first, second] = [await shop.catalog.product(), await shop.catalog.product()];
    for (const product of [second, first]) await shop.catalog.stock(variantId(product), 10);
    await shop.fill(buyer, [first, 1], [second, 1]);
    const { body } = await buyer.api.post('/orders').send({ addressId: buyer.addressId }).expect(201);
    const order = body as OrderBody;
    await buyer.api.post(`/orders/${order.id}/payments`).send({ token: 'tok_success' }).expect(201);
    const parcel = { carrier: 'DHL', trackingNumber: 'JD1' };
    await clerk.api.post(`/orders/${order.id}/ship`).send(parcel).expect(200);
    await clerk.api.post(`/orders/${order.id}/deliver`).expect(200);
    const lines = order.lines.map(({ id: lineId }) => ({ lineId, quantity: 1, reason: 'does not fit' }));
    const made = await buyer.api.post(`/orders/${order.id}/returns`).send({ lines }).expect(201);
    const { id } = made.body as { id: string };
    await step(id, 'approve').expect(200);
    const back = order.lines.map(({ id: lineId }) => ({ lineId, restock: 1 }));
    await step(id, 'receive', { lines: back }).expect(200);
    const rows = await t.app.connections.read.query<{ stock_level_id: string }>(
      'SELECT stock_level_id FROM stock_adjustments WHERE reason = ? ORDER BY id',
      [`return to order ${order.number}`],
    );
    const locked = rows.map((row) => row.stock_level_id);
    expect(locked).toHaveLength(2);
    expect(locked).toEqual([...locked].sort());
  });

  it('go from the request to the refund, with stock, money, history and events', async () => {
    const sold = await delivered(3);
    const made = await ask(sold, 2).expect(201);
    const { id } = made.body as { id: string };
    expect(made.headers.location).toBe(`/api/v1/returns/${id}`);
    expect(made.body).toMatchObject({
      status: 'requested',
      lines: [{ quantity: 2, reason: 'does not fit' }],
    });
    // Asked for at a host whose clock is far ahead: the order of the steps does not hang on the clocks.
    const ahead = 'ffffffff-0000-7000-8000-000000000000';
    await t.app.connections.write((sql) =>
      sql.run('UPDATE order_return_history SET id = ? WHERE return_id = ?', [ahead, id]),
    );
    await step(id, 'approve').expect(200);
    const lines = [{ lineId: sold.lineId, restock: 1, writeOff: 1 }];
    const received = await step(id, 'receive', { lines }).expect(200);
    expect(received.body).toMatchObject({
      status: 'received',
      lines: [{ restocked: 1, writtenOff: 1, amount: { amount: '2000', currency: 'EUR' } }],
    });
    expect(await shop.stock(sold.product)).toEqual({ onHand: 8, reserved: 0 });
    await step(id, 'refund').expect(200);
    const detail = (await buyer.api.get(`/orders/${sold.order.id}`).expect(200)).body;
    expect(detail).toMatchObject({
      status: 'completed',
      fulfilmentStatus: 'partially_returned',
      returns: [{ id, status: 'refunded' }],
    });
    expect(detail).toMatchObject({
      paymentStatus: 'partially_refunded',
      refunds: [{ amount: { amount: '2000' }, status: 'succeeded', reason: 'return' }],
    });
    const shown = (await buyer.api.get(`/returns/${id}`).expect(200)).body as ReturnBody;
    expect(shown.history.map(({ to, actor }) => [to, actor])).toEqual([
      ['requested', 'customer'],
      ['approved', 'staff'],
      ['received', 'staff'],
      ['refunded', 'staff'],
    ]);
    const types = (await shop.events(sold.order.id)).filter((type) => type.startsWith('return.'));
    expect(types).toEqual([
      'return.requested.v1',
      'return.approved.v1',
      'return.received.v1',
      'return.refunded.v1',
    ]);
    const [movement] = await t.app.connections.read.query<{ delta: number; reason: string }>(
      'SELECT a.delta, a.reason FROM stock_adjustments a ORDER BY a.id DESC LIMIT 1',
    );
    expect(movement).toMatchObject({ delta: 1, reason: `return to order ${sold.order.number}` });
  });

  it('take every unit back once, however often it is asked at the same time', async () => {
    const sold = await delivered(3);
    const replies = await Promise.all(Array.from({ length: 6 }, () => ask(sold, 1)));
    expect(replies.filter((r) => r.status === 201)).toHaveLength(3);
    expect(replies.filter((r) => r.body.code === 'transition_not_allowed')).toHaveLength(3);
    for (const { body } of replies.filter((r) => r.status === 201)) {
      await step(body.id as string, 'approve').expect(200);
      const lines = [{ lineId: sold.lineId, restock: 1 }];
      const received = await Promise.all([1, 2, 3].map(() => step(body.id as string, 'receive', { lines })));
      expect(received.map((r) => r.status).sort()).toEqual([200, 409, 409]);
    }
    expect(await shop.stock(sold.product)).toEqual({ onHand: 10, reserved: 0 });
    const listed = (await buyer.api.get('/orders').expect(200)).body.items[0];
    expect([listed.id, listed.fulfilmentStatus]).toEqual([sold.order.id, 'returned']);
  });

  it('owe for what arrived only, and leave the rest to be asked for again', async () => {
    const sold = await delivered(2);
    const { id } = (await ask(sold, 2).expect(201)).body as { id: string };
    await step(id, 'approve').expect(200);
    const received = await step(id, 'receive', { lines: [{ lineId: sold.lineId, writeOff: 1 }] }).expect(200);
    expect(received.body.lines).toMatchObject([{ restocked: 0, writtenOff: 1, amount: { amount: '1000' } }]);
    expect((await ask(sold, 2)).body.code).toBe('transition_not_allowed');
    await ask(sold, 1).expect(201);
  });

  it('end with what is left of the payment, where staff have given money back before', async () => {
    const sold = await delivered(2);
    const [payment] = (await shop.detail(buyer, sold.order.id)).payments;
    const goodwill = (amount: string) =>
      clerk.api
        .post(`/payments/${payment?.id ?? ''}/refunds`)
        .send({ amount: { amount, currency: 'EUR' }, note: 'a scratch' })
        .expect(201);
    const sendBack = async (): Promise<string> => {
      const { id } = (await ask(sold, 1).expect(201)).body as { id: string };
      await step(id, 'approve').expect(200);
      await step(id, 'receive', { lines: [{ lineId: sold.lineId, restock: 1 }] }).expect(200);
      return id;
    };
    await goodwill('700');
    const [first, second] = [await sendBack(), await sendBack()];
    expect((await step(first, 'refund').expect(200)).body.refundedAmount.amount).toBe('1000');
    const last = await step(second, 'refund').expect(200);
    expect(last.body).toMatchObject({
      status: 'refunded',
      lines: [{ amount: { amount: '1000' } }],
      refundedAmount: { amount: '300' },
    });
    expect(await shop.detail(buyer, sold.order.id)).toMatchObject({
      paymentStatus: 'refunded',
      refunds: [{ amount: { amount: '700' } }, { amount: { amount: '1000' } }, { amount: { amount: '300' } }],
    });
  });

  it('end also where nothing is left of the payment', async () => {
    const sold = await delivered(1);
    const [payment] = (await shop.detail(buyer, sold.order.id)).payments;
    await clerk.api
      .post(`/payments/${payment?.id ?? ''}/refunds`)
      .send({ note: 'sorry' })
      .expect(201);
    const { id } = (await ask(sold, 1).expect(201)).body as { id: string };
    await step(id, 'approve').expect(200);
    const received = await step(id, 'receive', { lines: [{ lineId: sold.lineId, restock: 1 }] }).expect(200);
    expect(received.body.refundedAmount).toBeNull();
    const done = await step(id, 'refund').expect(200);
    expect(done.body).toMatchObject({ status: 'refunded', refundedAmount: { amount: '0' } });
    expect(await shop.detail(buyer, sold.order.id)).toMatchObject({ refunds: [{ reason: 'staff' }] });
  });

  it('may be refused or withdrawn, after which the units may be asked for again', async () => {
    const sold = await delivered(1);
    const first = (await ask(sold, 1).expect(201)).body;
    expect((await ask(sold, 1)).body.code).toBe('transition_not_allowed');
    const refused = await step(first.id, 'reject', { reason: 'too late' }).expect(200);
    expect((refused.body as ReturnBody).history.at(-1)).toMatchObject({ to: 'rejected', reason: 'too late' });
    const second = (await ask(sold, 1).expect(201)).body;
    await step(second.id, 'approve').expect(200);
    await step(second.id, 'withdraw', { reason: 'I keep it' }, buyer).expect(200);
    expect(
      (await step(second.id, 'receive', { lines: [{ lineId: sold.lineId, restock: 1 }] })).body.code,
    ).toBe('transition_not_allowed');
    await ask(sold, 1).expect(201);
  });

  it('answer a repeated key with the first answer', async () => {
    const sold = await delivered(2);
    const body = { lines: [{ lineId: sold.lineId, quantity: 1, reason: 'x' }] };
    const twice = [1, 2].map(() =>
      buyer.api
        .post(`/orders/${sold.order.id}/returns`)
        .set('Idempotency-Key', 'again')
        .send(body)
        .expect(201),
    );
    const [one, two] = await Promise.all(twice);
    expect(two?.body).toEqual(one?.body);
  });

  it('are refused for what did not arrive, for nothing, for too much, and for others', async () => {
    const order = await shop.paidOrder(buyer, await shop.product());
    const here = { order, lineId: order.lines[0]?.id ?? '' };
    const body = {
      lines: [{ ...here, quantity: 1, reason: 'x' }].map(({ lineId, quantity, reason }) => ({
        lineId,
        quantity,
        reason,
      })),
    };
    expect((await buyer.api.post(`/orders/${order.id}/returns`).send(body)).body.code).toBe(
      'transition_not_allowed',
    );
    const sold = await delivered(2);
    expect((await ask(sold, 3)).body.code).toBe('transition_not_allowed');
    for (const quantity of [0, -1, 0.5]) expect((await ask(sold, quantity)).status).toBe(400);
    const other = await shop.buyer();
    expect((await ask(sold, 1, other)).status).toBe(404);
    const { id } = (await ask(sold, 2).expect(201)).body as { id: string };
    expect((await other.api.get(`/returns/${id}`)).status).toBe(404);
    expect((await step(id, 'withdraw', {}, other)).status).toBe(404);
    expect((await step(id, 'approve', {}, buyer)).status).toBe(403);
    expect((await step(id, 'refund')).body.code).toBe('transition_not_allowed');
    await step(id, 'approve').expect(200);
    const receive = (line: object) => step(id, 'receive', { lines: [line] });
    expect((await receive({ lineId: sold.lineId })).body.code).toBe('conflict');
    expect((await receive({ lineId: sold.lineId, restock: 2, writeOff: 1 })).body.code).toBe('conflict');
    expect((await receive({ lineId: id, restock: 1 })).status).toBe(404);
    const listed = (await clerk.api.get('/staff/returns?status=approved&limit=1').expect(200)).body;
    expect(listed.items[0].id).toBe(id);
  });
});

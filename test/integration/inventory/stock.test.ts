import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '../../../src/domain/shared/ids.ts';
import { type Account, staff } from '../../support/accounts.ts';
import { setupApp, type TestApp } from '../../support/setup-app.ts';
import { Shop } from '../../support/shop.ts';

describe('stock', () => {
  let t: TestApp;
  let shop: Shop;
  let clerk: Account;
  let warehouseId: string;

  const adjust = (variantId: string, delta: number, more: Record<string, unknown> = {}) =>
    clerk.api.post('/stock/adjustments').send({ variantId, warehouseId, delta, reason: 'count', ...more });
  const variantOf = async (): Promise<string> => (await shop.catalog.product()).variants[0]?.id ?? '';
  const level = async (variantId: string): Promise<unknown> =>
    ((await clerk.api.get(`/stock?variantId=${variantId}`).expect(200)).body as { items: unknown[] })
      .items[0];

  beforeAll(async () => {
    t = await setupApp();
    shop = new Shop(t);
    clerk = await staff(t);
    const made = await clerk.api
      .post('/warehouses')
      .send({ code: 'LEJ-1', name: 'Leipzig', country: 'DE' })
      .expect(201);
    warehouseId = (made.body as { id: string }).id;
  });
  afterAll(() => t.close());

  it('grows and shrinks by adjustments, each with its row and its event', async () => {
    const variantId = await variantOf();
    expect((await adjust(variantId, 10).expect(201)).body).toMatchObject({
      onHand: 10,
      reserved: 0,
      available: 10,
    });
    expect((await adjust(variantId, -4).expect(201)).body).toMatchObject({ onHand: 6 });
    expect(await level(variantId)).toMatchObject({ onHand: 6, warehouseCode: 'LEJ-1' });
    const { read } = t.app.connections;
    const rows = await read.query<{ delta: number; actor: string }>(
      'SELECT a.delta, a.actor FROM stock_adjustments a JOIN stock_levels l ON l.id = a.stock_level_id WHERE l.variant_id = ? ORDER BY a.id',
      [variantId],
    );
    expect(rows.map((r) => [r.delta, r.actor])).toEqual([
      [10, `user:${clerk.userId}`],
      [-4, `user:${clerk.userId}`],
    ]);
    const events = await read.query<{ type: string; sequence: number | string }>(
      'SELECT o.type, o.sequence FROM outbox o JOIN stock_levels l ON l.id = o.aggregate_id WHERE l.variant_id = ? ORDER BY o.sequence',
      [variantId],
    );
    expect(events.map((e) => [e.type, Number(e.sequence)])).toEqual([
      ['stock.adjusted.v1', 1],
      ['stock.adjusted.v1', 2],
    ]);
  });

  it('never falls below what orders have reserved', async () => {
    const product = await shop.product({ stock: 5 });
    const buyer = await shop.buyer();
    await shop.order(buyer, product, 3);
    const variantId = product.variants[0]?.id ?? '';
    const { warehouseId: where } = (await level(variantId)) as { warehouseId: string };
    const refused = await adjust(variantId, -3, { warehouseId: where });
    expect(refused.body).toMatchObject({ status: 409, code: 'insufficient_stock', facts: { available: 2 } });
    await adjust(variantId, -2, { warehouseId: where }).expect(201);
    expect(await level(variantId)).toMatchObject({ onHand: 3, reserved: 3, available: 0 });
  });

  it('loses nothing to simultaneous adjustments, and never goes below zero', async () => {
    const variantId = await variantOf();
    await adjust(variantId, 5).expect(201);
    const replies = await Promise.all(Array.from({ length: 10 }, () => adjust(variantId, -1)));
    expect(replies.filter((r) => r.status === 201)).toHaveLength(5);
    expect(replies.filter((r) => r.status === 409)).toHaveLength(5);
    expect(await level(variantId)).toMatchObject({ onHand: 0 });
  });

  it('makes one level of simultaneous first deliveries', async () => {
    const variantId = await variantOf();
    await Promise.all(Array.from({ length: 5 }, () => adjust(variantId, 1).expect(201)));
    expect(await level(variantId)).toMatchObject({ onHand: 5 });
  });

  it('adjusts once for one Idempotency-Key', async () => {
    const variantId = await variantOf();
    for (let i = 0; i < 2; i++)
      await adjust(variantId, 7).set('Idempotency-Key', `k-${variantId}`).expect(201);
    expect(await level(variantId)).toMatchObject({ onHand: 7 });
  });

  it('refuses what makes no sense', async () => {
    const variantId = await variantOf();
    await adjust(newId(), 1).expect(404);
    await adjust(variantId, 1, { warehouseId: newId() }).expect(404);
    for (const [path, more] of [
      ['delta', { delta: 0 }],
      ['delta', { delta: 1.5 }],
      ['reason', { reason: '' }],
      ['note', { note: 'x' }],
    ] as const) {
      expect((await adjust(variantId, 1, more)).body).toMatchObject({ status: 400, errors: [{ path }] });
    }
    const first = await adjust(variantId, -1);
    expect(first.body).toMatchObject({ status: 409, code: 'insufficient_stock' });
    expect(await level(variantId)).toBeUndefined();
  });

  it('lists warehouses and levels in pages, and keeps warehouse codes unique', async () => {
    const again = await clerk.api.post('/warehouses').send({ code: 'LEJ-1', name: 'Twice', country: 'DE' });
    expect(again.body).toMatchObject({ status: 409, code: 'already_exists', errors: [{ path: 'code' }] });
    const nowhere = await clerk.api
      .post('/warehouses')
      .send({ code: 'XX-1', name: 'Nowhere', country: 'XX' });
    expect(nowhere.body).toMatchObject({ status: 400, code: 'unknown_country' });
    const codes = ((await clerk.api.get('/warehouses').expect(200)).body as { items: { code: string }[] })
      .items;
    expect(codes.map((w) => w.code)).toContain('LEJ-1');
    await adjust(await variantOf(), 1).expect(201);
    await adjust(await variantOf(), 1).expect(201);
    const { nextCursor } = (await clerk.api.get('/stock?limit=1').expect(200)).body as { nextCursor: string };
    const next = await clerk.api.get(`/stock?limit=1&cursor=${nextCursor}`).expect(200);
    expect((next.body as { items: unknown[] }).items).toHaveLength(1);
  });
});

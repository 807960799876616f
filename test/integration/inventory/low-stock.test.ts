import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '../../../src/domain/shared/ids.ts';
import { type Account, staff } from '../../support/accounts.ts';
import { runSchedule } from '../../support/declared-schedule.ts';
import { brokenPromises } from '../../support/invariants.ts';
import { mails } from '../../support/roles.ts';
import { setupApp, type TestApp } from '../../support/setup-app.ts';
import { type Buyer, Shop, variantId } from '../../support/shop.ts';

describe('low stock', () => {
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

  interface Level {
    id: string;
    warehouseId: string;
    available: number;
    lowStockThreshold: number;
  }
  const setUp = async (stock: number, threshold: number) => {
    const product = await shop.product({ stock });
    const page = await clerk.api.get(`/stock?variantId=${variantId(product)}`).expect(200);
    const [level] = page.body.items as Level[];
    if (level === undefined) throw new Error('no stock level');
    const set = await clerk.api.put(`/stock/${level.id}/low-stock-threshold`).send({ threshold }).expect(200);
    expect(set.body).toMatchObject({ lowStockThreshold: threshold });
    const { length } = await shop.events(level.id);
    const since = async () => (await shop.events(level.id)).slice(length).map((type) => type.split('.')[1]);
    const adjust = (delta: number) =>
      clerk.api
        .post('/stock/adjustments')
        .send({ variantId: variantId(product), warehouseId: level.warehouseId, delta, reason: 'count' })
        .expect(201);
    return { product, level, since, adjust };
  };

  it('is told once, by the order that lets it fall to the threshold', async () => {
    const { product, level, since } = await setUp(10, 5);
    await shop.order(buyer, product, 4);
    expect(await since()).toEqual(['reserved']);
    await shop.order(buyer, product, 1);
    expect(await since()).toEqual(['reserved', 'reserved', 'low']);
    await shop.order(buyer, product, 2);
    expect(await since()).toEqual(['reserved', 'reserved', 'low', 'reserved']);
    const [event] = await t.app.connections.read.query<{ payload: unknown }>(
      "SELECT payload FROM outbox WHERE aggregate_id = ? AND type = 'stock.low.v1'",
      [level.id],
    );
    const payload: unknown = typeof event?.payload === 'string' ? JSON.parse(event.payload) : event?.payload;
    expect(payload).toMatchObject({ stockLevelId: level.id, available: 5, threshold: 5 });
  });

  it('is told again after it rose above the threshold, by a cancellation or a delivery', async () => {
    const { product, since, adjust } = await setUp(6, 5);
    const order = await shop.order(buyer, product, 2);
    await buyer.api.post(`/orders/${order.id}/cancel`).expect(200);
    await adjust(-3);
    await adjust(-1);
    await adjust(10);
    await adjust(-8);
    expect(await since()).toEqual([
      ...['reserved', 'low', 'released', 'adjusted', 'low'],
      ...['adjusted', 'adjusted', 'adjusted', 'low'],
    ]);
  });

  it('is told once by buyers who race past the threshold', async () => {
    const { product, since } = await setUp(20, 10);
    const buyers = await Promise.all(Array.from({ length: 12 }, () => shop.buyer()));
    await Promise.all(buyers.map((b) => shop.order(b, product, 1)));
    const types = await since();
    expect([types.length, types.filter((type) => type === 'low').length]).toEqual([13, 1]);
  });

  it('is never told without a threshold, nor by units that leave', async () => {
    const { product, since } = await setUp(3, 0);
    const order = await shop.paidOrder(buyer, product, 3);
    await clerk.api
      .post(`/orders/${order.id}/ship`)
      .send({ carrier: 'DHL', trackingNumber: '1' })
      .expect(200);
    expect(await since()).toEqual(['reserved', 'committed']);
  });

  it('takes whole numbers from 0 on, for levels that exist', async () => {
    const { level } = await setUp(1, 0);
    const url = `/stock/${level.id}/low-stock-threshold`;
    for (const threshold of [-1, 1.5, 1_000_001, '5', null])
      expect((await clerk.api.put(url).send({ threshold })).status).toBe(400);
    expect((await clerk.api.put(`/stock/${newId()}/low-stock-threshold`).send({ threshold: 1 })).status).toBe(
      404,
    );
    expect((await buyer.api.put(url).send({ threshold: 1 })).status).toBe(403);
  });

  it('is reported each day, the emptiest first, until there is more', async () => {
    const [some, none, enough] = [await setUp(4, 5), await setUp(2, 5), await setUp(9, 5)];
    await none.adjust(-2);
    const mailsOf = (day: string) => mails(t).filter((m) => m.name.startsWith(`low-stock-report.${day}.`));
    const skus = [some, none, enough].map(({ product }) => product.variants[0]?.sku ?? '');
    await runSchedule(t, 'low-stock-report', 'day1');
    await runSchedule(t, 'low-stock-report', 'day1');
    const [mail, ...copies] = mailsOf('day1');
    expect(copies).toEqual([]);
    const lines = (mail?.content ?? '').split('\r\n').filter((line) => skus.some((s) => line.startsWith(s)));
    expect(lines).toEqual([
      expect.stringMatching(new RegExp(`^${skus[1]} in .*: 0 left \\(low from 5 on\\)$`)),
      expect.stringMatching(new RegExp(`^${skus[0]} in .*: 4 left`)),
    ]);
    await t.app.connections.write((sql) => sql.run('UPDATE stock_levels SET low_stock_threshold = 0'));
    expect(await runSchedule(t, 'low-stock-report', 'day2')).toEqual({ levels: 0 });
    expect(mailsOf('day2')).toEqual([]);
  });
});

describe('behind the guards, the database', () => {
  let t: TestApp;
  let levelId: string;
  let enforced: boolean;
  beforeAll(async () => {
    t = await setupApp();
    const shop = new Shop(t);
    await shop.order(await shop.buyer(), await shop.product({ stock: 5 }), 2);
    const { connections } = t.app;
    const [row] = await connections.read.query<{ id: string }>('SELECT id FROM stock_levels');
    levelId = row?.id ?? '';
    enforced = connections.kind !== 'mysql' || (await enforcesChecks());
  });
  afterAll(() => t.close());

  // MySQL reads and forgets them before 8.0.16.
  const enforcesChecks = async () =>
    (
      await t.app.connections.read.query(
        "SELECT 1 AS found FROM information_schema.table_constraints WHERE constraint_schema = DATABASE() AND constraint_name = 'ck_stock_levels_on_hand'",
      )
    ).length > 0;

  it.each([
    ['less than nothing on hand', 'UPDATE stock_levels SET reserved = 0, on_hand = -1 WHERE id = ?'],
    ['less than nothing reserved', 'UPDATE stock_levels SET reserved = -1 WHERE id = ?'],
    ['more reserved than on hand', 'UPDATE stock_levels SET reserved = on_hand + 1 WHERE id = ?'],
    ['a threshold below nothing', 'UPDATE stock_levels SET low_stock_threshold = -1 WHERE id = ?'],
    ['an empty reservation', 'UPDATE reservations SET quantity = 0 WHERE stock_level_id = ?'],
  ])('refuses %s, where it enforces a CHECK', async (_name, statement) => {
    const undone = new Error('undone');
    const broken = t.app.connections.write(async (sql) => {
      await sql.run(statement, [levelId]);
      throw undone;
    });
    if (enforced) await expect(broken).rejects.toThrow(/constraint/i);
    else await expect(broken).rejects.toBe(undone);
  });
});

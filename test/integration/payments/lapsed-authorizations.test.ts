import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { runSchedule } from '../../support/declared-schedule.ts';
import { brokenPromises } from '../../support/invariants.ts';
import { setupApp, type TestApp } from '../../support/setup-app.ts';
import { type Buyer, Shop } from '../../support/shop.ts';

const DAY = 24 * 3600;

describe('authorizations that lapse, and nobody says so', () => {
  let t: TestApp;
  let shop: Shop;
  let buyer: Buyer;
  beforeAll(async () => {
    t = await setupApp();
    shop = new Shop(t);
  });
  // The clock is moved, and access tokens expire.
  beforeEach(async () => {
    buyer = await shop.buyer();
  });
  afterAll(async () => {
    expect(await brokenPromises(t)).toEqual([]);
    await t.close();
  });

  const authorized = async () => {
    const product = await shop.product({ stock: 3 });
    const order = await shop.order(buyer, product, 2);
    const { body } = await buyer.api.post(`/orders/${order.id}/payments`).send({ token: 'tok_authorize' });
    return { product, orderId: order.id, paymentId: (body as { id: string }).id };
  };
  const lapse = (paymentId: string) =>
    t.app.connections.write((sql) =>
      sql.run("UPDATE mock_charges SET status = 'voided' WHERE payment_id = ?", [paymentId]),
    );
  const statusOf = async (orderId: string): Promise<unknown> => {
    const [row] = await t.app.connections.read.query<{ status: string }>(
      'SELECT status FROM orders WHERE id = ?',
      [orderId],
    );
    return row?.status;
  };

  it('give their stock back after a week, and those that stand keep theirs', async () => {
    const [lapsed, stands] = [await authorized(), await authorized()];
    await lapse(lapsed.paymentId);
    t.clock.advance(7 * DAY - 60);
    expect(await runSchedule(t, 'release-stale-reservations')).toEqual({ released: 0 });
    t.clock.advance(120);
    expect(await runSchedule(t, 'release-stale-reservations')).toEqual({ released: 1 });
    expect([await statusOf(lapsed.orderId), await statusOf(stands.orderId)]).toEqual([
      'cancelled',
      'authorized',
    ]);
    expect(await shop.stock(lapsed.product)).toEqual({ onHand: 3, reserved: 0 });
    expect(await shop.stock(stands.product)).toEqual({ onHand: 3, reserved: 2 });
    expect(await shop.events(lapsed.orderId)).toContain('payment.voided.v1');
    expect(await runSchedule(t, 'release-stale-reservations')).toEqual({ released: 0 });
  });

  it('are all asked about, in batches', async () => {
    const lapsed = [await authorized(), await authorized(), await authorized()];
    for (const { paymentId } of lapsed.slice(1)) await lapse(paymentId);
    t.clock.advance(8 * DAY);
    expect(await t.app.trade.releaseStaleReservations.run(7, 1)).toBe(2);
    expect(await Promise.all(lapsed.map(({ orderId }) => statusOf(orderId)))).toEqual([
      'authorized',
      'cancelled',
      'cancelled',
    ]);
  });
});

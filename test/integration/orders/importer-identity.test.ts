import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Account, PASSWORD, staff } from '../../support/accounts.ts';
import { brokenPromises } from '../../support/invariants.ts';
import { setupApp, type TestApp } from '../../support/setup-app.ts';
import { type Buyer, type OrderBody, Shop } from '../../support/shop.ts';

interface Placed extends OrderBody {
  importerIdentity: { id: string; status: string } | null;
}

describe('an order to a country that asks who imports', () => {
  let t: TestApp;
  let shop: Shop;
  let clerk: Account;
  beforeAll(async () => {
    t = await setupApp();
    shop = new Shop(t);
    clerk = await staff(t);
  });
  afterAll(async () => {
    expect(await brokenPromises(t)).toEqual([]);
    await t.close();
  });

  const buyerInKorea = async (): Promise<Buyer> => {
    const buyer = await shop.buyer();
    const address = {
      recipient: '김민준',
      line1: '세종대로 110',
      city: '중구',
      region: '서울특별시',
      postalCode: '04524',
      country: 'KR',
      phone: '+82212345678',
    };
    const { body } = await buyer.api.post('/addresses').send(address).expect(201);
    return { ...buyer, addressId: (body as { id: string }).id };
  };
  const submit = async (buyer: Account, number: string): Promise<string> => {
    const identity = { country: 'KR', fullName: '김민준', number };
    return ((await buyer.api.post('/identities').send(identity).expect(201)).body as { id: string }).id;
  };
  const decide = (id: string, status: string) =>
    clerk.api.put(`/staff/identities/${id}/status`).send({ status }).expect(200);
  const place = async (buyer: Buyer): Promise<Placed> =>
    (await shop.order(buyer, await shop.product())) as Placed;
  const seenByStaff = async (order: OrderBody): Promise<Placed> =>
    (await shop.detail(clerk, order.id)) as Placed;

  it('takes the identity that was verified, though another one was submitted later', async () => {
    const buyer = await buyerInKorea();
    const verified = await submit(buyer, 'P123456789012');
    await decide(verified, 'verified');
    const rejected = await submit(buyer, 'P123456789013');
    await decide(rejected, 'rejected');
    await submit(buyer, 'P123456789014');
    const order = await place(buyer);
    expect(order.importerIdentity).toEqual({ id: verified, status: 'verified' });
    const seen = await seenByStaff(order);
    expect(seen.importerIdentity).toEqual({ id: verified, status: 'verified' });
    expect(JSON.stringify(seen)).not.toContain('P12');
  });

  it('keeps its identity until it has ended, and shows staff what was decided about it', async () => {
    const buyer = await buyerInKorea();
    const id = await submit(buyer, 'P123456789012');
    const order = await place(buyer);
    expect(order.importerIdentity).toEqual({ id, status: 'pending' });
    const refused = await buyer.api.delete(`/identities/${id}`);
    expect([refused.status, refused.body.code]).toEqual([409, 'conflict']);
    expect(refused.body.facts.orders).toEqual([order.number]);
    await decide(id, 'verified');
    expect((await seenByStaff(order)).importerIdentity).toEqual({ id, status: 'verified' });
    expect((await buyer.api.delete(`/identities/${id}`)).status).toBe(409);
    await buyer.api.post(`/orders/${order.id}/cancel`).expect(200);
    await buyer.api.delete(`/identities/${id}`).expect(204);
    expect((await seenByStaff(order)).importerIdentity).toEqual({ id, status: 'deleted' });
  });

  it('does not keep one that was rejected from being submitted anew', async () => {
    const buyer = await buyerInKorea();
    const id = await submit(buyer, 'P123456789012');
    const order = await place(buyer);
    await decide(id, 'rejected');
    expect((await seenByStaff(order)).importerIdentity).toEqual({ id, status: 'rejected' });
    await buyer.api.delete(`/identities/${id}`).expect(204);
    await submit(buyer, 'P123456789012');
  });

  it('goes on without it where the account is deleted', async () => {
    const buyer = await buyerInKorea();
    const id = await submit(buyer, 'P123456789012');
    const order = await place(buyer);
    await buyer.api.delete('/users/me').send({ password: PASSWORD }).expect(204);
    expect((await seenByStaff(order)).importerIdentity).toEqual({ id, status: 'deleted' });
  });

  it('is never placed with one that is deleted at the same time', async () => {
    for (let round = 0; round < 8; round++) {
      const buyer = await buyerInKorea();
      const id = await submit(buyer, 'P123456789012');
      await shop.fill(buyer, [await shop.product(), 1]);
      const [placed, deleted] = await Promise.all([
        buyer.api.post('/orders').send({ addressId: buyer.addressId }),
        buyer.api.delete(`/identities/${id}`),
      ]);
      expect(placed.status).toBe(201);
      const { importerIdentity } = await seenByStaff(placed.body as Placed);
      expect([deleted.status, importerIdentity]).toEqual(
        deleted.status === 204 ? [204, null] : [409, { id, status: 'pending' }],
      );
    }
  });
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '../../../src/domain/shared/ids.ts';
import { type Account, staff } from '../../support/accounts.ts';
import { setupApp, type TestApp } from '../../support/setup-app.ts';
import { type Buyer, type OrderBody, Shop } from '../../support/shop.ts';

interface PaymentBody {
  id: string;
  orderId: string;
  status: string;
}

describe('what staff do with payments', () => {
  let t: TestApp;
  let shop: Shop;
  let buyer: Buyer;
  let clerk: Account;
  beforeAll(async () => {
    t = await setupApp({ now: '2026-03-01T12:00:00Z' });
    shop = new Shop(t);
    buyer = await shop.buyer();
    clerk = await staff(t);
  });
  afterAll(() => t.close());

  const newOrder = async (quantity = 1): Promise<OrderBody> =>
    shop.order(buyer, await shop.product(), quantity);
  const paid = async (token: string, order?: OrderBody): Promise<PaymentBody> => {
    const { id } = order ?? (await newOrder());
    return (await buyer.api.post(`/orders/${id}/payments`).send({ token }).expect(201)).body as PaymentBody;
  };
  const capture = (id: string) => clerk.api.post(`/payments/${id}/capture`);
  const refund = (id: string, amount?: string, key?: string) => {
    const request = clerk.api.post(`/payments/${id}/refunds`);
    const wish = amount === undefined ? {} : { amount: { amount, currency: 'EUR' } };
    return (key === undefined ? request : request.set('Idempotency-Key', key)).send({ ...wish, note: 'x' });
  };
  const sum = async (sql: string, id: string): Promise<number> => {
    const [row] = await t.app.connections.read.query<{ n: unknown }>(sql, [id]);
    return Number(row?.n ?? 0);
  };

  describe('a capture', () => {
    it('takes what was authorized, once, however often it is asked for', async () => {
      const payment = await paid('tok_authorize');
      expect(payment.status).toBe('authorized');
      expect((await shop.detail(buyer, payment.orderId)).status).toBe('authorized');
      const replies = await Promise.all(Array.from({ length: 8 }, () => capture(payment.id)));
      expect(replies.filter((r) => r.status === 200).length).toBeGreaterThan(0);
      for (const reply of replies.filter((r) => r.status !== 200))
        expect([reply.status, reply.body.code]).toEqual([409, 'transition_not_allowed']);
      const detail = await shop.detail(buyer, payment.orderId);
      expect(detail).toMatchObject({ status: 'paid', paymentStatus: 'paid' });
      expect(detail.history.at(-1)).toMatchObject({ to: 'paid', actor: 'staff' });
      expect((await shop.events(payment.orderId)).slice(-2)).toEqual([
        'payment.captured.v1',
        'order.paid.v1',
      ]);
    });

    it('that was begun by a process that died is finished by the reconciliation', async () => {
      const payment = await paid('tok_authorize');
      await t.app.db.transaction(async (tx) => {
        const stored = await tx.payments.find(payment.id);
        if (stored) await tx.payments.update({ ...stored, status: 'capture_pending' });
      });
      expect((await shop.detail(buyer, payment.orderId)).paymentStatus).toBe('authorized');
      t.clock.advance(6 * 60);
      await t.app.trade.reconcilePayments.run();
      expect((await shop.detail(buyer, payment.orderId)).status).toBe('paid');
      expect((await shop.events(payment.orderId)).filter((e) => e === 'payment.captured.v1')).toHaveLength(1);
    });

    it.each(['tok_success', 'tok_requires_action'])('of a payment by %s is refused', async (token) => {
      const payment = await paid(token);
      expect((await capture(payment.id)).body.code).toBe('transition_not_allowed');
      expect((await capture(newId())).status).toBe(404);
    });
  });

  it('void: gives the authorization up, and the order and its stock with it', async () => {
    const product = await shop.product({ stock: 5 });
    const payment = await paid('tok_authorize', await shop.order(buyer, product, 2));
    const reason = 'looks like fraud';
    await clerk.api.post(`/payments/${payment.id}/void`).send({ reason }).expect(200);
    const detail = await shop.detail(buyer, payment.orderId);
    expect(detail).toMatchObject({
      status: 'cancelled',
      paymentStatus: 'unpaid',
      payments: [{ status: 'voided' }],
    });
    expect(detail.history.at(-1)).toMatchObject({ actor: 'staff', reason });
    expect(await shop.stock(product)).toEqual({ onHand: 5, reserved: 0 });
    expect((await clerk.api.post(`/payments/${payment.id}/void`)).body.code).toBe('transition_not_allowed');
    expect((await capture(payment.id)).body.code).toBe('transition_not_allowed');
  });

  it('void: is refused for what was captured', async () => {
    const payment = await paid('tok_success');
    expect((await clerk.api.post(`/payments/${payment.id}/void`)).body.code).toBe('transition_not_allowed');
  });

  describe('refunds', () => {
    it('go back in parts, and never exceed what was captured', async () => {
      const payment = await paid('tok_success');
      await refund(payment.id, '400').expect(201);
      const status = async () => (await shop.detail(buyer, payment.orderId)).paymentStatus;
      expect(await status()).toBe('partially_refunded');
      const much = await refund(payment.id, '601');
      expect([much.status, much.body.code]).toEqual([409, 'refund_exceeds_capture']);
      expect(much.body.facts).toEqual({ refundable: { amount: '600', currency: 'EUR' } });
      await refund(payment.id).expect(201);
      expect(await status()).toBe('refunded');
      expect((await refund(payment.id)).body.code).toBe('refund_exceeds_capture');
      expect((await buyer.api.get(`/payments/${payment.id}`)).body).toMatchObject({
        status: 'refunded',
        refundedAmount: { amount: '1000' },
      });
      expect((await shop.events(payment.orderId)).slice(-4)).toEqual([
        'payment.refund_requested.v1',
        'payment.refunded.v1',
        'payment.refund_requested.v1',
        'payment.refunded.v1',
      ]);
    });

    it('of which twenty are asked for at the same time stop where the money ends', async () => {
      const payment = await paid('tok_success');
      const replies = await Promise.all(Array.from({ length: 20 }, () => refund(payment.id, '300')));
      expect(replies.filter((r) => r.status === 201)).toHaveLength(3);
      expect(replies.filter((r) => r.body.code === 'refund_exceeds_capture')).toHaveLength(17);
      expect(await sum('SELECT SUM(amount) AS n FROM refunds WHERE payment_id = ?', payment.id)).toBe(900);
    });

    it('are held by the database, without any lock of ours', async () => {
      const payment = await paid('tok_success');
      const promise = (amount: bigint) =>
        t.app.db.transaction((tx) =>
          tx.payments.requestRefund({
            id: newId(),
            paymentId: payment.id,
            orderId: payment.orderId,
            amount: { amount, currency: 'EUR' },
            reason: 'staff',
            note: undefined,
            actor: 'system:test',
            status: 'pending',
            providerReference: undefined,
            failureCode: undefined,
            replacedBy: undefined,
            closedNote: undefined,
            createdAt: t.clock.now(),
            updatedAt: t.clock.now(),
          }),
        );
      const made = await Promise.all([promise(600n), promise(600n), promise(400n)]);
      expect(made.filter(Boolean)).toHaveLength(made[2] ? 2 : 1);
      const promised = 'SELECT promised AS n FROM payment_captures WHERE payment_id = ?';
      expect(await sum(promised, payment.id)).toBeLessThanOrEqual(1000);
      await t.app.trade.giveBackMoney.ofOrder(payment.orderId);
    });

    it('are made once for one key', async () => {
      const payment = await paid('tok_success');
      const replies = await Promise.all(Array.from({ length: 10 }, () => refund(payment.id, '100', 'once')));
      expect(new Set(replies.map((r) => [r.status, r.body.id as unknown].join()))).toHaveProperty('size', 1);
      expect(await sum('SELECT COUNT(*) AS n FROM refunds WHERE payment_id = ?', payment.id)).toBe(1);
    });

    it.each([
      ['of nothing', { amount: { amount: '0', currency: 'EUR' }, note: 'x' }],
      ['below zero', { amount: { amount: '-1', currency: 'EUR' }, note: 'x' }],
      ['in fractions', { amount: { amount: '1.5', currency: 'EUR' }, note: 'x' }],
      ['in another currency', { amount: { amount: '100', currency: 'USD' }, note: 'x' }],
      ['without a word about why', { amount: { amount: '100', currency: 'EUR' } }],
    ])('%s are refused', async (_name, body) => {
      const payment = await paid('tok_success');
      const refused = await clerk.api.post(`/payments/${payment.id}/refunds`).send(body);
      expect([refused.status, refused.body.code]).toEqual([400, 'validation_failed']);
      expect(await sum('SELECT COUNT(*) AS n FROM refunds WHERE payment_id = ?', payment.id)).toBe(0);
    });

    it('of what was never captured are refused', async () => {
      const payment = await paid('tok_authorize');
      expect((await refund(payment.id)).body.code).toBe('refund_exceeds_capture');
    });

    it('of a cancelled order give back only what is left', async () => {
      const payment = await paid('tok_success');
      await refund(payment.id, '250').expect(201);
      await buyer.api.post(`/orders/${payment.orderId}/cancel`).expect(200);
      expect(await shop.detail(buyer, payment.orderId)).toMatchObject({
        paymentStatus: 'refunded',
        refunds: [
          { amount: { amount: '250' }, reason: 'staff' },
          { amount: { amount: '750' }, reason: 'order_cancelled' },
        ],
      });
    });
  });

  it('is shut to customers', async () => {
    const payment = await paid('tok_authorize');
    for (const step of ['capture', 'void', 'refunds'])
      expect((await buyer.api.post(`/payments/${payment.id}/${step}`).send({ note: 'x' })).status).toBe(403);
  });
});

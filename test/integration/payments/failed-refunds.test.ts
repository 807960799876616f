import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { examine } from '../../../src/app/doctor/doctor.ts';
import { mockWebhookSecret } from '../../../src/app/payments.ts';
import { sign } from '../../../src/infra/payments/mock-signature.ts';
import { type Account, staff } from '../../support/accounts.ts';
import { brokenPromises } from '../../support/invariants.ts';
import { setupApp, type TestApp } from '../../support/setup-app.ts';
import { type Buyer, type OrderBody, Shop } from '../../support/shop.ts';

interface RefundBody {
  id: string;
  status: string;
  amount: { amount: string };
  replacedBy: string | null;
}

describe('a refund that the provider undoes after it was done', () => {
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

  const paid = async (): Promise<{ order: OrderBody; paymentId: string }> => {
    const order = await shop.paidOrder(buyer, await shop.product());
    const [payment] = (await shop.detail(buyer, order.id)).payments;
    return { order, paymentId: payment?.id ?? '' };
  };
  const refund = async (paymentId: string, amount?: string): Promise<RefundBody> => {
    const wish = { note: 'sorry', ...(amount !== undefined && { amount: { amount, currency: 'EUR' } }) };
    return (await clerk.api.post(`/payments/${paymentId}/refunds`).send(wish).expect(201)).body as RefundBody;
  };
  let events = 0;
  const tell = (type: string, refundId: string) => send(`refund.${type}`, { refundId });
  const send = (type: string, data: object) => {
    const body = JSON.stringify({ id: `evt_${++events}`, type, data });
    const signature = sign(mockWebhookSecret(t.app.config.secretKey), t.clock.now(), Buffer.from(body));
    return t.api
      .post('/payments/webhooks/mock')
      .set('Content-Type', 'application/json')
      .set('X-Mock-Signature', signature)
      .send(body);
  };
  const attention = async (): Promise<string[]> => {
    const { body } = await clerk.api.get('/staff/refunds?attention=true&limit=100').expect(200);
    return (body as { items: RefundBody[] }).items.map((item) => item.id);
  };
  /** What the doctor says of the data as a whole, and which refunds it names as somebody's task. */
  const doctor = async () => {
    const { status, checks } = await examine(() => t.app.config, 'data');
    const finding = checks.find((check) => check.name === 'refund-attention');
    return { status, finding, refunds: (finding?.rows ?? []).map((row) => row.refund_id) };
  };
  const failures = async (orderId: string): Promise<number> =>
    (await shop.events(orderId)).filter((type) => type === 'payment.refund_failed.v1').length;

  it('counts no more: its order is paid again, and all of it can be refunded anew', async () => {
    const { order, paymentId } = await paid();
    const done = await refund(paymentId);
    expect(await shop.detail(buyer, order.id)).toMatchObject({
      paymentStatus: 'refunded',
      payments: [{ status: 'refunded' }],
    });
    await tell('failed', done.id).expect(200);
    expect(await shop.detail(buyer, order.id)).toMatchObject({
      status: 'paid',
      paymentStatus: 'paid',
      payments: [{ status: 'captured', refundedAmount: { amount: '0' } }],
      refunds: [{ status: 'failed', failureCode: 'refund_failed' }],
    });
    await refund(paymentId);
    expect(await shop.detail(buyer, order.id)).toMatchObject({
      paymentStatus: 'refunded',
      refunds: [{ status: 'failed' }, { status: 'succeeded', amount: { amount: '1000' } }],
    });
  });

  it('fails once, however often and in whatever order that is told', async () => {
    const { order, paymentId } = await paid();
    const done = await refund(paymentId, '400');
    const replies = await Promise.all(
      ['failed', 'succeeded', 'failed', 'succeeded', 'failed'].map((type) => tell(type, done.id)),
    );
    expect(replies.map((r) => r.status)).toEqual([200, 200, 200, 200, 200]);
    await tell('succeeded', done.id).expect(200);
    expect(await failures(order.id)).toBe(1);
    expect(await shop.detail(buyer, order.id)).toMatchObject({
      paymentStatus: 'paid',
      refunds: [{ status: 'failed' }],
    });
    await refund(paymentId);
    expect((await shop.detail(buyer, order.id)).paymentStatus).toBe('refunded');
  });

  it('of a cancelled order waits to go back, and staff send it again, once', async () => {
    const { order } = await paid();
    await buyer.api.post(`/orders/${order.id}/cancel`).expect(200);
    const [first] = ((await shop.detail(buyer, order.id)) as OrderBody & { refunds: RefundBody[] }).refunds;
    const id = first?.id ?? '';
    await tell('failed', id).expect(200);
    expect(await shop.detail(buyer, order.id)).toMatchObject({
      status: 'cancelled',
      paymentStatus: 'paid',
      payments: [{ status: 'refund_pending' }],
    });
    expect(await attention()).toContain(id);
    const { status, finding, refunds } = await doctor();
    expect([status, finding?.status]).toEqual(['warn', 'warn']);
    expect(finding?.remedy).toContain('/retry');
    expect(refunds).toContain(id);
    const replies = await Promise.all([1, 2, 3].map(() => clerk.api.post(`/refunds/${id}/retry`)));
    expect(replies.map((r) => r.status).sort()).toEqual([201, 409, 409]);
    const again = replies.find((r) => r.status === 201)?.body as RefundBody;
    expect(await shop.detail(buyer, order.id)).toMatchObject({
      paymentStatus: 'refunded',
      payments: [{ status: 'refunded' }],
      refunds: [
        { id, status: 'failed', reason: 'order_cancelled' },
        { id: again.id, status: 'succeeded', reason: 'order_cancelled', amount: { amount: '1000' } },
      ],
    });
    const listed = (await clerk.api.get('/staff/refunds?status=failed').expect(200)).body
      .items as RefundBody[];
    expect(listed.find((item) => item.id === id)?.replacedBy).toBe(again.id);
    expect(await attention()).not.toContain(id);
    expect((await doctor()).refunds).not.toContain(id);
  });

  it('of money that came too late is no source of what the order owes', async () => {
    const order = await shop.order(buyer, await shop.product(), 2);
    const pay = async (token: string) =>
      (await buyer.api.post(`/orders/${order.id}/payments`).send({ token }).expect(201)).body as {
        id: string;
      };
    const amount = { amount: '2000', currency: 'EUR' };
    const late = await pay('tok_timeout');
    await send('payment.declined', { paymentId: late.id, amount }).expect(200);
    const kept = await pay('tok_success');
    await send('payment.captured', { paymentId: late.id, amount }).expect(200);
    const detail = async () => (await shop.detail(buyer, order.id)) as OrderBody & { refunds: RefundBody[] };
    const [sent] = (await detail()).refunds;
    await tell('failed', sent?.id ?? '').expect(200);
    expect(await detail()).toMatchObject({
      payments: [
        { id: late.id, status: 'refund_pending' },
        { id: kept.id, status: 'captured' },
      ],
    });
    const [line] = order.lines;
    const lines = [{ lineId: line?.id, quantity: 1 }];
    await buyer.api.post(`/orders/${order.id}/cancel`).send({ lines }).expect(200);
    await clerk.api.post(`/refunds/${sent?.id}/retry`).expect(201);
    expect(await detail()).toMatchObject({
      paymentStatus: 'partially_refunded',
      payments: [
        { id: late.id, status: 'refunded' },
        { id: kept.id, status: 'captured', refundedAmount: { amount: '1000' } },
      ],
    });
  });

  it('is made again of what is left, and needs nobody once nothing is', async () => {
    const { order, paymentId } = await paid();
    const done = await refund(paymentId, '700');
    await tell('failed', done.id).expect(200);
    const other = await refund(paymentId, '600');
    const again = (await clerk.api.post(`/refunds/${done.id}/retry`).expect(201)).body as RefundBody;
    expect(again.amount.amount).toBe('400');
    await tell('failed', again.id).expect(200);
    await tell('failed', other.id).expect(200);
    expect(await attention()).toEqual(expect.arrayContaining([again.id, other.id]));
    await refund(paymentId);
    expect(await attention()).not.toContain(again.id);
    const late = await clerk.api.post(`/refunds/${other.id}/retry`);
    expect([late.status, late.body.code]).toEqual([409, 'refund_exceeds_capture']);
    expect((await shop.detail(buyer, order.id)).paymentStatus).toBe('refunded');
  });

  it('is closed with a note by whoever gave the money back in another way', async () => {
    const { order, paymentId } = await paid();
    const done = await refund(paymentId, '300');
    const refused = await clerk.api.post(`/refunds/${done.id}/close`).send({ note: 'x' });
    expect([refused.status, refused.body.code]).toEqual([409, 'transition_not_allowed']);
    await tell('failed', done.id).expect(200);
    expect((await clerk.api.post(`/refunds/${done.id}/close`).send({})).status).toBe(400);
    const close = () =>
      clerk.api
        .post(`/refunds/${done.id}/close`)
        .set('Idempotency-Key', 'close')
        .send({ note: 'by transfer' });
    expect((await close().expect(200)).body).toMatchObject({ status: 'failed', closedNote: 'by transfer' });
    await close().expect(200);
    expect(await attention()).not.toContain(done.id);
    expect((await clerk.api.post(`/refunds/${done.id}/retry`)).body.code).toBe('transition_not_allowed');
    const [entry] = await t.app.connections.read.query<{ subject: string }>(
      "SELECT subject FROM audit_log WHERE action = 'refund.close'",
    );
    expect(entry?.subject).toBe(`refund:${done.id}`);
    // The note is of staff for staff.
    expect(JSON.stringify(await shop.detail(buyer, order.id))).not.toContain('by transfer');
  });

  it('that nobody knows changes nothing, and is not found', async () => {
    const unknown = '0198a7c0-0000-7000-8000-000000000000';
    expect((await tell('failed', unknown)).status).toBe(404);
    expect((await clerk.api.post(`/refunds/${unknown}/retry`)).status).toBe(404);
    expect((await clerk.api.post(`/refunds/${unknown}/close`).send({ note: 'x' })).status).toBe(404);
    expect((await buyer.api.get('/staff/refunds')).status).toBe(403);
  });
});

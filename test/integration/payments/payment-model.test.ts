import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { mockWebhookSecret } from '../../../src/app/payments.ts';
import type { Product } from '../../../src/domain/catalog/product.ts';
import { INVARIANTS, violationOf } from '../../../src/infra/db/invariants/sql-invariants.ts';
import { sign } from '../../../src/infra/payments/mock-signature.ts';
import { type Account, staff } from '../../support/accounts.ts';
import { setupApp, type TestApp } from '../../support/setup-app.ts';
import { type OrderBody, Shop } from '../../support/shop.ts';

/** Whatever happens to one order and its payments, `which` being one of its attempts. */
type Step =
  | { readonly do: 'pay'; readonly token: string }
  | { readonly do: 'webhook'; readonly type: string; readonly which: number; readonly again: boolean }
  | { readonly do: 'capture' | 'void' | 'withdraw' | 'complete'; readonly which: number }
  | { readonly do: 'refund'; readonly which: number; readonly amount: number }
  | { readonly do: 'cancel' | 'expire' | 'reconcile' };

const which = fc.nat(3);
const steps = fc.array(
  fc.oneof(
    fc.record({
      do: fc.constant('pay' as const),
      token: fc.constantFrom(
        'tok_success',
        'tok_authorize',
        'tok_declined',
        'tok_requires_action',
        'tok_timeout',
        'tok_lost_answer',
      ),
    }),
    fc.record({
      do: fc.constant('webhook' as const),
      type: fc.constantFrom('authorized', 'captured', 'declined'),
      which,
      again: fc.boolean(),
    }),
    fc.record({ do: fc.constantFrom('capture', 'void', 'withdraw', 'complete'), which }),
    fc.record({ do: fc.constant('refund' as const), which, amount: fc.integer({ min: 1, max: 1200 }) }),
    fc.record({ do: fc.constantFrom('cancel', 'expire', 'reconcile') }),
  ),
  { minLength: 1, maxLength: 12 },
);

interface Money {
  amount: string;
}
interface Detail extends OrderBody {
  payments: { id: string; status: string; capturedAmount: Money; refundedAmount: Money }[];
  refunds: { paymentId: string; status: string; amount: Money }[];
}

describe('an order and its payments, against a simple model', () => {
  let t: TestApp;
  let shop: Shop;
  let product: Product;
  let clerk: Account;
  beforeAll(async () => {
    t = await setupApp();
    shop = new Shop(t);
    product = await shop.product({ stock: 10_000 });
    clerk = await staff(t);
  });
  afterAll(() => t.close());

  it('keeps its money straight, in whatever order things happen', async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (sequence) => {
        const play = await Play.start(t, shop, product, clerk);
        for (const step of sequence) {
          const status = await play.perform(step);
          if (status >= 500) throw new Error(`${JSON.stringify(step)}: ${status}`);
          play.check(await play.detail());
        }
        await play.settle();
        play.checkSettled(await play.detail());
      }),
      { numRuns: 30 },
    );
    for (const invariant of INVARIANTS)
      expect(await violationOf(t.app.connections.read, invariant, 3)).toBeUndefined();
  }, 120_000);
});

/** One order, and what the model knows of it: how much its attempts may have taken. */
class Play {
  readonly #t: TestApp;
  readonly #shop: Shop;
  readonly #buyer: Account;
  readonly #clerk: Account;
  readonly #order: OrderBody;
  #payments: string[] = [];
  #everPaid = false;

  private constructor(t: TestApp, shop: Shop, who: { buyer: Account; clerk: Account }, order: OrderBody) {
    this.#t = t;
    this.#shop = shop;
    this.#buyer = who.buyer;
    this.#clerk = who.clerk;
    this.#order = order;
  }

  static async start(t: TestApp, shop: Shop, product: Product, clerk: Account): Promise<Play> {
    const buyer = await shop.buyer();
    return new Play(t, shop, { buyer, clerk }, await shop.order(buyer, product));
  }

  async detail(): Promise<Detail> {
    const detail = (await this.#clerk.api.get(`/orders/${this.#order.id}`).expect(200)).body as Detail;
    this.#payments = detail.payments.map((p) => p.id);
    return detail;
  }

  /** @returns the HTTP status, or 200 for what jobs do */
  async perform(step: Step): Promise<number> {
    const order = `/orders/${this.#order.id}`;
    switch (step.do) {
      case 'pay':
        return (await this.#buyer.api.post(`${order}/payments`).send({ token: step.token })).status;
      case 'cancel':
        return (await this.#buyer.api.post(`${order}/cancel`)).status;
      case 'expire':
        return this.#inAnHour(() => this.#t.app.trade.expireUnpaidOrders.run());
      case 'reconcile':
        return this.#inAnHour(() => this.#t.app.trade.reconcilePayments.run());
      case 'webhook':
      case 'refund':
      case 'withdraw':
      case 'complete':
      case 'capture':
      case 'void': {
        const payment = this.#payments[step.which % Math.max(1, this.#payments.length)];
        return payment === undefined ? 200 : this.#onPayment(step, payment);
      }
    }
  }

  async #onPayment(step: Extract<Step, { which: number }>, id: string): Promise<number> {
    const { api } = this.#clerk;
    switch (step.do) {
      case 'webhook':
        return this.#deliver(step, id);
      case 'refund': {
        const amount = { amount: String(step.amount), currency: 'EUR' };
        return (await api.post(`/payments/${id}/refunds`).send({ amount, note: 'model' })).status;
      }
      case 'withdraw':
        return (await this.#buyer.api.post(`/payments/${id}/cancel`)).status;
      case 'complete':
        return (await this.#t.api.post(`/payments/mock/${id}/complete`)).status;
      case 'capture':
      case 'void':
        return (await api.post(`/payments/${id}/${step.do}`)).status;
    }
  }

  async #deliver(step: Extract<Step, { do: 'webhook' }>, paymentId: string): Promise<number> {
    const data = { paymentId, amount: { amount: '1000', currency: 'EUR' } };
    const body = JSON.stringify({ id: `${step.type}-${paymentId}`, type: `payment.${step.type}`, data });
    const signature = sign(mockWebhookSecret(this.#t.app.config.secretKey), new Date(), Buffer.from(body));
    const send = () =>
      this.#t.api
        .post('/payments/webhooks/mock')
        .set('Content-Type', 'application/json')
        .set('X-Mock-Signature', signature)
        .send(body);
    const replies = await Promise.all(step.again ? [send(), send(), send()] : [send()]);
    return Math.max(...replies.map((reply) => reply.status));
  }

  async #inAnHour(work: () => Promise<unknown>): Promise<number> {
    const now = new Date();
    this.#t.clock.set(new Date(now.getTime() + 3_600_000));
    await work();
    this.#t.clock.set(now);
    return 200;
  }

  /** Lets everything that is open come to its end. */
  async settle(): Promise<void> {
    await this.#inAnHour(() => this.#t.app.trade.reconcilePayments.run());
    await this.#t.app.trade.giveBackMoney.sweep();
    const events = await this.#shop.events(this.#order.id);
    for (const type of ['order.authorized.v1', 'order.paid.v1', 'order.cancelled.v1', 'order.expired.v1'])
      expect(events.filter((e) => e === type).length).toBeLessThanOrEqual(1);
  }

  check(detail: Detail): void {
    for (const payment of detail.payments) {
      const captured = Number(payment.capturedAmount.amount);
      const promised = detail.refunds
        .filter((r) => r.paymentId === payment.id && r.status !== 'failed')
        .reduce((sum, r) => sum + Number(r.amount.amount), 0);
      expect([0, 1000]).toContain(captured);
      expect(promised).toBeLessThanOrEqual(captured);
    }
    // Paid once is paid for ever, whatever staff refund of it, until it is cancelled.
    if (this.#everPaid) expect(['paid', 'cancelled']).toContain(detail.status);
    this.#everPaid ||= detail.status === 'paid';
  }

  checkSettled(detail: Detail): void {
    const kept = detail.payments.filter(
      (p) => Number(p.capturedAmount.amount) > Number(p.refundedAmount.amount),
    );
    expect(kept.length).toBeLessThanOrEqual(detail.status === 'paid' ? 1 : 0);
    expect(detail.refunds.every((r) => r.status === 'succeeded')).toBe(true);
    const open = ['pending', 'requires_action', 'capture_pending', 'void_pending', 'refund_pending'];
    expect(detail.payments.filter((p) => open.includes(p.status))).toEqual([]);
    if (detail.status === 'cancelled' || detail.status === 'expired')
      expect(['unpaid', 'refunded']).toContain(detail.paymentStatus);
    else if (this.#everPaid) expect(detail.status).toBe('paid');
  }
}

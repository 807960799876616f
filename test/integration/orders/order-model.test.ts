import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { mockWebhookSecret } from '../../../src/app/payments.ts';
import type { Product } from '../../../src/domain/catalog/product.ts';
import { newId } from '../../../src/domain/shared/ids.ts';
import { INVARIANTS, violationOf } from '../../../src/infra/db/invariants/sql-invariants.ts';
import { sign } from '../../../src/infra/payments/mock-signature.ts';
import { type Account, staff } from '../../support/accounts.ts';
import { setupApp, type TestApp } from '../../support/setup-app.ts';
import { type Buyer, type OrderBody, Shop } from '../../support/shop.ts';
import { type Notice, OrderModel, type Token } from './order-model.ts';

let t: TestApp;
let shop: Shop;
let clerk: Account;
let buyer: Buyer;
let product: Product;
beforeAll(async () => {
  t = await setupApp();
  shop = new Shop(t);
  [clerk, buyer, product] = await Promise.all([staff(t), shop.buyer(), shop.product({ stock: 100_000 })]);
});
afterAll(() => t.close());

const UNITS = 2;
/** The machines do not know the database: a few on a server are enough. MODEL_RUNS=1000 searches longer. */
const RUNS = Number(process.env.MODEL_RUNS ?? (process.env.TEST_DATABASE_URL === undefined ? 50 : 10));

/** The order that the program keeps, driven over HTTP. */
class RealOrder {
  readonly id: string;
  readonly #total: OrderBody['total'];

  constructor({ id, total }: OrderBody) {
    this.id = id;
    this.#total = total;
  }

  async answer(api: Account, path: string, body?: object): Promise<string> {
    const reply = await api.api.post(path).send(body);
    return reply.status < 400 ? String(reply.status) : `${reply.status} ${reply.body.code}`;
  }

  detail(): Promise<OrderBody> {
    return shop.detail(buyer, this.id);
  }

  async payment(index: number): Promise<string> {
    return (await this.detail()).payments[index]?.id ?? '';
  }

  refundHalf(paymentId: string): Promise<string> {
    const amount = { ...this.#total, amount: String(BigInt(this.#total.amount) / 2n) };
    return this.answer(clerk, `/payments/${paymentId}/refunds`, { amount, note: 'half' });
  }

  async notice(paymentId: string, notice: Notice): Promise<void> {
    const data = { paymentId, amount: this.#total };
    const body = JSON.stringify({ id: `evt_${newId()}`, type: `payment.${notice}`, data });
    const secret = mockWebhookSecret(t.app.config.secretKey);
    await t.api
      .post('/payments/webhooks/mock')
      .set('Content-Type', 'application/json')
      .set('X-Mock-Signature', sign(secret, t.clock.now(), Buffer.from(body)))
      .send(body)
      .expect(200);
  }

  async expire(): Promise<void> {
    const past = new Date(t.clock.now().getTime() - 1000);
    await t.app.connections.write((sql) =>
      sql.run('UPDATE orders SET expires_at = ? WHERE id = ?', [past, this.id]),
    );
    await t.app.trade.expireUnpaidOrders.run();
    await t.app.trade.giveBackMoney.sweep();
  }
}

type Command = fc.AsyncCommand<OrderModel, RealOrder>;

const command = (
  name: string,
  run: (model: OrderModel, real: RealOrder) => Promise<void>,
  check: (model: Readonly<OrderModel>) => boolean = () => true,
): Command => ({
  check,
  run: async (model, real) => {
    const [before, held] = [await shop.stock(product), model.holdsStock];
    await run(model, real);
    await compare(model, real);
    const after = await shop.stock(product);
    expect(after.reserved - before.reserved).toBe(held && !model.holdsStock ? -UNITS : 0);
    const left = held && model.parcel === 'shipped' ? UNITS : 0;
    expect(before.onHand - after.onHand).toBe(left);
  },
  toString: () => name,
});

async function compare(model: OrderModel, real: RealOrder): Promise<void> {
  const { status, payments } = await real.detail();
  expect({ status, payments: payments.map((p) => p.status) }).toEqual({
    status: model.status,
    payments: model.attempts.map(({ state }) => state),
  });
}

const post = (name: string, path: string, due: (model: OrderModel) => string, body?: object): Command =>
  command(name, async (model, real) => {
    const as = name === 'cancel' ? buyer : clerk;
    expect(await real.answer(as, `/orders/${real.id}/${path}`, body)).toBe(due(model));
  });

const pay = (token: Token): Command =>
  command(`pay ${token}`, async (model, real) => {
    expect(await real.answer(buyer, `/orders/${real.id}/payments`, { token })).toBe(model.pay(token));
  });

/** Of an attempt whose outcome nobody knew: the provider may say anything of it, any number of times. */
const notice = (told: Notice): Command =>
  command(
    `webhook ${told}`,
    async (model, real) => {
      const index = model.attempts.findIndex(({ token }) => token === 'tok_timeout');
      const attempt = model.attempts[index];
      if (attempt === undefined) return;
      await real.notice(await real.payment(index), told);
      model.notice(attempt, told);
    },
    (model) => model.attempts.some(({ token }) => token === 'tok_timeout'),
  );

const complete = (outcome: 'captured' | 'declined'): Command =>
  command(
    `complete ${outcome}`,
    async (model, real) => {
      const index = model.attempts.findIndex(({ state }) => state === 'requires_action');
      const attempt = model.attempts[index];
      if (attempt === undefined) return;
      const path = `/payments/mock/${await real.payment(index)}/complete`;
      expect(await real.answer(buyer, path, outcome === 'declined' ? { outcome } : {})).toBe('200');
      model.notice(attempt, outcome);
    },
    (model) => model.attempts.some(({ state }) => state === 'requires_action'),
  );

const capture = command(
  'capture',
  async (model, real) => {
    const index = model.attempts.findIndex(({ state }) => state === 'authorized');
    const attempt = model.attempts[index];
    if (attempt === undefined) return;
    expect(await real.answer(clerk, `/payments/${await real.payment(index)}/capture`)).toBe(
      model.capture(attempt),
    );
  },
  (model) => model.attempts.some(({ state }) => state === 'authorized'),
);

const refund = command(
  'refund a half',
  async (model, real) => {
    const index = model.attempts.findIndex(({ state }) => state === 'captured' || state === 'refunded');
    const attempt = model.attempts[index];
    if (attempt === undefined) return;
    expect(await real.refundHalf(await real.payment(index))).toBe(model.refundHalf(attempt));
  },
  (model) => model.attempts.some(({ state }) => state === 'captured' || state === 'refunded'),
);

const expiry = command('expire', async (model, real) => {
  await real.expire();
  model.expire();
});

const tokens = [
  'tok_success',
  'tok_authorize',
  'tok_declined',
  'tok_requires_action',
  'tok_timeout',
] as const;
const notices = ['captured', 'authorized', 'declined'] as const;
const step = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom(...tokens).map(pay) },
  { weight: 5, arbitrary: fc.constantFrom(...notices).map(notice) },
  { weight: 2, arbitrary: fc.constantFrom(complete('captured'), complete('declined'), capture) },
  { weight: 2, arbitrary: fc.constant(refund) },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      post('ship', 'ship', (model) => model.ship(), { carrier: 'DHL', trackingNumber: 'T' }),
      post('deliver', 'deliver', (model) => model.deliver()),
    ),
  },
  // What ends an order comes seldom, and everything else after it all the same.
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      post('cancel', 'cancel', (model) => model.cancel()),
      expiry,
    ),
  },
);
const commands = fc.commands([step], { maxCommands: 16, size: 'max' });

describe('an order and its payments', () => {
  it('are what a model of one page says after any steps, in any order', async () => {
    await fc.assert(
      fc.asyncProperty(commands, fc.constantFrom('DAP', 'DDP'), async (steps, incoterm) => {
        const order = new RealOrder(await shop.order(buyer, product, UNITS, { incoterm }));
        await fc.asyncModelRun(() => ({ model: new OrderModel(), real: order }), steps);
      }),
      { numRuns: RUNS },
    );
    for (const invariant of INVARIANTS)
      expect(await violationOf(t.app.connections.read, invariant, 3)).toBeUndefined();
  }, 120_000);
});

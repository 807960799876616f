import { setTimeout as delay } from 'node:timers/promises';
import { newId } from '../src/domain/shared/ids.ts';
import { type Answer, type Call, call, textOf } from './http-client.ts';
import { mockWebhook, type ShownPayment } from './mock-events.ts';
import { Tally } from './verdict.ts';
import type { Buyer, World } from './world.ts';

interface Target {
  readonly urls: readonly string[];
  /** The `Authorization` of a member of staff. */
  readonly staff: string;
  readonly variants: readonly string[];
}

/** How long a client comes again with the same key, in milliseconds. */
const PATIENCE = 20_000;
const TOKENS = [
  'tok_success',
  'tok_success',
  'tok_success',
  'tok_declined',
  'tok_requires_action',
  'tok_timeout',
];

const pick = <T>(list: readonly T[]): T | undefined => list[Math.floor(Math.random() * list.length)];

/** Clients that shop, pay, cancel, ship and correct stock at random, and come again when a connection breaks. */
export class LoadOfBuyers {
  readonly answers = new Tally();
  readonly failures: string[] = [];
  broken = 0;
  readonly #world: World;
  readonly #target: Target;
  readonly #orders: { readonly id: string; readonly buyer: Buyer }[] = [];

  constructor(world: World, target: Target) {
    this.#world = world;
    this.#target = target;
  }

  /** A promotion that not everybody gets: who cancels, or does not pay, gives his share back. */
  async offer(): Promise<void> {
    const body = {
      name: 'Chaos',
      kind: 'percentage',
      basisPoints: 1000,
      totalLimit: 15,
      perCustomerLimit: 2,
    };
    await this.#insist('promotion', { path: '/promotions', authorization: this.#target.staff, body });
  }

  async run(buyer: Buyer, until: number): Promise<void> {
    const actions = [
      () => this.#checkOut(buyer),
      () => this.#checkOut(buyer),
      () => this.#pay(),
      () => this.#pay(),
      () => this.#cancel(),
      () => this.#ship(),
      () => this.#ship(),
      () => this.#staff('deliver'),
      () => this.#staff('confirm'),
      () => this.#adjust(),
      () => this.#refund(),
      () => this.#cancelUnits(),
    ];
    while (Date.now() < until) await pick(actions)?.();
  }

  /** With one key over all attempts, on whichever server: it happens once. */
  async #insist(name: string, request: Call): Promise<Answer | undefined> {
    const keyed = { key: newId(), ...request };
    const deadline = Date.now() + PATIENCE;
    while (Date.now() < deadline) {
      try {
        const answer = await call(pick(this.#target.urls) ?? '', keyed);
        this.answers.add(`${name} ${answer.outcome}`);
        if (answer.status !== 503) return answer;
      } catch {
        this.broken += 1;
      }
      await delay(50 + Math.random() * 100);
    }
    return undefined;
  }

  async #checkOut(buyer: Buyer): Promise<void> {
    const { authorization } = buyer;
    const lines = 1 + Math.floor(Math.random() * 3);
    for (let line = 0; line < lines; line++) {
      const body = { variantId: pick(this.#target.variants), quantity: 1 + Math.floor(Math.random() * 3) };
      await this.#insist('cart', { path: '/cart/items', authorization, body });
    }
    const request = {
      path: '/orders',
      authorization,
      key: newId(),
      body: await this.#world.placement(buyer),
    };
    const placed = await this.#insist('checkout', request);
    if (placed?.status !== 201) return;
    const order = { id: textOf(placed.body, 'id'), buyer };
    this.#orders.push(order);
    if (Math.random() < 0.6) await this.#pay(order);
    if (Math.random() > 0.2) return;
    const again = await this.#insist('checkout again', request);
    if (again && again.text !== placed.text)
      this.failures.push(`one key, two answers: ${placed.text} and ${again.text}`);
  }

  /** Mostly a recent one, so that several clients want different things of one order at the same time. */
  #order() {
    return pick(Math.random() < 0.8 ? this.#orders.slice(-8) : this.#orders);
  }

  async #pay(order = this.#order()): Promise<void> {
    if (order === undefined) return;
    const { authorization } = order.buyer;
    const body = { token: pick(TOKENS) };
    const paid = await this.#insist('pay', { path: `/orders/${order.id}/payments`, authorization, body });
    if (paid?.status !== 201) return;
    const payment: ShownPayment = { id: textOf(paid.body, 'id'), amount: paid.body.amount };
    if (paid.body.status === 'requires_action' && Math.random() < 0.6) {
      await this.#insist('complete', { path: `/payments/mock/${payment.id}/complete`, body: {} });
    }
    if (paid.body.status === 'pending' && Math.random() < 0.8) await this.#webhook(payment);
  }

  async #webhook(payment: ShownPayment): Promise<void> {
    const { secretKey } = this.#world.database.config;
    const type =
      pick(['payment.captured', 'payment.captured', 'payment.authorized', 'payment.declined']) ?? '';
    const request = mockWebhook(secretKey, { id: `evt_${newId()}`, type, payment });
    await Promise.all([1, 2].map(() => this.#insist('webhook', request)));
  }

  async #cancel(): Promise<void> {
    const order = this.#order();
    if (order === undefined) return;
    const authorization = pick([order.buyer.authorization, this.#target.staff]) ?? '';
    await this.#insist('cancel', {
      path: `/orders/${order.id}/cancel`,
      authorization,
      body: { reason: 'chaos' },
    });
  }

  async #cancelUnits(): Promise<void> {
    const order = this.#order();
    const [line] = order === undefined ? [] : await this.#lines(order.id);
    if (line === undefined) return;
    await this.#staff('cancel', { lines: [{ lineId: line.id, quantity: 1 }] }, order);
  }

  #lines(orderId: string): Promise<{ id: string; quantity: number }[]> {
    return this.#world.rows('SELECT id, quantity FROM order_lines WHERE order_id = ? ORDER BY position', [
      orderId,
    ]);
  }

  /** A part of a capture, or all that is left. */
  async #refund(): Promise<void> {
    const order = this.#order();
    if (order === undefined) return;
    const [capture] = await this.#world.rows<{ payment_id: string; currency: string }>(
      'SELECT payment_id, currency FROM payment_captures WHERE order_id = ?',
      [order.id],
    );
    if (capture === undefined) return;
    const { payment_id: id, currency } = capture;
    const body = { note: 'chaos', ...(Math.random() < 0.8 && { amount: { amount: '100', currency } }) };
    const request = { path: `/payments/${id}/refunds`, authorization: this.#target.staff, body };
    const wishes = [request, request].slice(0, Math.random() < 0.5 ? 1 : 2);
    await Promise.all(wishes.map((wish) => this.#insist('refund', wish)));
  }

  async #ship(): Promise<void> {
    const order = this.#order();
    const [line] = order === undefined ? [] : await this.#lines(order.id);
    const part = line !== undefined && Math.random() < 0.5 && { lines: [{ lineId: line.id, quantity: 1 }] };
    await this.#staff('ship', { carrier: 'DHL', trackingNumber: newId(), ...part }, order);
  }

  async #staff(step: string, body?: unknown, order = this.#order()): Promise<void> {
    if (order === undefined) return;
    const request = { path: `/orders/${order.id}/${step}`, authorization: this.#target.staff };
    await this.#insist(step, { ...request, ...(body !== undefined && { body }) });
  }

  async #adjust(): Promise<void> {
    const variantId = pick(this.#target.variants) ?? '';
    const levels = await this.#world.rows<{ warehouse_id: string }>(
      'SELECT warehouse_id FROM stock_levels WHERE variant_id = ?',
      [variantId],
    );
    const delta = pick([-3, -1, 1, 5, 10]);
    const body = { variantId, warehouseId: pick(levels)?.warehouse_id, delta, reason: 'chaos' };
    await this.#insist('adjust', { path: '/stock/adjustments', authorization: this.#target.staff, body });
  }
}

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  advance,
  checkAgreed,
  checkTotals,
  type Order,
  orderLine,
  totalsOf,
} from '../../../src/domain/orders/order.ts';
import {
  isFinal,
  ORDER_STATUSES,
  ORDER_TRANSITIONS,
  type OrderStatus,
} from '../../../src/domain/orders/order-machine.ts';
import type { Actor } from '../../../src/domain/shared/actor.ts';
import { type Money, money } from '../../../src/domain/shared/money.ts';

const actors: Record<'customer' | 'staff' | 'system', Actor> = {
  customer: { type: 'user', userId: 'u', role: 'customer' },
  staff: { type: 'user', userId: 's', role: 'staff' },
  system: { type: 'system', name: 'test' },
};
const at = new Date('2026-01-01T00:00:00Z');

const line = (amount: bigint, quantity: number, discount = 0n) =>
  orderLine({
    id: 'l',
    position: 0,
    variantId: 'v',
    sku: 'S',
    name: 'N',
    options: {},
    hsCode: '851830',
    originCountry: 'CN',
    weightGrams: 1,
    warehouseId: 'w',
    unitPrice: money(amount, 'EUR'),
    quantity,
    discount: money(discount, 'EUR'),
  });

const order = (status: OrderStatus): Order => ({
  id: 'o',
  number: 'CB-2222-3333',
  userId: 'u',
  status,
  currency: 'EUR',
  totals: totalsOf([line(100n, 1)], 'EUR'),
  shippingAddress: {
    recipient: 'Ana',
    organization: null,
    line1: '1',
    line2: null,
    line3: null,
    district: null,
    city: null,
    region: null,
    postalCode: null,
    country: 'DE',
    phone: null,
  },
  identityId: undefined,
  locale: 'en',
  email: undefined,
  note: undefined,
  version: 1,
  eventSequence: 1,
  placedAt: at,
  updatedAt: at,
  expiresAt: at,
  confirmedAt: undefined,
  shippingMethod: undefined,
  promotions: [],
  incoterm: 'DAP',
  exchangeRate: undefined,
});

describe('the state machine of orders', () => {
  it('allows exactly what its table says, to whom it says', () => {
    for (const from of ORDER_STATUSES) {
      for (const to of ORDER_STATUSES) {
        for (const [kind, actor] of Object.entries(actors)) {
          const row = ORDER_TRANSITIONS.find((t) => t.from === from && t.to === to);
          const step = () => advance(order(from), to, { actor, at, id: 'h' });
          if (row?.by.some((by) => by === kind)) {
            expect(step().order.status).toBe(to);
            expect(step().entry).toMatchObject({ from, to, orderId: 'o' });
          } else {
            expect(step).toThrow(
              expect.objectContaining({ code: row ? 'forbidden' : 'transition_not_allowed' }),
            );
          }
        }
      }
    }
  });

  it('reaches every state from the first, and ends in three', () => {
    const reached = new Set<OrderStatus>(['pending_payment']);
    for (let i = 0; i < ORDER_STATUSES.length; i++) {
      for (const { from, to } of ORDER_TRANSITIONS) if (reached.has(from)) reached.add(to);
    }
    expect([...reached].sort()).toEqual([...ORDER_STATUSES].sort());
    expect(ORDER_STATUSES.filter(isFinal)).toEqual(['completed', 'cancelled', 'expired']);
  });

  it('lets no customer touch what belongs to payments and staff', () => {
    const own = ORDER_TRANSITIONS.filter((t) => t.by.includes('customer'));
    expect(own.every((t) => t.to === 'cancelled')).toBe(true);
  });
});

describe('totals', () => {
  it('are the sum of their parts, for any lines', () => {
    const rows = fc.array(
      fc.tuple(fc.bigInt({ min: 0n, max: 10n ** 15n }), fc.integer({ min: 1, max: 999 })),
    );
    fc.assert(
      fc.property(rows, (prices) => {
        const lines = prices.map(([price, quantity]) => line(price, quantity));
        const totals = totalsOf(lines, 'EUR');
        checkTotals(totals, lines);
        expect(totals.total.amount).toBe(prices.reduce((sum, [p, q]) => sum + p * BigInt(q), 0n));
      }),
    );
  });

  it('that do not add up are never stored', () => {
    const totals = totalsOf([line(100n, 2)], 'EUR');
    expect(() => checkTotals({ ...totals, total: money(199n, 'EUR') }, [line(100n, 2)])).toThrow('add up');
    expect(() => checkTotals(totals, [line(100n, 3)])).toThrow('add up');
    expect(() => checkTotals({ ...totals, tax: money(1n, 'EUR') }, [line(100n, 2)])).toThrow('add up');
    const [duty, total] = [money(1n, 'EUR'), money(201n, 'EUR')];
    expect(() => checkTotals({ ...totals, duty, total }, [line(100n, 2)])).toThrow('add up');
  });

  it('that the buyer did not agree to are refused, in amount or in currency', () => {
    const eur = money(100n, 'EUR');
    const check = (total: Money | undefined, changed = false, anyPrice = false) =>
      checkAgreed(eur, { total, anyPrice }, changed ? [{ sku: 'S', seen: money(90n, 'EUR'), now: eur }] : []);
    expect(() => check(eur)).not.toThrow();
    expect(() => check(undefined)).not.toThrow();
    for (const other of [money(99n, 'EUR'), money(100n, 'USD')]) {
      expect(() => check(other)).toThrow(expect.objectContaining({ code: 'price_changed' }));
      expect(() => check(other, true, true)).not.toThrow();
    }
    expect(() => check(undefined, true)).toThrow(
      expect.objectContaining({
        facts: expect.objectContaining({
          items: [
            {
              sku: 'S',
              seenPrice: { amount: '90', currency: 'EUR' },
              price: { amount: '100', currency: 'EUR' },
            },
          ],
        }) as unknown,
      }),
    );
    expect(() => check(eur, true)).not.toThrow();
    expect(() => check(undefined, true, true)).not.toThrow();
  });
});

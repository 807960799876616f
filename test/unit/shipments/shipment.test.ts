import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { unitShare } from '../../../src/domain/orders/order.ts';
import { fulfilmentStatus, unitsLeft } from '../../../src/domain/shipments/shipment.ts';

const lines = [
  { id: 'a', quantity: 2 },
  { id: 'b', quantity: 1 },
];
const units = (orderLineId: string, quantity: number) => ({ orderLineId, quantity });
const parcel = (status: 'shipped' | 'delivered', ...of: ReturnType<typeof units>[]) => ({
  status,
  lines: of,
});
const [a1, a2, b] = [units('a', 1), units('a', 2), units('b', 1)];
const code = (value: string) => expect.objectContaining({ code: value });

describe('fulfilment', () => {
  it('is derived from what left and what arrived', () => {
    expect(fulfilmentStatus(lines, [])).toBe('unfulfilled');
    expect(fulfilmentStatus(lines, [parcel('shipped', a1)])).toBe('partially_shipped');
    expect(fulfilmentStatus(lines, [parcel('shipped', a2), parcel('shipped', b)])).toBe('shipped');
    expect(fulfilmentStatus(lines, [parcel('delivered', a1), parcel('shipped', b)])).toBe(
      'partially_delivered',
    );
    expect(fulfilmentStatus(lines, [parcel('delivered', a2, b)])).toBe('delivered');
  });

  it('counts what was cancelled as never ordered, and what came back as returned', () => {
    const status = (cancelled: (typeof a1)[], returned: (typeof a1)[]) =>
      fulfilmentStatus(lines, [parcel('delivered', a2)], { cancelled, returned });
    expect(status([], [])).toBe('partially_delivered');
    expect(status([b], [])).toBe('delivered');
    expect(status([b], [a1])).toBe('partially_returned');
    expect(status([b], [a2])).toBe('returned');
    expect(status([], [a2])).toBe('partially_delivered');
  });

  it('takes the units asked for, or all that are left', () => {
    expect(unitsLeft(lines, [], undefined)).toEqual([a2, b]);
    expect(unitsLeft(lines, [a1], undefined)).toEqual([a1, b]);
    expect(unitsLeft(lines, [a2], undefined)).toEqual([b]);
    expect(unitsLeft(lines, [], [{ lineId: 'a', quantity: 1 }])).toEqual([a1]);
    expect(unitsLeft(lines, [a1], [{ lineId: 'a', quantity: undefined }])).toEqual([a1]);
  });

  it('takes nothing twice, and nothing that the order does not have', () => {
    const none = { lineId: 'a', quantity: undefined };
    expect(() => unitsLeft(lines, [a2, b], undefined)).toThrow(code('transition_not_allowed'));
    expect(() => unitsLeft(lines, [a2], [none])).toThrow(code('transition_not_allowed'));
    expect(() => unitsLeft(lines, [a1], [{ lineId: 'a', quantity: 2 }])).toThrow(
      code('transition_not_allowed'),
    );
    expect(() => unitsLeft(lines, [], [{ lineId: 'c', quantity: 1 }])).toThrow(code('not_found'));
    expect(() => unitsLeft(lines, [], [none, none])).toThrow(code('validation_failed'));
  });
});

const eur = (amount: bigint) => ({ amount, currency: 'EUR' });
const cents = fc.bigInt({ min: 0n, max: 10n ** 12n });

describe('the share of units in a line', () => {
  it('sums to the line exactly, in whatever portions they go', () => {
    const portions = fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(portions, fc.tuple(cents, cents, cents, cents), (sizes, [discount, cost, tax, duty]) => {
        const quantity = sizes.reduce((n, size) => n + size, 0);
        const line = {
          quantity,
          total: eur(cost + discount),
          discount: eur(discount),
          tax: eur(tax),
          duty: eur(duty),
        };
        let before = 0;
        let paid = 0n;
        for (const size of sizes) {
          const share = unitShare(line, before, size).amount;
          expect(share).toBeGreaterThanOrEqual(0n);
          paid += share;
          before += size;
        }
        expect(paid).toBe(cost + tax + duty);
      }),
    );
  });

  it('has none for units that the line does not have', () => {
    const line = { quantity: 2, total: eur(200n), discount: eur(0n), tax: eur(0n), duty: eur(0n) };
    expect(() => unitShare(line, 1, 2)).toThrow('no units');
  });
});

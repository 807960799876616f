import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  availabilityOf,
  type CartLine,
  type CartView,
  canCheckOut,
  itemsTotal,
  MAX_LINES,
  MAX_QUANTITY,
  mergeLines,
} from '../../../src/domain/carts/cart.ts';
import { money } from '../../../src/domain/shared/money.ts';

const at = new Date('2026-01-01T00:00:00Z');
const line = (fields: Partial<CartLine> = {}): CartLine => ({
  variantId: 'v',
  productId: 'p',
  productSlug: 's',
  sku: 'S',
  name: 'N',
  options: {},
  imageUrl: undefined,
  quantity: 2,
  weightGrams: 500,
  unitPrice: money(250n, 'EUR'),
  seenPrice: undefined,
  onSale: true,
  available: 5,
  ...fields,
});
const view = (...lines: CartLine[]): CartView => ({
  cart: {
    id: 'c',
    owner: { type: 'user', userId: 'u' },
    currency: 'EUR',
    couponCode: undefined,
    version: 1,
    createdAt: at,
    updatedAt: at,
  },
  lines,
});

describe('a cart', () => {
  it('counts what is on sale and priced', () => {
    expect(itemsTotal(view(line(), line({ onSale: false }), line({ unitPrice: undefined }))).amount).toBe(
      500n,
    );
    expect(itemsTotal(view()).amount).toBe(0n);
  });

  it('names the first reason why a line cannot be ordered', () => {
    expect(availabilityOf(line())).toBe('available');
    expect(availabilityOf(line({ quantity: 6 }))).toBe('insufficient_stock');
    expect(availabilityOf(line({ quantity: 6, unitPrice: undefined }))).toBe('price_unavailable');
    expect(availabilityOf(line({ onSale: false, unitPrice: undefined }))).toBe('withdrawn');
  });

  it('can be checked out when there is something in it, and all of it is available', () => {
    expect(canCheckOut(view(line()))).toBe(true);
    expect(canCheckOut(view())).toBe(false);
    expect(canCheckOut(view(line(), line({ available: 1 })))).toBe(false);
  });

  it('merges with a sum per variant, within the limits, and never loses a line of its own', () => {
    const items = fc.uniqueArray(fc.integer({ min: 0, max: 150 }), { maxLength: MAX_LINES }).chain((ids) =>
      fc.tuple(
        ...ids.map((id) =>
          fc.record({
            variantId: fc.constant(String(id)),
            quantity: fc.integer({ min: 1, max: MAX_QUANTITY }),
            seenPrice: fc.constantFrom(undefined, 1000n, 1200n),
          }),
        ),
      ),
    );
    fc.assert(
      fc.property(items, items, (own, guest) => {
        const merged = new Map(mergeLines(own, guest).map((l) => [l.variantId, l.quantity]));
        expect(merged.size).toBeLessThanOrEqual(MAX_LINES);
        for (const { variantId, quantity } of own) {
          const added = guest.find((g) => g.variantId === variantId)?.quantity ?? 0;
          expect(merged.get(variantId)).toBe(Math.min(MAX_QUANTITY, quantity + added));
        }
      }),
    );
  });
});

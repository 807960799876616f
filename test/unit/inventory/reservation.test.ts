import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { choosePicks, type Demand, sumDemand } from '../../../src/domain/inventory/reservation.ts';
import { DomainError } from '../../../src/domain/shared/errors.ts';

const demand = (variantId: string, quantity: number, offers: Record<string, number>): Demand => ({
  variantId,
  sku: variantId.toUpperCase(),
  quantity,
  offers: Object.entries(offers).map(([warehouseId, available]) => ({
    stockLevelId: `${warehouseId}-${variantId}`,
    warehouseId,
    country: 'DE',
    available,
  })),
});

const levels = (demands: readonly Demand[]): string[] => choosePicks(demands).map((p) => p.stockLevelId);

describe('choosing the warehouse of an order', () => {
  it('takes one warehouse that has everything, though others have more of something', () => {
    expect(levels([demand('a', 2, { w1: 90, w2: 2 }), demand('b', 1, { w2: 1 })])).toEqual(['w2-a', 'w2-b']);
  });

  it('takes the first of several that could, every time', () => {
    expect(levels([demand('a', 1, { w2: 50, w1: 1 })])).toEqual(['w1-a']);
  });

  it('falls back to the fullest warehouse of each SKU', () => {
    expect(levels([demand('a', 2, { w1: 3, w2: 5 }), demand('b', 1, { w1: 1, w2: 0 })])).toEqual([
      'w1-a',
      'w1-b',
    ]);
    expect(levels([demand('a', 4, { w1: 3, w2: 5 }), demand('b', 1, { w1: 1, w2: 0 })])).toEqual([
      'w1-b',
      'w2-a',
    ]);
  });

  it('holds the sum of a SKU against its stock, not each mention of it', () => {
    expect(sumDemand([demand('a', 2, { w1: 3 }), demand('a', 2, { w1: 3 })])).toMatchObject([
      { quantity: 4 },
    ]);
    expect(() => choosePicks([demand('a', 2, { w1: 3 }), demand('a', 2, { w1: 3 })])).toThrow(DomainError);
  });

  it('names every SKU that is short, with what is left of it', () => {
    try {
      choosePicks([demand('a', 5, { w1: 3, w2: 4 }), demand('b', 1, {}), demand('c', 1, { w1: 1 })]);
      expect(true).toBe(false);
    } catch (error) {
      expect(error).toMatchObject({
        code: 'insufficient_stock',
        facts: {
          items: [
            { sku: 'A', requested: 5, available: 4 },
            { sku: 'B', requested: 1, available: 0 },
          ],
        },
      });
    }
  });

  it('picks enough of everything, in lock order, whenever some warehouse has enough of each', () => {
    const offers = fc.dictionary(fc.constantFrom('w1', 'w2', 'w3'), fc.integer({ min: -2, max: 9 }));
    const demands = fc
      .uniqueArray(fc.constantFrom('a', 'b', 'c', 'd'), { minLength: 1 })
      .chain((ids) =>
        fc.tuple(...ids.map((id) => fc.tuple(fc.constant(id), fc.integer({ min: 1, max: 9 }), offers))),
      );
    fc.assert(
      fc.property(demands, (rows) => {
        const wanted = rows.map(([id, quantity, from]) => demand(id, quantity, from));
        const possible = wanted.every((d) => d.offers.some((o) => o.available >= d.quantity));
        if (!possible) {
          expect(() => choosePicks(wanted)).toThrow(DomainError);
          return;
        }
        const picks = choosePicks(wanted);
        expect(picks.map((p) => p.variantId).sort()).toEqual(wanted.map((d) => d.variantId).sort());
        for (const pick of picks) {
          const d = wanted.find((w) => w.variantId === pick.variantId);
          const offer = d?.offers.find((o) => o.stockLevelId === pick.stockLevelId);
          expect(offer?.available).toBeGreaterThanOrEqual(pick.quantity);
        }
        const ids = picks.map((p) => p.stockLevelId);
        expect(ids).toEqual([...ids].sort());
      }),
    );
  });
});

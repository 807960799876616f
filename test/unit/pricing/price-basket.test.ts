import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  chargeLine,
  checkTotals,
  type OrderLine,
  orderLine,
  totalsOf,
  unitShare,
} from '../../../src/domain/orders/order.ts';
import type { Promotion } from '../../../src/domain/promotions/promotion.ts';
import { add, equals, type Money, money, subtract, sum } from '../../../src/domain/shared/money.ts';
import { type PricingTerms, priceBasket } from '../../../src/domain/use-cases/price-basket.ts';
import { promotion } from '../../support/promotion.ts';

const eur = (amount: bigint): Money => money(amount, 'EUR');
const at = new Date('2026-03-01T00:00:00Z');
const price = (
  lines: bigint[],
  promotions: Promotion[],
  terms: Partial<PricingTerms> & { used?: number } = {},
) =>
  priceBasket(lines.map(eur), {
    currency: 'EUR',
    at,
    couponCode: undefined,
    shipping: undefined,
    candidates: promotions.map((p) => ({ promotion: p, usedByCustomer: terms.used ?? 0 })),
    ...terms,
  });
const amounts = (values: readonly Money[]) => values.map((value) => value.amount);

describe('the price of a basket', () => {
  it('is the goods and the shipping where nothing applies', () => {
    expect(price([300n, 200n], [], { shipping: eur(490n) })).toMatchObject({
      items: eur(500n),
      discount: eur(0n),
      shipping: eur(490n),
      total: eur(990n),
      applied: [],
      couponRefusal: undefined,
    });
  });

  it('spreads a discount over the lines by largest remainder', () => {
    const fixed = promotion({ kind: 'fixed', amounts: [eur(100n)] });
    expect(amounts(price([100n, 100n, 100n], [fixed]).lineDiscounts)).toEqual([34n, 33n, 33n]);
  });

  it('counts the automatic promotion that saves most, the oldest of equals', () => {
    const small = promotion({ id: 'a', basisPoints: 500 });
    const [large, same] = [promotion({ id: 'c' }), promotion({ id: 'b' })];
    const ids = (...list: Promotion[]) => price([1000n], list).applied.map(({ promotion: p }) => p.id);
    expect(ids(small, large)).toEqual(['c']);
    expect(ids(large, same)).toEqual(['b']);
  });

  it('prefers free shipping where the shipping is worth more', () => {
    const free = promotion({ id: 'z', kind: 'free_shipping' });
    const dear = price([1000n], [promotion(), free], { shipping: eur(101n) });
    expect([dear.shipping.amount, dear.discount.amount, dear.total.amount]).toEqual([0n, 0n, 1000n]);
    const cheap = price([1000n], [promotion(), free], { shipping: eur(99n) });
    expect([cheap.shipping.amount, cheap.discount.amount]).toEqual([99n, 100n]);
  });

  it('counts one coupon on what the automatic one leaves', () => {
    const coupon = promotion({ id: 'k', code: 'HALF', basisPoints: 5000 });
    const both = price([1000n], [promotion(), coupon], { couponCode: 'HALF' });
    expect(both.applied.map(({ saving }) => saving.amount)).toEqual([100n, 450n]);
    expect(both.total).toEqual(eur(450n));
    expect(price([1000n], [promotion(), coupon]).total).toEqual(eur(900n));
  });

  it('takes no more off a line than is left of it', () => {
    const cent = promotion({ kind: 'fixed', amounts: [eur(1n)] });
    const all = promotion({ id: 'k', code: 'ALL', basisPoints: 10_000 });
    expect(amounts(price([1n, 1n, 1n], [cent, all], { couponCode: 'ALL' }).lineDiscounts)).toEqual([
      1n,
      1n,
      1n,
    ]);
  });

  it('says why a coupon does not count', () => {
    const coupon = promotion({ code: 'HALF', minimums: [eur(2000n)] });
    expect(price([1000n], [coupon], { couponCode: 'HALF' }).couponRefusal).toBe('minimum_spend');
    expect(price([1000n], [coupon], { couponCode: 'NONE' }).couponRefusal).toBe('unknown');
  });

  it('uses up no promotion that saves nothing', () => {
    const free = promotion({ kind: 'free_shipping', code: 'SHIP' });
    expect(price([1000n], [free], { couponCode: 'SHIP', shipping: eur(0n) }).applied).toEqual([]);
    expect(price([0n], [promotion()]).applied).toEqual([]);
    expect(price([], [promotion()])).toMatchObject({ total: eur(0n), lineDiscounts: [] });
  });

  it('mixes no currencies', () => {
    expect(() => price([1n], [], { currency: 'USD' })).toThrow(/cannot be mixed/);
    expect(() => price([1n], [], { shipping: money(1n, 'USD') })).toThrow(/cannot be mixed/);
  });
});

const anyPromotion = fc
  .record({
    id: fc.uuid(),
    code: fc.option(fc.constant('CODE'), { nil: undefined }),
    kind: fc.constantFrom('percentage' as const, 'fixed' as const, 'free_shipping' as const),
    basisPoints: fc.integer({ min: 1, max: 10_000 }),
    amount: fc.bigInt({ min: 1n, max: 100_000n }),
    minimum: fc.option(fc.bigInt({ min: 1n, max: 50_000n }), { nil: undefined }),
  })
  .map(({ amount, minimum, ...rest }) =>
    promotion({ ...rest, amounts: [eur(amount)], minimums: minimum === undefined ? [] : [eur(minimum)] }),
  );

describe('whatever is bought, and whatever promotions there are', () => {
  const goods = fc.array(
    fc.record({ unit: fc.bigInt({ min: 0n, max: 30_000n }), quantity: fc.integer({ min: 1, max: 20 }) }),
    { maxLength: 6 },
  );

  it('lines - discounts + shipping = total, nothing is negative, and units share their line exactly', () => {
    fc.assert(
      fc.property(
        goods,
        fc.array(anyPromotion, { maxLength: 4 }),
        fc.bigInt({ min: 0n, max: 5000n }),
        fc.array(fc.bigInt({ min: 0n, max: 9999n }), { minLength: 3, maxLength: 3 }),
        (items, promotions, shipping, [duty = 0n, tax = 0n, fees = 0n]) => {
          const totals = items.map(({ unit, quantity }) => unit * BigInt(quantity));
          const priced = price(totals, promotions, { couponCode: 'CODE', shipping: eur(shipping) });
          const charge = (line: OrderLine) =>
            chargeLine(line, { customsValue: line.total, duty: eur(duty), tax: eur(tax), fees: eur(fees) });
          const lines = items.map(({ unit, quantity }, position) =>
            charge(
              orderLine({
                id: `${position}`,
                position,
                variantId: 'v',
                sku: 'S',
                name: 'N',
                options: {},
                hsCode: '851830',
                originCountry: 'CN',
                weightGrams: 1,
                warehouseId: 'w',
                unitPrice: eur(unit),
                quantity,
                discount: priced.lineDiscounts[position] ?? eur(0n),
              }),
            ),
          );
          // Throws when the parts do not make the total, or one is negative, or a discount is more than its line.
          const sums = totalsOf(lines, 'EUR', priced.shipping);
          checkTotals(sums, lines);
          const charged = BigInt(lines.length) * (duty + tax + fees);
          expect(sums.total.amount).toBe(priced.total.amount + charged);
          expect(priced.total).toEqual(add(subtract(priced.items, priced.discount), priced.shipping));
          const saved = sum(
            priced.applied.map(({ saving }) => saving),
            'EUR',
          );
          expect(saved).toEqual(add(priced.discount, subtract(eur(shipping), priced.shipping)));
          expect(priced.applied.length).toBeLessThanOrEqual(2);
          for (const line of lines) {
            const units = Array.from({ length: line.quantity }, (_, before) => unitShare(line, before, 1));
            const cost = add(subtract(line.total, line.discount), eur(duty + tax + fees));
            expect(equals(sum(units, 'EUR'), cost)).toBe(true);
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});

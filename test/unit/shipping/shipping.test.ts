import { describe, expect, it } from '@jest/globals';
import { money } from '../../../src/domain/shared/money.ts';
import {
  checkRates,
  type ShippingBand,
  type ShippingBasis,
  shippingPrice,
} from '../../../src/domain/shipping/shipping.ts';

const bands = (...of: [bigint | undefined, bigint][]): ShippingBand[] =>
  of.map(([upTo, price]) => ({ upTo, price }));
const method = (basis: ShippingBasis, list: ShippingBand[], freeOver?: bigint) => ({
  basis,
  rates: [{ currency: 'EUR', freeOver, bands: list }],
});
const parcel = (value: bigint, weightGrams: bigint, currency = 'EUR') => ({
  value: money(value, currency),
  weightGrams,
});

describe('the price of a shipping method', () => {
  const byWeight = method('weight', bands([2000n, 490n], [10_000n, 990n]));

  it.each([
    [0n, 490n],
    [2000n, 490n],
    [2001n, 990n],
    [10_000n, 990n],
    [10_001n, undefined],
  ])('goes by the weight: %s g', (grams, price) => {
    expect(shippingPrice(byWeight, parcel(1n, grams))?.amount).toBe(price);
  });

  it('goes by the value, and an open band takes whatever is more', () => {
    const byValue = method('value', bands([5000n, 700n], [undefined, 0n]));
    expect(shippingPrice(byValue, parcel(5000n, 9n))).toEqual(money(700n, 'EUR'));
    expect(shippingPrice(byValue, parcel(5001n, 9n))).toEqual(money(0n, 'EUR'));
  });

  it('is nothing from the threshold on, but only where a band takes the parcel', () => {
    const free = method('weight', bands([2000n, 490n]), 5000n);
    expect(shippingPrice(free, parcel(4999n, 1n))?.amount).toBe(490n);
    expect(shippingPrice(free, parcel(5000n, 1n))?.amount).toBe(0n);
    expect(shippingPrice(free, parcel(5000n, 2001n))).toBeUndefined();
  });

  it('does not exist in a currency without a rate', () => {
    expect(shippingPrice(byWeight, parcel(1n, 1n, 'USD'))).toBeUndefined();
  });
});

describe('rates', () => {
  const rate = (list: ShippingBand[], currency = 'EUR') => ({ currency, freeOver: undefined, bands: list });
  it('have ascending bands, of which only the last may be open', () => {
    expect(() => checkRates([rate(bands([1n, 0n], [2n, 0n], [undefined, 0n]))])).not.toThrow();
    for (const wrong of [
      bands([2n, 0n], [2n, 0n]),
      bands([2n, 0n], [1n, 0n]),
      bands([undefined, 0n], [3n, 0n]),
      bands([undefined, 0n], [undefined, 0n]),
    ]) {
      expect(() => checkRates([rate(wrong)])).toThrow(
        expect.objectContaining({ issues: [expect.objectContaining({ path: 'rates.0.bands.1.upTo' })] }),
      );
    }
  });

  it('name a currency once', () => {
    const one = rate(bands([undefined, 1n]));
    expect(() => checkRates([one, one])).toThrow(/EUR/);
  });
});

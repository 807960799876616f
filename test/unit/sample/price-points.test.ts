import { describe, expect, it } from '@jest/globals';
import { money } from '../../../src/domain/shared/money.ts';
import { convert, pricePoint } from '../../../src/sample/price-points.ts';

describe('convert', () => {
  it.each([
    ['USD', [108n, 100n], 2160n],
    ['JPY', [1655n, 10n], 3310n],
    ['KWD', [332n, 1000n], 6640n],
  ] as const)('takes EUR 20.00 to the minor unit of %s', (currency, rate, amount) => {
    expect(convert(money(2000n, 'EUR'), currency, rate)).toEqual({ amount, currency });
  });

  it('rounds half to even', () => {
    expect(convert(money(1n, 'EUR'), 'USD', [5n, 2n]).amount).toBe(2n);
    expect(convert(money(1n, 'EUR'), 'USD', [7n, 2n]).amount).toBe(4n);
  });
});

describe('pricePoint', () => {
  it.each([
    ['EUR', 487n, 489n],
    ['EUR', 3512n, 3490n],
    ['EUR', 11_870n, 11_900n],
    ['CNY', 92_977n, 92_900n],
    ['JPY', 19_694n, 19_800n],
    ['KWD', 3_951n, 4_000n],
    ['EUR', 1n, 9n],
  ] as const)('%s %s is printed as %s', (currency, exact, printed) => {
    expect(pricePoint(money(exact, currency)).amount).toBe(printed);
  });

  it('leaves a currency without price points as it is', () => {
    expect(pricePoint(money(1234n, 'CHF')).amount).toBe(1234n);
  });
});

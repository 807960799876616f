import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  add,
  allocate,
  divideHalfEven,
  formatMoney,
  money,
  moneyJson,
  parseMoney,
  subtract,
  sum,
  times,
  zero,
} from '../../../src/domain/shared/money.ts';

const amounts = fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n });
const weights = fc.array(fc.bigInt({ min: 0n, max: 10n ** 9n }), { minLength: 1, maxLength: 20 });

describe('money', () => {
  it('never mixes currencies', () => {
    expect(() => add(money(1n, 'EUR'), money(1n, 'USD'))).toThrow('cannot be mixed');
    expect(() => subtract(money(1n, 'EUR'), money(1n, 'JPY'))).toThrow('cannot be mixed');
    expect(() => sum([money(1n, 'EUR'), money(1n, 'USD')], 'EUR')).toThrow('cannot be mixed');
  });

  it('knows only ISO 4217 currencies', () => {
    expect(() => money(1n, 'ABC')).toThrow('unknown currency ABC');
    for (const code of ['XXX', 'XTS', 'XAU'])
      expect(() => money(1n, code)).toThrow(`unknown currency ${code}`);
    expect(money(1n, 'XOF')).toEqual({ amount: 1n, currency: 'XOF' });
  });

  it('multiplies by whole quantities only', () => {
    expect(times(money(333n, 'EUR'), 3)).toEqual(money(999n, 'EUR'));
    expect(() => times(money(333n, 'EUR'), 1.5)).toThrow('whole number');
  });

  it('rounds halves to the even neighbour, on both sides of zero', () => {
    const cases: [bigint, bigint][] = [
      [5n, 2n],
      [7n, 2n],
      [-5n, 2n],
      [-7n, 2n],
      [1n, 3n],
      [2n, 3n],
      [-2n, 3n],
      [6n, 3n],
    ];
    expect(cases.map(([n, d]) => divideHalfEven(n, d))).toEqual([2n, 4n, -2n, -4n, 0n, 1n, -1n, 2n]);
  });

  it('rounds to a neighbour at most half a unit away', () => {
    fc.assert(
      fc.property(amounts, fc.bigInt({ min: 1n, max: 10n ** 6n }), (n, d) => {
        const error = divideHalfEven(n, d) * d - n;
        expect((error < 0n ? -error : error) * 2n <= d).toBe(true);
      }),
    );
  });

  it('allocates without losing or inventing a minor unit', () => {
    fc.assert(
      fc.property(amounts, weights, (amount, parts) => {
        fc.pre(parts.some((w) => w > 0n));
        const result = allocate(money(amount, 'EUR'), parts);
        expect(sum(result, 'EUR').amount).toBe(amount);
        const total = parts.reduce((a, b) => a + b, 0n);
        for (const [i, part] of result.entries()) {
          const exact = amount * (parts[i] ?? 0n);
          const error = part.amount * total - exact;
          expect((error < 0n ? -error : error) < total).toBe(true);
        }
      }),
    );
  });

  it('gives what is left to the largest remainders, the earliest of equals first', () => {
    expect(allocate(money(100n, 'EUR'), [1n, 1n, 1n]).map((m) => m.amount)).toEqual([34n, 33n, 33n]);
    expect(allocate(money(10n, 'EUR'), [1n, 2n, 4n]).map((m) => m.amount)).toEqual([1n, 3n, 6n]);
    expect(() => allocate(money(10n, 'EUR'), [0n, 0n])).toThrow('not all zero');
  });

  it('is whole minor units on the wire, and nothing else', () => {
    expect(moneyJson(parseMoney({ amount: '1999', currency: 'EUR' }))).toEqual({
      amount: '1999',
      currency: 'EUR',
    });
    for (const amount of ['19.99', '1e3', ' 1', '', '+1', '0x10', '1'.repeat(19)]) {
      expect(() => parseMoney({ amount, currency: 'EUR' })).toThrow('whole number of minor units');
    }
  });

  it('is written for people with the decimals of its currency', () => {
    expect(formatMoney(money(1999n, 'EUR'))).toBe('EUR 19.99');
    expect(formatMoney(money(5n, 'EUR'))).toBe('EUR 0.05');
    expect(formatMoney(money(1999n, 'JPY'))).toBe('JPY 1999');
    expect(formatMoney(money(-1999n, 'KWD'))).toBe('KWD -1.999');
    expect(formatMoney(zero('USD'))).toBe('USD 0.00');
  });
});

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { normalRate, rateFinder } from '../../../src/domain/pricing/exchange-rate.ts';
import { compareWorth, convert, frozenRate, type RateLeg } from '../../../src/domain/shared/exchange.ts';
import { money } from '../../../src/domain/shared/money.ts';

const at = new Date('2026-11-01T12:00:00Z');
const leg = (base: string, quote: string, rate: string, from = '2026-10-30'): RateLeg => ({
  base,
  quote,
  rate,
  validFrom: new Date(`${from}T00:00:00Z`),
  source: 'test',
});
const found = (from: string, to: string, ...legs: RateLeg[]) => rateFinder(legs, at, 30)(from, to);
const rate = (from: string, to: string, ...legs: RateLeg[]) => {
  const applied = found(from, to, ...legs);
  if (applied === undefined) throw new Error('no rate');
  return applied;
};

describe('the rate of two currencies', () => {
  it('is the quotation, or it turned round, or two that meet in the euro', () => {
    const legs = [leg('EUR', 'USD', '1.25'), leg('EUR', 'JPY', '160')];
    const shown = (from: string, to: string) => {
      const { kind, rate: decimal, quotations } = frozenRate(rate(from, to, ...legs));
      return [kind, decimal, quotations.length];
    };
    expect(shown('EUR', 'USD')).toEqual(['direct', '1.25', 1]);
    expect(shown('USD', 'EUR')).toEqual(['inverse', '0.8', 1]);
    expect(shown('USD', 'JPY')).toEqual(['cross', '128', 2]);
    expect(shown('JPY', 'USD')).toEqual(['cross', '0.0078125', 2]);
    expect(shown('USD', 'USD')).toEqual(['same', '1', 0]);
    expect(found('USD', 'CHF', ...legs)).toBeUndefined();
  });

  it('prefers the pair itself, and of a pair the newest that is in force', () => {
    const legs = [
      leg('USD', 'EUR', '0.9', '2026-10-31'),
      leg('EUR', 'USD', '1.1', '2026-10-01'),
      leg('EUR', 'USD', '1.2', '2026-10-30'),
      leg('EUR', 'USD', '1.3', '2026-11-02'),
    ];
    expect(frozenRate(rate('EUR', 'USD', ...legs))).toMatchObject({ kind: 'direct', rate: '1.2' });
  });

  it('is stale as soon as one of its quotations is too old', () => {
    const old = leg('EUR', 'USD', '1.1', '2026-10-02');
    expect(rate('EUR', 'USD', old).stale).toBe(true);
    expect(rate('EUR', 'USD', leg('EUR', 'USD', '1.1', '2026-10-03')).stale).toBe(false);
    expect(rate('USD', 'JPY', old, leg('EUR', 'JPY', '160')).stale).toBe(true);
  });
});

describe('a conversion', () => {
  it('minds the minor units of both currencies', () => {
    expect(convert(money(10_00n, 'EUR'), rate('EUR', 'JPY', leg('EUR', 'JPY', '165.5')))).toEqual(
      money(1655n, 'JPY'),
    );
    expect(convert(money(10_00n, 'EUR'), rate('EUR', 'KWD', leg('EUR', 'KWD', '0.3325')))).toEqual(
      money(3325n, 'KWD'),
    );
    expect(convert(money(1655n, 'JPY'), rate('JPY', 'EUR', leg('EUR', 'JPY', '165.5')))).toEqual(
      money(10_00n, 'EUR'),
    );
  });

  it('rounds half to even, once', () => {
    const half = rate('EUR', 'USD', leg('EUR', 'USD', '0.5'));
    const amounts = [1n, 2n, 3n, 5n, -1n, -3n].map((n) => convert(money(n, 'EUR'), half).amount);
    expect(amounts).toEqual([0n, 1n, 2n, 2n, 0n, -2n]);
    // By way of the euro in two roundings it would be 0: 1 yen is 0.60 cent, and that 0.9 of a cent.
    const cross = rate('JPY', 'USD', leg('EUR', 'JPY', '166'), leg('EUR', 'USD', '1.5'));
    expect(convert(money(1n, 'JPY'), cross).amount).toBe(1n);
  });

  it('takes no amount of another currency', () => {
    const applied = rate('EUR', 'USD', leg('EUR', 'USD', '1.1'));
    expect(() => convert(money(1n, 'JPY'), applied)).toThrow('says nothing about JPY');
    expect(() => compareWorth(money(1n, 'EUR'), money(1n, 'JPY'), applied)).toThrow('says nothing');
  });

  it('there and back again is off by less than what one minor unit is worth', () => {
    const amounts = fc.bigInt({ min: 0n, max: 10n ** 12n });
    const rates = fc
      .integer({ min: 1, max: 10_000_000 })
      .map((n) => `${Math.floor(n / 10_000)}.${String(n % 10_000).padStart(4, '0')}`);
    fc.assert(
      fc.property(
        amounts,
        rates.filter((text) => /[1-9]/.test(text)),
        (amount, text) => {
          const legs = [leg('EUR', 'USD', normalRate(text))];
          const there = convert(money(amount, 'EUR'), rate('EUR', 'USD', ...legs));
          const back = convert(there, rate('USD', 'EUR', ...legs));
          const off = back.amount > amount ? back.amount - amount : amount - back.amount;
          const unit = convert(money(1n, 'USD'), rate('USD', 'EUR', ...legs)).amount;
          expect(off <= unit / 2n + 1n).toBe(true);
          expect(
            compareWorth(money(amount, 'EUR'), money(there.amount + 1n, 'USD'), rate('EUR', 'USD', ...legs)),
          ).toBe(-1);
        },
      ),
    );
  });
});

describe('a decimal', () => {
  it.each([
    ['1.0840', '1.084'],
    ['100', '100'],
    ['100.00', '100'],
    ['0.000001', '0.000001'],
  ])('%s is stored as %s', (text, normal) => {
    expect(normalRate(text)).toBe(normal);
  });

  it.each(['0', '0.0', '-1', '+1', '1.', '.5', '1e3', '01', '1,5', ' 1', '1234567890123', '0.1234567890123'])(
    '%j is none',
    (text) => {
      expect(() => normalRate(text)).toThrow('positive decimal');
    },
  );
});

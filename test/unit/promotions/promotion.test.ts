import { describe, expect, it } from '@jest/globals';
import {
  checkPromotion,
  discountOn,
  type Promotion,
  refusalOf,
} from '../../../src/domain/promotions/promotion.ts';
import { money } from '../../../src/domain/shared/money.ts';
import { promotion } from '../../support/promotion.ts';

const eur = (amount: bigint) => money(amount, 'EUR');
const at = new Date('2026-03-01T00:00:00Z');
const refusal = (fields: Partial<Promotion>, usedByCustomer = 0, goods = eur(1000n)) =>
  refusalOf({ promotion: promotion(fields), usedByCustomer }, goods, at);

describe('a promotion', () => {
  it.each<[string, Partial<Promotion>, string | undefined]>([
    ['applies', {}, undefined],
    ['is off', { active: false }, 'unknown'],
    ['starts this instant', { startsAt: at }, undefined],
    ['starts later', { startsAt: new Date(at.getTime() + 1) }, 'not_started'],
    ['ends this instant', { endsAt: at }, 'ended'],
    ['ends later', { endsAt: new Date(at.getTime() + 1) }, undefined],
    ['has one left', { totalLimit: 2, redeemed: 1 }, undefined],
    ['has none left', { totalLimit: 2, redeemed: 2 }, 'exhausted'],
    ['is just dear enough', { minimums: [eur(1000n)] }, undefined],
    ['is too cheap', { minimums: [eur(1001n)] }, 'minimum_spend'],
    ['knows other currencies', { minimums: [money(1n, 'USD')] }, 'currency'],
    ['takes off another currency', { kind: 'fixed', amounts: [money(1n, 'USD')] }, 'currency'],
  ])('that %s', (_name, fields, expected) => {
    expect(refusal(fields)).toBe(expected);
  });

  it('counts for each customer', () => {
    expect(refusal({ perCustomerLimit: 2 }, 1)).toBeUndefined();
    expect(refusal({ perCustomerLimit: 2 }, 2)).toBe('used');
  });

  it('rounds a percentage half to even, and never takes more than there is', () => {
    const off = (fields: Partial<Promotion>, left: bigint) => discountOn(promotion(fields), eur(left)).amount;
    expect([25n, 35n, 45n].map((left) => off({ basisPoints: 1000 }, left))).toEqual([2n, 4n, 4n]);
    expect(off({ basisPoints: 10_000 }, 777n)).toBe(777n);
    expect(off({ kind: 'fixed', amounts: [eur(500n)] }, 300n)).toBe(300n);
    expect(off({ kind: 'free_shipping' }, 300n)).toBe(0n);
  });

  it.each<[string, Partial<Promotion>, string]>([
    ['a percentage without one', { basisPoints: undefined }, 'basisPoints'],
    ['an amount with a percentage', { kind: 'fixed', amounts: [eur(1n)], basisPoints: 1 }, 'basisPoints'],
    ['a fixed amount without one', { kind: 'fixed', basisPoints: undefined }, 'amounts'],
    ['a percentage with an amount', { amounts: [eur(1n)] }, 'amounts'],
    ['two minimums of a currency', { minimums: [eur(1n), eur(2n)] }, 'minimums'],
    ['an end before the start', { startsAt: at, endsAt: at }, 'endsAt'],
  ])('is not %s', (_name, fields, path) => {
    expect(() => checkPromotion(promotion(fields))).toThrow(
      expect.objectContaining({ issues: [expect.objectContaining({ path })] }),
    );
  });
});

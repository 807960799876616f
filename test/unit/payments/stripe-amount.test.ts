import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { money } from '../../../src/domain/shared/money.ts';
import { fromStripeAmount, toStripeAmount } from '../../../src/infra/payments/stripe-amount.ts';

describe("amounts in Stripe's units", () => {
  it.each([
    ['EUR', 1999n, 1999],
    ['JPY', 500n, 500],
    ['KWD', 1230n, 1230],
    // two decimals at Stripe, none in ISO 4217
    ['ISK', 500n, 50_000],
    ['UGX', 500n, 50_000],
    // none at Stripe, two in ISO 4217
    ['MGA', 500n, 5],
  ])('of %s', (currency, ours, theirs) => {
    expect(toStripeAmount(money(ours, currency))).toBe(theirs);
    expect(fromStripeAmount(theirs, currency.toLowerCase())).toEqual(money(ours, currency));
  });

  it('are refused where they cannot be expressed', () => {
    expect(toStripeAmount(money(501n, 'MGA'))).toBeUndefined();
    for (const currency of ['BHD', 'JOD', 'KWD', 'OMR', 'TND'])
      expect(toStripeAmount(money(1235n, currency))).toBeUndefined();
    expect(toStripeAmount(money(2n ** 60n, 'EUR'))).toBeUndefined();
  });

  it('are the same again after the way there and back', () => {
    const currencies = fc.constantFrom('EUR', 'USD', 'CNY', 'JPY', 'KWD', 'ISK');
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 12n }), currencies, (steps, currency) => {
        const amount = money(currency === 'KWD' ? steps * 10n : steps, currency);
        expect(fromStripeAmount(toStripeAmount(amount) ?? -1, currency)).toEqual(amount);
      }),
    );
  });
});

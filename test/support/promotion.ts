import type { Promotion } from '../../src/domain/promotions/promotion.ts';

/** Ten per cent off, for everybody and always, unless said otherwise. */
export const promotion = (fields: Partial<Promotion> = {}): Promotion => ({
  id: 'a',
  name: 'Ten per cent',
  code: undefined,
  kind: 'percentage',
  basisPoints: 1000,
  amounts: [],
  minimums: [],
  startsAt: undefined,
  endsAt: undefined,
  totalLimit: undefined,
  perCustomerLimit: undefined,
  redeemed: 0,
  active: true,
  version: 1,
  ...fields,
});

import type { Currency } from '../shared/currency.ts';
import { invalidField } from '../shared/errors.ts';
import { divideHalfEven, type Money, zero } from '../shared/money.ts';

export const PROMOTION_KINDS = ['percentage', 'fixed', 'free_shipping'] as const;
export type PromotionKind = (typeof PROMOTION_KINDS)[number];

export interface Promotion {
  readonly id: string;
  readonly name: string;
  /** What buyers type in, upper case; absent when the promotion applies by itself. */
  readonly code: string | undefined;
  readonly kind: PromotionKind;
  /** Of a percentage: 1 to 10,000 hundredths of a per cent. */
  readonly basisPoints: number | undefined;
  /** Of a fixed amount: at most one per currency, and none in others. */
  readonly amounts: readonly Money[];
  /** What the goods must be worth before discounts, per currency; with any, other currencies do not qualify. */
  readonly minimums: readonly Money[];
  readonly startsAt: Date | undefined;
  /** From this instant on it applies no more. */
  readonly endsAt: Date | undefined;
  /** Orders over all customers; whether there is a limit never changes. */
  readonly totalLimit: number | undefined;
  readonly perCustomerLimit: number | undefined;
  /** Orders that hold it; counted only under a total limit. */
  readonly redeemed: number;
  readonly active: boolean;
  readonly version: number;
}

export const REFUSALS = [
  'unknown',
  'not_started',
  'ended',
  'exhausted',
  'used',
  'currency',
  'minimum_spend',
] as const;
/** Why a promotion does not apply: the first reason of these. */
export type Refusal = (typeof REFUSALS)[number];

/** A promotion with how often this customer holds it. */
export interface Candidate {
  readonly promotion: Promotion;
  readonly usedByCustomer: number;
}

const inCurrency = (values: readonly Money[], currency: Currency): Money | undefined =>
  values.find((value) => value.currency === currency);

/** @param goods what the goods are worth before discounts */
export function refusalOf(
  { promotion, usedByCustomer }: Candidate,
  goods: Money,
  at: Date,
): Refusal | undefined {
  const { active, startsAt, endsAt, totalLimit, perCustomerLimit, redeemed, minimums } = promotion;
  if (!active) return 'unknown';
  if (startsAt !== undefined && at < startsAt) return 'not_started';
  if (endsAt !== undefined && at >= endsAt) return 'ended';
  if (totalLimit !== undefined && redeemed >= totalLimit) return 'exhausted';
  if (perCustomerLimit !== undefined && usedByCustomer >= perCustomerLimit) return 'used';
  if (promotion.kind === 'fixed' && !inCurrency(promotion.amounts, goods.currency)) return 'currency';
  if (minimums.length === 0) return undefined;
  const minimum = inCurrency(minimums, goods.currency);
  if (minimum === undefined) return 'currency';
  return goods.amount < minimum.amount ? 'minimum_spend' : undefined;
}

/** What it takes off goods that are still worth `left`: never more than that. Percentages round half to even. */
export function discountOn(promotion: Promotion, left: Money): Money {
  const { kind, basisPoints = 0, amounts } = promotion;
  const { currency } = left;
  if (kind === 'free_shipping') return zero(currency);
  const wanted =
    kind === 'percentage'
      ? divideHalfEven(left.amount * BigInt(basisPoints), 10_000n)
      : (inCurrency(amounts, currency)?.amount ?? 0n);
  return { amount: wanted < left.amount ? wanted : left.amount, currency };
}

type Definition = Omit<Promotion, 'id' | 'redeemed' | 'version'>;

/** @throws DomainError validation_failed when its parts do not belong together */
export function checkPromotion(promotion: Definition): void {
  const { kind, basisPoints, amounts, minimums, startsAt, endsAt } = promotion;
  if ((basisPoints !== undefined) !== (kind === 'percentage')) {
    throw invalidField('basisPoints', 'a percentage has them, nothing else has');
  }
  if (amounts.length > 0 !== (kind === 'fixed')) {
    throw invalidField('amounts', 'a fixed amount has them, nothing else has');
  }
  for (const [path, values] of Object.entries({ amounts, minimums })) {
    if (new Set(values.map((value) => value.currency)).size < values.length) {
      throw invalidField(path, 'names a currency twice');
    }
  }
  if (startsAt !== undefined && endsAt !== undefined && endsAt <= startsAt) {
    throw invalidField('endsAt', 'must be after startsAt');
  }
}

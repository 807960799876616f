import {
  type Candidate,
  discountOn,
  type Promotion,
  type Refusal,
  refusalOf,
} from '../promotions/promotion.ts';
import type { Currency } from '../shared/currency.ts';
import { add, allocate, type Money, subtract, sum, zero } from '../shared/money.ts';

export interface PricingTerms {
  readonly currency: Currency;
  readonly at: Date;
  /** The automatic promotions, and the coupon's where it exists. */
  readonly candidates: readonly Candidate[];
  /** What the buyer typed in, upper case. */
  readonly couponCode: string | undefined;
  /** Of the chosen method; absent while none is chosen. */
  readonly shipping: Money | undefined;
}

/** A promotion that counts, and what it takes off the goods or the shipping. */
export interface AppliedPromotion {
  readonly promotion: Promotion;
  readonly saving: Money;
}

/** All of one currency; items - discount + shipping = total, and the lines' discounts make the discount. */
export interface BasketPrice {
  readonly items: Money;
  /** One per line, in their order; none is more than its line. */
  readonly lineDiscounts: readonly Money[];
  readonly discount: Money;
  /** What is charged for shipping. */
  readonly shipping: Money;
  readonly total: Money;
  readonly applied: readonly AppliedPromotion[];
  /** Why the coupon does not count, when there is one that does not. */
  readonly couponRefusal: Refusal | undefined;
}

/**
 * The one place that prices goods: carts and checkouts share it. Of the automatic promotions the one that saves
 * most counts (the oldest of equals), and one coupon on what it leaves. Each discount is spread over the lines by
 * largest remainder. Minimums, and prices of shipping, go by the goods before discounts.
 */
export function priceBasket(lines: readonly Money[], terms: PricingTerms): BasketPrice {
  const { currency, at, candidates, couponCode } = terms;
  const items = sum(lines, currency);
  const open = new Pricing(lines, terms.shipping ?? zero(currency));
  const automatic = candidates.filter(({ promotion }) => promotion.code === undefined);
  open.apply(
    best(
      automatic.filter((candidate) => refusalOf(candidate, items, at) === undefined),
      open,
    ),
  );
  const coupon = candidates.find(
    ({ promotion }) => couponCode !== undefined && promotion.code === couponCode,
  );
  const couponRefusal =
    couponCode === undefined ? undefined : coupon === undefined ? 'unknown' : refusalOf(coupon, items, at);
  if (couponRefusal === undefined) open.apply(coupon?.promotion);
  const discount = sum(open.discounts, currency);
  return {
    items,
    lineDiscounts: open.discounts,
    discount,
    shipping: open.shipping,
    total: add(subtract(items, discount), open.shipping),
    applied: open.applied,
    couponRefusal,
  };
}

function best(candidates: readonly Candidate[], open: Pricing): Promotion | undefined {
  const byAge = [...candidates].sort((a, b) => (a.promotion.id < b.promotion.id ? -1 : 1));
  let most: Promotion | undefined;
  for (const { promotion } of byAge) {
    if (most === undefined || open.saving(promotion).amount > open.saving(most).amount) most = promotion;
  }
  return most;
}

/** Prices while promotions are taken off them, one after the other. */
class Pricing {
  readonly applied: AppliedPromotion[] = [];
  discounts: readonly Money[];
  shipping: Money;
  readonly #lines: readonly Money[];

  constructor(lines: readonly Money[], shipping: Money) {
    this.#lines = lines;
    this.shipping = shipping;
    this.discounts = lines.map((line) => zero(line.currency));
  }

  #left(): Money[] {
    return this.#lines.map((line, i) => subtract(line, this.discounts[i] ?? zero(line.currency)));
  }

  saving(promotion: Promotion): Money {
    if (promotion.kind === 'free_shipping') return this.shipping;
    return discountOn(promotion, sum(this.#left(), this.shipping.currency));
  }

  /** A promotion that saves nothing is not used up. */
  apply(promotion: Promotion | undefined): void {
    if (promotion === undefined) return;
    const saving = this.saving(promotion);
    if (saving.amount === 0n) return;
    this.applied.push({ promotion, saving });
    if (promotion.kind === 'free_shipping') {
      this.shipping = zero(saving.currency);
      return;
    }
    const parts = allocate(
      saving,
      this.#left().map((line) => line.amount),
    );
    this.discounts = this.discounts.map((before, i) => add(before, parts[i] ?? zero(saving.currency)));
  }
}

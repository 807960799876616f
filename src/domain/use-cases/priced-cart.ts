import type { CartReadModel } from '../carts/cart.store.ts';
import { type CartLine, type CartOwner, type CartView, lineTotal } from '../carts/cart.ts';
import type { PromotionReadModel } from '../promotions/promotion.store.ts';
import type { Candidate } from '../promotions/promotion.ts';
import type { Clock } from '../shared/clock.ts';
import type { Locale } from '../shared/locale.ts';
import type { Money } from '../shared/money.ts';
import { type BasketPrice, priceBasket } from './price-basket.ts';

/** A cart and what it costs at this moment, before any shipping. */
export interface PricedCart {
  readonly view: CartView;
  readonly price: BasketPrice;
}

/** What counts of a cart: the lines that are on sale and have a price. */
export const pricedLines = (view: CartView): { readonly line: CartLine; readonly total: Money }[] =>
  view.lines.flatMap((line) => {
    const total = line.onSale ? lineTotal(line) : undefined;
    return total === undefined ? [] : [{ line, total }];
  });

/** @param terms `shipping` is what a method costs, when one is being looked at */
export const priceCart = (
  view: CartView,
  terms: { readonly candidates: readonly Candidate[]; readonly at: Date; readonly shipping?: Money },
): BasketPrice =>
  priceBasket(
    pricedLines(view).map(({ total }) => total),
    {
      candidates: terms.candidates,
      at: terms.at,
      currency: view.cart.currency,
      couponCode: view.cart.couponCode,
      shipping: terms.shipping,
    },
  );

export const cartCandidates = (
  promotions: PromotionReadModel,
  { cart }: CartView,
  at: Date,
): Promise<readonly Candidate[]> => {
  const customer = cart.owner.type === 'user' ? { userId: cart.owner.userId } : undefined;
  return promotions.candidates({ code: cart.couponCode, customer, at });
};

export async function pricedCart(
  promotions: PromotionReadModel,
  view: CartView,
  at: Date,
): Promise<PricedCart> {
  return { view, price: priceCart(view, { candidates: await cartCandidates(promotions, view, at), at }) };
}

/** A cart as its owner sees it, with what it costs. */
export class ReadCart {
  readonly #carts: CartReadModel;
  readonly #promotions: PromotionReadModel;
  readonly #clock: Clock;

  constructor(ports: {
    readonly carts: CartReadModel;
    readonly promotions: PromotionReadModel;
    readonly clock: Clock;
  }) {
    this.#carts = ports.carts;
    this.#promotions = ports.promotions;
    this.#clock = ports.clock;
  }

  /** @returns `empty` when the owner has no cart yet, and undefined when that is not given either */
  async run(owner: CartOwner, locale: Locale, empty?: CartView): Promise<PricedCart | undefined> {
    const view = (await this.#carts.find(owner, locale)) ?? empty;
    return view && pricedCart(this.#promotions, view, this.#clock.now());
  }
}

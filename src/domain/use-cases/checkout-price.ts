import type { ChosenShipping, FrozenPromotion, Order } from '../orders/order.ts';
import type { CustomerKey, PromotionReadModel } from '../promotions/promotion.store.ts';
import type { Refusal } from '../promotions/promotion.ts';
import type { Country } from '../shared/country.ts';
import { DomainError } from '../shared/errors.ts';
import { newId } from '../shared/ids.ts';
import { type Money, moneyJson, sum, times } from '../shared/money.ts';
import type { ShippingChoice, ShippingReadModel } from '../shipping/shipping.store.ts';
import { type Parcel, type ShippingMethod, shippingPrice } from '../shipping/shipping.ts';
import { normaliseEmail } from '../users/email.ts';
import type { PricedBasket } from './checkout-basket.ts';
import { type AppliedPromotion, type BasketPrice, priceBasket } from './price-basket.ts';
import type { Tx } from './tx.ts';

/** Somebody else took the last of a limited promotion since we looked: price again. */
export class PromotionMoved extends Error {
  override readonly name = 'PromotionMoved';
}

/** What prices come from, inside a transaction or on the read connection. */
export interface OfferPorts {
  readonly shipping: ShippingReadModel;
  readonly promotions: PromotionReadModel;
}

export interface CheckoutChoices {
  /** Where it is sent. */
  readonly country: Country;
  /** `first`: the shop's first that takes the basket, where it has any. */
  readonly shippingMethodId: string | { readonly first: true } | undefined;
  /** Upper case; the cart's coupon when absent. */
  readonly couponCode: string | undefined;
  readonly customer: CustomerKey | undefined;
  readonly at: Date;
}

export interface CheckoutPrice extends BasketPrice {
  readonly shippingMethod: ChosenShipping | undefined;
}

/**
 * What the basket costs with this method and this coupon: two statements.
 * @throws DomainError shipping_method_required, shipping_unavailable, coupon_not_applicable
 */
export async function priceCheckout(
  ports: OfferPorts,
  basket: PricedBasket,
  choices: CheckoutChoices,
): Promise<CheckoutPrice> {
  const { currency } = basket;
  const { at, country, customer, shippingMethodId } = choices;
  const code = choices.couponCode ?? basket.couponCode;
  const lines = basket.items.map((item) => times({ amount: item.unitPrice, currency }, item.quantity));
  const choice = await ports.shipping.choice(country);
  const shippingMethod = chooseShipping(
    choice,
    parcelOf(basket.items, sum(lines, currency)),
    shippingMethodId,
  );
  const candidates = await ports.promotions.candidates({
    code,
    customer: customer === undefined ? undefined : { key: customer },
    at,
  });
  const shipping = shippingMethod?.price;
  const price = priceBasket(lines, { currency, at, candidates, couponCode: code, shipping });
  if (code !== undefined && price.couponRefusal !== undefined) throw couponRefused(code, price.couponRefusal);
  return {
    ...price,
    shippingMethod: shippingMethod && { ...shippingMethod, price: moneyJson(shippingMethod.price) },
  };
}

export const couponRefused = (code: string, reason: Refusal): DomainError =>
  new DomainError('coupon_not_applicable', `the coupon ${code} does not apply: ${REASONS[reason]}`, {
    facts: { couponCode: code, reason },
  });

const REASONS: Readonly<Record<Refusal, string>> = {
  unknown: 'there is no such coupon',
  not_started: 'it is not valid yet',
  ended: 'it has ended',
  exhausted: 'it was used as often as it may be',
  used: 'you have used it as often as you may',
  currency: 'it does not count in this currency',
  minimum_spend: 'the goods are worth less than it asks for',
};

export const parcelOf = (
  items: readonly { readonly weightGrams: number; readonly quantity: number }[],
  value: Money,
): Parcel => ({
  value,
  weightGrams: items.reduce((grams, item) => grams + BigInt(item.weightGrams) * BigInt(item.quantity), 0n),
});

export interface ShippingOption {
  readonly method: ShippingMethod;
  readonly price: Money;
}

/** The methods that take the parcel, cheapest first where the shop sets no order. */
export const optionsFor = ({ methods }: ShippingChoice, parcel: Parcel): ShippingOption[] =>
  methods.flatMap((method) => {
    const price = shippingPrice(method, parcel);
    return price === undefined ? [] : [{ method, price }];
  });

/** A shop without methods ships for nothing; one that has any needs to be told which. */
function chooseShipping(
  choice: ShippingChoice,
  parcel: Parcel,
  wanted: CheckoutChoices['shippingMethodId'],
): (Omit<ChosenShipping, 'price'> & { readonly price: Money }) | undefined {
  if (!choice.required && typeof wanted !== 'string') return undefined;
  const options = optionsFor(choice, parcel);
  const methodId = typeof wanted === 'object' ? options[0]?.method.id : wanted;
  const facts = {
    options: options.map(({ method, price }) => ({
      shippingMethodId: method.id,
      code: method.code,
      name: method.name,
      price: moneyJson(price),
    })),
  };
  const chosen = options.find(({ method }) => method.id === methodId);
  if (chosen !== undefined) {
    const { id, code, name } = chosen.method;
    return { methodId: id, code, name, price: chosen.price };
  }
  if (methodId === undefined && options.length > 0) {
    throw new DomainError('shipping_method_required', 'say how it is to be sent: shippingMethodId', {
      issues: [{ path: 'shippingMethodId', message: 'name one of the options' }],
      facts,
    });
  }
  throw new DomainError('shipping_unavailable', 'this cannot be sent there in this way', { facts });
}

export const frozenPromotions = (applied: readonly AppliedPromotion[]): FrozenPromotion[] =>
  applied.map(({ promotion, saving }) => ({
    promotionId: promotion.id,
    code: promotion.code ?? null,
    name: promotion.name,
    saving: moneyJson(saving),
  }));

/** @param email of the account, or what a guest gave: where an account has its mails sent makes nobody another */
export const customerKey = (
  userId: string | undefined,
  email: string | undefined,
): CustomerKey | undefined => (email === undefined ? userId : normaliseEmail(email));

/** Takes what the order uses of limited promotions, in the order of their ids, and tells who did. @throws PromotionMoved */
export async function redeemPromotions(
  tx: Tx,
  order: Order,
  applied: readonly AppliedPromotion[],
  customer: CustomerKey | undefined,
): Promise<void> {
  const sorted = [...applied].sort((a, b) => (a.promotion.id < b.promotion.id ? -1 : 1));
  for (const { promotion, saving } of sorted) {
    const redeemed = await tx.promotions.redeem(promotion, {
      id: newId(),
      promotionId: promotion.id,
      orderId: order.id,
      customerKey: customer,
      saving: saving.amount,
      currency: saving.currency,
      at: order.placedAt,
    });
    if (!redeemed) throw new PromotionMoved();
  }
}

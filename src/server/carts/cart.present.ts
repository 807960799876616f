import type { z } from 'zod';
import { availabilityOf, type CartLine, canCheckOut, lineTotal } from '../../domain/carts/cart.ts';
import { moneyJson } from '../../domain/shared/money.ts';
import type { PricedCart } from '../../domain/use-cases/priced-cart.ts';
import type { ShippingQuote } from '../../domain/use-cases/quote-shipping.ts';
import type { CartLineView, CartView, ShippingOptionsView } from './cart.schema.ts';

const presentLine = (line: CartLine): z.input<typeof CartLineView> => {
  const total = lineTotal(line);
  return {
    variantId: line.variantId,
    productId: line.productId,
    slug: line.productSlug,
    sku: line.sku,
    name: line.name,
    options: { ...line.options },
    imageUrl: line.imageUrl ?? null,
    quantity: line.quantity,
    unitPrice: line.unitPrice ? moneyJson(line.unitPrice) : null,
    seenPrice: line.seenPrice ? moneyJson(line.seenPrice) : null,
    total: total ? moneyJson(total) : null,
    availability: availabilityOf(line),
    available: line.available,
  };
};

export const presentCart = ({ view, price }: PricedCart): z.input<typeof CartView> => ({
  currency: view.cart.currency,
  lines: view.lines.map(presentLine),
  units: view.lines.reduce((units, line) => units + line.quantity, 0),
  itemsTotal: moneyJson(price.items),
  discountTotal: moneyJson(price.discount),
  total: moneyJson(price.total),
  coupon:
    view.cart.couponCode === undefined
      ? null
      : { code: view.cart.couponCode, refusal: price.couponRefusal ?? null },
  promotions: price.applied.map(({ promotion, saving }) => ({
    name: promotion.name,
    code: promotion.code ?? null,
    saving: moneyJson(saving),
  })),
  canCheckOut: canCheckOut(view),
  version: view.cart.version,
  updatedAt: view.cart.updatedAt.toISOString(),
});

export const presentQuote = ({ required, options }: ShippingQuote): z.input<typeof ShippingOptionsView> => ({
  required,
  options: options.map(({ method, price, cart }) => ({
    shippingMethodId: method.id,
    code: method.code,
    name: method.name,
    minDays: method.minDays ?? null,
    maxDays: method.maxDays ?? null,
    price: moneyJson(price),
    shipping: moneyJson(cart.shipping),
    total: moneyJson(cart.total),
  })),
});

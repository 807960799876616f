import type { z } from 'zod';
import {
  availabilityOf,
  type CartLine,
  canCheckOut,
  itemsTotal,
  lineTotal,
  type CartView as View,
} from '../../domain/carts/cart.ts';
import { moneyJson } from '../../domain/shared/money.ts';
import type { CartLineView, CartView } from './cart.schema.ts';

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
    total: total ? moneyJson(total) : null,
    availability: availabilityOf(line),
    available: line.available,
  };
};

export const presentCart = (view: View): z.input<typeof CartView> => ({
  currency: view.cart.currency,
  lines: view.lines.map(presentLine),
  units: view.lines.reduce((units, line) => units + line.quantity, 0),
  itemsTotal: moneyJson(itemsTotal(view)),
  canCheckOut: canCheckOut(view),
  version: view.cart.version,
  updatedAt: view.cart.updatedAt.toISOString(),
});

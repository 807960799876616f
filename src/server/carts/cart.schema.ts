import { z } from 'zod';
import { AVAILABILITIES, MAX_LINES, MAX_QUANTITY } from '../../domain/carts/cart.ts';
import { currencyField, idField, localeField, MoneyView, plainText } from '../fields.ts';

export const CartToken = z
  .string()
  .regex(/^[\w-]{43}$/, 'not a cart token')
  .meta({ description: "A guest's cart: the token that POST /carts answered. Ignored when signed in." });

export const CartHeaders = z.object({ 'x-cart-token': CartToken.exactOptional() });
export const CartParams = z.strictObject({ lang: localeField.exactOptional() });
export const CartItemParams = z.strictObject({ variantId: idField });

const quantity = z.int().min(1).max(MAX_QUANTITY);
const version = z
  .int()
  .positive()
  .exactOptional()
  .meta({ description: 'The version you read: 409 version_conflict when the cart was changed since' });

export const NewCartBody = z.strictObject({ currency: currencyField.exactOptional() }).optional();

/** One way of naming the variant, as a single object so that each wrong field is reported under its own path. */
export const NewItemBody = z
  .strictObject({
    variantId: idField.exactOptional(),
    sku: plainText(40).exactOptional(),
    quantity: quantity.default(1),
  })
  .refine(({ variantId, sku }) => (variantId === undefined) !== (sku === undefined), {
    path: ['variantId'],
    error: 'give variantId or sku: one of them',
  })
  .meta({
    description: `variantId or sku. At most ${MAX_LINES} items, and ${MAX_QUANTITY} units of each; adding again adds up`,
  });

export const ItemPatch = z.strictObject({ quantity, version });
export const CartPatch = z.strictObject({ currency: currencyField, version });

export const CartLineView = z
  .object({
    variantId: z.string(),
    productId: z.string(),
    slug: z.string(),
    sku: z.string(),
    name: z.string(),
    options: z.record(z.string(), z.string()),
    imageUrl: z.string().nullable(),
    quantity: z.int(),
    unitPrice: MoneyView.nullable().meta({ description: 'null when there is no price in the currency' }),
    total: MoneyView.nullable(),
    availability: z.enum(AVAILABILITIES),
    available: z.int().meta({ description: 'units free over all warehouses' }),
  })
  .meta({ id: 'CartLine' });

export const CartView = z
  .object({
    currency: z.string(),
    lines: z.array(CartLineView),
    units: z.int(),
    itemsTotal: MoneyView.meta({
      description: 'without shipping, taxes and duties; of what is on sale and priced',
    }),
    canCheckOut: z.boolean(),
    version: z.int(),
    updatedAt: z.iso.datetime(),
  })
  .meta({ id: 'Cart' });

export const NewCartView = z
  .object({
    token: z.string().meta({ description: 'Send it as X-Cart-Token. Shown once.' }),
    cart: CartView,
  })
  .meta({ id: 'NewCart' });

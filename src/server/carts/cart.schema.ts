import { z } from 'zod';
import { AVAILABILITIES, MAX_LINES, MAX_QUANTITY } from '../../domain/carts/cart.ts';
import { REFUSALS } from '../../domain/promotions/promotion.ts';
import {
  countryField,
  couponField,
  currencyField,
  idField,
  localeField,
  MoneyView,
  plainText,
} from '../fields.ts';

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
export const CouponBody = z.strictObject({ code: couponField });
export const ShippingOptionsParams = z
  .strictObject({ country: countryField.exactOptional(), addressId: idField.exactOptional() })
  .refine(({ country, addressId }) => (country === undefined) !== (addressId === undefined), {
    path: ['country'],
    error: 'give country or addressId: one of them',
  });
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
    seenPrice: MoneyView.nullable().meta({
      description:
        'what a unit cost when the line was last put in or changed, if the price has changed since',
    }),
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
    discountTotal: MoneyView,
    total: MoneyView.meta({ description: 'itemsTotal - discountTotal: shipping comes with its method' }),
    coupon: z
      .object({
        code: z.string(),
        refusal: z
          .enum(REFUSALS)
          .nullable()
          .meta({ description: 'why it does not count; null when it does' }),
      })
      .nullable(),
    promotions: z
      .array(z.object({ name: z.string(), code: z.string().nullable(), saving: MoneyView }))
      .meta({ description: 'What counts: the automatic one that saves most, and the coupon' }),
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

export const ShippingOptionsView = z
  .object({
    required: z.boolean().meta({ description: 'whether a checkout must name one: the shop has methods' }),
    options: z.array(
      z.object({
        shippingMethodId: z.string(),
        code: z.string(),
        name: z.string(),
        minDays: z.int().nullable(),
        maxDays: z.int().nullable(),
        price: MoneyView.meta({ description: 'of the method for this cart' }),
        shipping: MoneyView.meta({ description: 'what is charged of it, after promotions' }),
        total: MoneyView.meta({ description: 'of the whole cart, sent in this way' }),
      }),
    ),
  })
  .meta({ id: 'ShippingOptions' });

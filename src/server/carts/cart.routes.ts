import type { Request } from 'express';
import type { CartOwner } from '../../domain/carts/cart.ts';
import type { UserActor } from '../../domain/shared/actor.ts';
import { DomainError } from '../../domain/shared/errors.ts';
import { hashToken } from '../../domain/shared/ids.ts';
import {
  type CartRequest,
  emptyCart,
  type ManageCart,
  type NewGuestCart,
} from '../../domain/use-cases/manage-cart.ts';
import type { ReadCart } from '../../domain/use-cases/priced-cart.ts';
import type { QuoteLandedCost } from '../../domain/use-cases/quote-landed-cost.ts';
import type { QuoteShipping } from '../../domain/use-cases/quote-shipping.ts';
import { localeOf } from '../fields.ts';
import {
  LandedCostParams,
  LandedCostQuoteView,
  presentLandedCostQuote,
} from '../landed-cost/landed-cost.schema.ts';
import { type Route, route } from '../route.ts';
import { presentCart, presentQuote } from './cart.present.ts';
import {
  CartHeaders,
  CartItemParams,
  CartParams,
  CartPatch,
  CartView,
  CouponBody,
  ItemPatch,
  NewCartBody,
  NewCartView,
  NewItemBody,
  ShippingOptionsParams,
  ShippingOptionsView,
} from './cart.schema.ts';

interface Ports {
  readonly readCart: ReadCart;
  readonly quoteShipping: QuoteShipping;
  readonly quoteLandedCost: QuoteLandedCost;
  readonly manageCart: ManageCart;
}

const tags = ['carts'];
const common = { tags, auth: 'optional', headers: CartHeaders } as const;

interface Caller {
  readonly actor: UserActor | undefined;
  readonly headers: { 'x-cart-token'?: string };
  readonly req: Request;
}

/** The signed-in user's cart, or that of the token. @throws DomainError not_found when it is neither */
function ownerOf({ actor, headers }: Pick<Caller, 'actor' | 'headers'>): CartOwner {
  if (actor !== undefined) return { type: 'user', userId: actor.userId };
  const token = headers['x-cart-token'];
  if (token === undefined) {
    throw new DomainError(
      'not_found',
      'no cart: sign in, or open one with POST /carts and send its X-Cart-Token',
    );
  }
  return { type: 'guest', tokenHash: hashToken(token) };
}

const requestOf = (caller: Caller): CartRequest => ({
  owner: ownerOf(caller),
  locale: localeOf(undefined, caller.req.get('accept-language')),
});

export const cartRoutes = ({ readCart, quoteShipping, quoteLandedCost, manageCart }: Ports): Route[] => [
  route({
    method: 'post',
    path: '/carts',
    summary: "Open a guest's cart",
    description:
      'Signed-in users have a cart already: see /cart. Its items join theirs when they sign in. An Idempotency-Key is random here, of 32 characters or more: whoever knows it is answered the token.',
    tags,
    auth: 'public',
    rateLimit: 'write',
    idempotent: true,
    body: NewCartBody,
    reply: { status: 201, schema: NewCartView },
    errors: ['unknown_currency', 'rate_limited'],
    handle: async ({ body, once, res }) => {
      // The token is never stored: the use case makes it of the key and the cart's id in a reply that is repeated.
      const stored = once(({ cart: made }: NewGuestCart) => ({
        token: made.view.cart.id,
        cart: presentCart(made),
      }));
      const { token, cart } = await manageCart.createForGuest(body?.currency, stored);
      res.setHeader('X-Cart-Token', token);
      return { token, cart: presentCart(cart) };
    },
  }),
  route({
    ...common,
    method: 'get',
    path: '/cart',
    summary: 'The cart with live prices and availability',
    query: CartParams,
    reply: { status: 200, schema: CartView },
    handle: async ({ query, req, ...caller }) => {
      const owner = ownerOf(caller);
      const locale = localeOf(query.lang, req.get('accept-language'));
      const empty = owner.type === 'user' ? emptyCart(owner, new Date(0)) : undefined;
      const cart = await readCart.run(owner, locale, empty);
      if (cart === undefined) throw new DomainError('not_found', 'cart not found');
      return presentCart(cart);
    },
  }),
  route({
    ...common,
    method: 'patch',
    path: '/cart',
    summary: "Change the cart's currency",
    body: CartPatch,
    reply: { status: 200, schema: CartView },
    errors: ['unknown_currency', 'version_conflict', 'not_found'],
    handle: async (input) =>
      presentCart(await manageCart.setCurrency(requestOf(input), input.body.currency, input.body.version)),
  }),
  route({
    ...common,
    method: 'delete',
    path: '/cart',
    summary: 'Empty the cart',
    reply: { status: 200, schema: CartView },
    errors: ['not_found'],
    handle: async (input) => presentCart(await manageCart.clear(requestOf(input))),
  }),
  route({
    ...common,
    method: 'post',
    path: '/cart/items',
    summary: 'Add units of a variant',
    idempotent: true,
    body: NewItemBody,
    reply: { status: 200, schema: CartView },
    errors: ['not_found', 'variant_unavailable', 'price_unavailable'],
    handle: async (input) => {
      const { quantity, variantId, sku = '' } = input.body;
      const ref = variantId === undefined ? { sku } : { variantId };
      return presentCart(await manageCart.add(requestOf(input), ref, quantity, input.once(presentCart)));
    },
  }),
  route({
    ...common,
    method: 'put',
    path: '/cart/coupon',
    summary: 'Put a coupon on the cart, in place of any other',
    description:
      'It counts, or says why not, whenever the cart is priced; a checkout refuses one that does not.',
    rateLimit: 'write',
    body: CouponBody,
    reply: { status: 200, schema: CartView },
    errors: ['coupon_not_applicable', 'not_found', 'rate_limited'],
    handle: async (input) => presentCart(await manageCart.setCoupon(requestOf(input), input.body.code)),
  }),
  route({
    ...common,
    method: 'delete',
    path: '/cart/coupon',
    summary: 'Take the coupon off the cart',
    reply: { status: 200, schema: CartView },
    errors: ['not_found'],
    handle: async (input) => presentCart(await manageCart.removeCoupon(requestOf(input))),
  }),
  route({
    ...common,
    method: 'get',
    path: '/cart/shipping-options',
    summary: 'How the cart can be sent to a country, or to one of your addresses, and what it costs then',
    query: ShippingOptionsParams,
    reply: { status: 200, schema: ShippingOptionsView },
    errors: ['not_found', 'unknown_country'],
    handle: async ({ query: { country, addressId }, ...caller }) => {
      const { owner, locale } = requestOf(caller);
      const destination = country === undefined ? { addressId: addressId ?? '' } : { country };
      return presentQuote(await quoteShipping.run(owner, destination, locale));
    },
  }),
  route({
    ...common,
    method: 'get',
    path: '/cart/landed-cost',
    summary: 'What the import of the cart costs: duty, tax and fees, as a checkout would freeze them',
    description: 'By dated rules, each named with its source. What is not known is null, never nothing.',
    query: LandedCostParams,
    reply: { status: 200, schema: LandedCostQuoteView },
    errors: [
      'not_found',
      'unknown_country',
      'cart_empty',
      'variant_unavailable',
      'price_unavailable',
      'insufficient_stock',
      'shipping_unavailable',
      'coupon_not_applicable',
    ],
    handle: async ({ query: { country, addressId, shippingMethodId }, ...caller }) => {
      const { owner, locale } = requestOf(caller);
      const destination = country === undefined ? { addressId: addressId ?? '' } : { country };
      return presentLandedCostQuote(
        await quoteLandedCost.run(owner, { destination, shippingMethodId, locale }),
      );
    },
  }),
  route({
    ...common,
    method: 'patch',
    path: '/cart/items/{variantId}',
    summary: 'Set the units of a line',
    params: CartItemParams,
    body: ItemPatch,
    reply: { status: 200, schema: CartView },
    errors: ['version_conflict'],
    handle: async (input) => {
      const { quantity, version } = input.body;
      return presentCart(
        await manageCart.setQuantity(requestOf(input), input.params.variantId, quantity, version),
      );
    },
  }),
  route({
    ...common,
    method: 'delete',
    path: '/cart/items/{variantId}',
    summary: 'Remove a line',
    params: CartItemParams,
    reply: { status: 200, schema: CartView },
    handle: async (input) => presentCart(await manageCart.remove(requestOf(input), input.params.variantId)),
  }),
];

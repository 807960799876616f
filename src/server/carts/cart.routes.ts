import type { Request } from 'express';
import type { CartReadModel } from '../../domain/carts/cart.store.ts';
import type { CartOwner } from '../../domain/carts/cart.ts';
import type { UserActor } from '../../domain/shared/actor.ts';
import { DomainError } from '../../domain/shared/errors.ts';
import { hashToken } from '../../domain/shared/ids.ts';
import { type CartRequest, emptyCart, type ManageCart } from '../../domain/use-cases/manage-cart.ts';
import { localeOf } from '../fields.ts';
import { type Route, route } from '../route.ts';
import { presentCart } from './cart.present.ts';
import {
  CartHeaders,
  CartItemParams,
  CartParams,
  CartPatch,
  CartView,
  ItemPatch,
  NewCartBody,
  NewCartView,
  NewItemBody,
} from './cart.schema.ts';

interface Ports {
  readonly carts: CartReadModel;
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

export const cartRoutes = ({ carts, manageCart }: Ports): Route[] => [
  route({
    method: 'post',
    path: '/carts',
    summary: "Open a guest's cart",
    description: 'Signed-in users have a cart already: see /cart. Its items join theirs when they sign in.',
    tags,
    auth: 'public',
    rateLimit: 'write',
    body: NewCartBody,
    reply: { status: 201, schema: NewCartView },
    errors: ['unknown_currency', 'rate_limited'],
    handle: async ({ body, res }) => {
      const { token, view } = await manageCart.createForGuest(body?.currency);
      res.setHeader('X-Cart-Token', token);
      return { token, cart: presentCart(view) };
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
      const view = await carts.find(owner, localeOf(query.lang, req.get('accept-language')));
      if (view === undefined && owner.type === 'guest') throw new DomainError('not_found', 'cart not found');
      return presentCart(view ?? emptyCart(owner, new Date(0)));
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

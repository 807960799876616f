import {
  type Cart,
  type CartOwner,
  type CartView,
  cartToken,
  checkCandidate,
  checkLineCount,
  checkQuantity,
  type VariantRef,
} from '../carts/cart.ts';
import type { Clock } from '../shared/clock.ts';
import { type Currency, DEFAULT_CURRENCIES } from '../shared/currency.ts';
import { DomainError, invalidField, notFound } from '../shared/errors.ts';
import { hashToken, newId, newToken } from '../shared/ids.ts';
import type { Locale } from '../shared/locale.ts';
import { type Once, Replay } from '../shared/once.ts';
import { couponRefused } from './checkout-price.ts';
import { cartCandidates, type PricedCart, priceCart, pricedCart } from './priced-cart.ts';
import type { Database, Tx } from './tx.ts';

interface Deps {
  readonly db: Database;
  readonly clock: Clock;
}

export interface NewGuestCart {
  /** Shown once: only its hash is stored. */
  readonly token: string;
  readonly cart: PricedCart;
}

export interface CartRequest {
  readonly owner: CartOwner;
  readonly locale: Locale;
}

/** Nobody is signed in: whoever knows the key is told the cart's token. A UUID has 36 characters. */
const MIN_KEY = 32;

const guessable = (): DomainError =>
  invalidField('Idempotency-Key', `opens the cart: send a random one of ${MIN_KEY} characters or more`);

/** The stored reply holds the cart's id in the place of its token: its caller, who has the key, gets it made again. */
function withToken({ reply }: Replay, key: string): Replay {
  const body = reply.body as { readonly token: string };
  return new Replay({ ...reply, body: { ...body, token: cartToken(key, body.token) } });
}

/** What buyers do to their cart. Every change answers with the cart as it is then. */
export class ManageCart {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** @throws DomainError unknown_currency; validation_failed for a key that could be guessed */
  async createForGuest(currency: Currency | undefined, once?: Once<NewGuestCart>): Promise<NewGuestCart> {
    const key = once?.key;
    if (key !== undefined && key.length < MIN_KEY) throw guessable();
    const work = async (tx: Tx): Promise<NewGuestCart> => {
      if (currency !== undefined) await checkCurrency(tx, currency);
      const id = newId();
      const token = key === undefined ? newToken() : cartToken(key, id);
      const owner = { type: 'guest', tokenHash: hashToken(token) } as const;
      const cart = { ...newCart(owner, this.#deps.clock.now(), currency), id };
      await tx.carts.insert(cart);
      return { token, cart: await pricedCart(tx.promotions, { cart, lines: [] }, cart.createdAt) };
    };
    if (once === undefined || key === undefined) return this.#deps.db.transaction(work);
    try {
      return await this.#deps.db.transaction(work, { ...once, key: hashToken(key) });
    } catch (error) {
      throw error instanceof Replay ? withToken(error, key) : error;
    }
  }

  /** @throws DomainError not_found, variant_unavailable, price_unavailable, validation_failed past the limits */
  add(request: CartRequest, ref: VariantRef, quantity: number, once?: Once<PricedCart>): Promise<PricedCart> {
    checkQuantity(quantity);
    return this.#change(
      request,
      undefined,
      async (tx, cart, at) => {
        const candidate = await tx.carts.candidate(ref, cart.currency);
        checkCandidate(candidate, cart.currency);
        const after = await tx.carts.addItem(cart.id, { variantId: candidate.variantId, quantity }, at);
        checkQuantity(after.quantity);
        checkLineCount(after.lines);
      },
      once,
    );
  }

  /** @throws DomainError not_found, version_conflict */
  setQuantity(
    request: CartRequest,
    variantId: string,
    quantity: number,
    version?: number,
  ): Promise<PricedCart> {
    checkQuantity(quantity);
    return this.#change(request, version, async (tx, cart) => {
      if (!(await tx.carts.setQuantity(cart.id, { variantId, quantity }))) throw notFound('cart item');
    });
  }

  /** @throws DomainError not_found */
  remove(request: CartRequest, variantId: string): Promise<PricedCart> {
    return this.#change(request, undefined, async (tx, cart) => {
      if (!(await tx.carts.removeItem(cart.id, variantId))) throw notFound('cart item');
    });
  }

  clear(request: CartRequest): Promise<PricedCart> {
    return this.#change(request, undefined, async (tx, cart, at) => tx.carts.replaceItems(cart.id, [], at));
  }

  /** Items without a price in the new currency stay, and say so. @throws DomainError unknown_currency, version_conflict */
  setCurrency(request: CartRequest, currency: Currency, version?: number): Promise<PricedCart> {
    return this.#change(request, version, async (tx, cart) => {
      await checkCurrency(tx, currency);
      await tx.carts.setCurrency(cart.id, currency);
    });
  }

  /**
   * A coupon that is not on sale is refused; one that only this cart does not qualify for stays, and says so.
   * @param code upper case @throws DomainError coupon_not_applicable
   */
  setCoupon(request: CartRequest, code: string): Promise<PricedCart> {
    return this.#change(request, undefined, async (tx, cart, at) => {
      const view = { cart: { ...cart, couponCode: code }, lines: [] };
      const candidates = await cartCandidates(tx.promotions, view, at);
      const { couponRefusal } = priceCart(view, { candidates, at });
      if (couponRefusal !== undefined && couponRefusal !== 'minimum_spend' && couponRefusal !== 'currency') {
        throw couponRefused(code, couponRefusal);
      }
      await tx.carts.setCoupon(cart.id, code);
    });
  }

  removeCoupon(request: CartRequest): Promise<PricedCart> {
    return this.#change(request, undefined, async (tx, cart) => tx.carts.setCoupon(cart.id, undefined));
  }

  #change(
    { owner, locale }: CartRequest,
    version: number | undefined,
    change: (tx: Tx, cart: Cart, at: Date) => Promise<void>,
    once?: Once<PricedCart>,
  ): Promise<PricedCart> {
    return this.#deps.db.transaction(async (tx) => {
      const at = this.#deps.clock.now();
      const cart = await openCart(tx, owner, at);
      if (!(await tx.carts.touch(cart.id, at, version))) {
        throw new DomainError('version_conflict', 'the cart was changed since: read it again');
      }
      await change(tx, cart, at);
      const view = (await tx.carts.view(owner, locale)) ?? { cart, lines: [] };
      return pricedCart(tx.promotions, view, at);
    }, once);
  }
}

/** A user's first change makes the cart; a guest's cart is made on purpose, for its token. */
export async function openCart(tx: Tx, owner: CartOwner, at: Date): Promise<Cart> {
  const found = await tx.carts.find(owner);
  if (found) return found;
  if (owner.type === 'guest') throw notFound('cart');
  const cart = newCart(owner, at);
  if (await tx.carts.insert(cart)) return cart;
  const made = await tx.carts.find(owner);
  if (!made) throw notFound('cart');
  return made;
}

export const newCart = (owner: CartOwner, at: Date, currency: Currency = DEFAULT_CURRENCIES[0]): Cart => ({
  id: newId(),
  owner,
  currency,
  couponCode: undefined,
  version: 1,
  createdAt: at,
  updatedAt: at,
});

async function checkCurrency(tx: Tx, currency: Currency): Promise<void> {
  if (await tx.carts.hasPriceList(currency)) return;
  throw invalidField('currency', `nothing is sold in ${currency}`, 'unknown_currency');
}

export const emptyCart = (owner: CartOwner, at: Date): CartView => ({ cart: newCart(owner, at), lines: [] });

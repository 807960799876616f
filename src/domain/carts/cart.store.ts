import type { Currency } from '../shared/currency.ts';
import type { Locale } from '../shared/locale.ts';
import type { Candidate, Cart, CartOwner, CartView, MergeLine, SeenLine, VariantRef } from './cart.ts';

/** Part of the transaction: see use-cases/tx.ts. */
export interface CartStore {
  find(owner: CartOwner): Promise<Cart | undefined>;
  /** The cart as this transaction sees it. */
  view(owner: CartOwner, locale: Locale): Promise<CartView | undefined>;
  /** @returns false when the owner has a cart already (another request made it first) */
  insert(cart: Cart): Promise<boolean>;
  /**
   * Bumps the version, which locks the cart until the commit: every change of items starts with it.
   * @returns false when the cart is gone, or its version is not `expected`
   */
  touch(cartId: string, at: Date, expected?: number): Promise<boolean>;
  setCurrency(cartId: string, currency: Currency): Promise<void>;
  setCoupon(cartId: string, code: string | undefined): Promise<void>;
  hasPriceList(currency: Currency): Promise<boolean>;
  candidate(ref: VariantRef, currency: Currency): Promise<Candidate | undefined>;
  /** Adds to the line, or makes it. @returns the line's quantity and the cart's number of lines afterwards */
  addItem(cartId: string, item: MergeLine, at: Date): Promise<{ quantity: number; lines: number }>;
  /** @returns false when the cart has no such line */
  setQuantity(cartId: string, item: MergeLine): Promise<boolean>;
  removeItem(cartId: string, variantId: string): Promise<boolean>;
  items(cartId: string): Promise<readonly SeenLine[]>;
  replaceItems(cartId: string, items: readonly SeenLine[], at: Date): Promise<void>;
  /** Gives a guest's cart to its new owner. @returns false when that user has a cart already */
  assignTo(cart: Cart, at: Date): Promise<boolean>;
  remove(cartId: string): Promise<void>;
  /**
   * Takes exactly these lines out, as ordered, and the coupon with them. The cart's row comes first, as in every other
   * change: whoever changes the cart beside it waits, and sees what is left.
   * @returns false when any of them changed meanwhile: the transaction must be rolled back
   */
  takeOrdered(cartId: string, items: readonly MergeLine[], at: Date): Promise<boolean>;
}

/** Reads on the read connection: one statement. */
export interface CartReadModel {
  find(owner: CartOwner, locale: Locale): Promise<CartView | undefined>;
}

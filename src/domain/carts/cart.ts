import { createHmac } from 'node:crypto';
import type { Currency } from '../shared/currency.ts';
import { DomainError, invalidField } from '../shared/errors.ts';
import { type Money, sum, times } from '../shared/money.ts';

/** Units of one SKU in one cart. */
export const MAX_QUANTITY = 999;
export const MAX_LINES = 100;

/**
 * What opens a guest's cart that was asked for with an Idempotency-Key: made from it, so that whoever sends the key
 * again can be told again, and nothing that opens the cart is stored. As unguessable as the key is.
 */
export const cartToken = (key: string, cartId: string): string =>
  createHmac('sha256', key).update(`cart:${cartId}`).digest('base64url');

/** Whose cart: a signed-in user's (at most one each), or that of whoever holds the token with this hash. */
export type CartOwner =
  | { readonly type: 'user'; readonly userId: string }
  | { readonly type: 'guest'; readonly tokenHash: string };

export interface Cart {
  readonly id: string;
  readonly owner: CartOwner;
  readonly currency: Currency;
  /** Upper case. Whether it counts is found out whenever the cart is priced. */
  readonly couponCode: string | undefined;
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** A line as it stands now: nothing of it is stored but the variant and the quantity. */
export interface CartLine {
  readonly variantId: string;
  readonly productId: string;
  readonly productSlug: string;
  readonly sku: string;
  readonly name: string;
  readonly options: Readonly<Record<string, string>>;
  readonly imageUrl: string | undefined;
  readonly quantity: number;
  /** Of one unit. */
  readonly weightGrams: number;
  /** Absent when the product has no price in the cart's currency. */
  readonly unitPrice: Money | undefined;
  /** What it cost when the line was last put in or changed, where that is another price than now. */
  readonly seenPrice: Money | undefined;
  /** False when the product or the variant was withdrawn. */
  readonly onSale: boolean;
  /** Units free over all warehouses. */
  readonly available: number;
}

export const AVAILABILITIES = ['available', 'insufficient_stock', 'price_unavailable', 'withdrawn'] as const;
/** Whether the line can be ordered as it stands, or the first reason why not. */
export type Availability = (typeof AVAILABILITIES)[number];

export interface CartView {
  readonly cart: Cart;
  readonly lines: readonly CartLine[];
}

export function availabilityOf(line: CartLine): Availability {
  if (!line.onSale) return 'withdrawn';
  if (line.unitPrice === undefined) return 'price_unavailable';
  return line.available >= line.quantity ? 'available' : 'insufficient_stock';
}

export const lineTotal = (line: CartLine): Money | undefined =>
  line.unitPrice && times(line.unitPrice, line.quantity);

/** The sum of what has a price and is on sale. A line that is neither is shown, and counts nothing. */
export const itemsTotal = (view: CartView): Money =>
  sum(
    view.lines.flatMap((line) => {
      const total = line.onSale ? lineTotal(line) : undefined;
      return total ? [total] : [];
    }),
    view.cart.currency,
  );

export const canCheckOut = (view: CartView): boolean =>
  view.lines.length > 0 && view.lines.every((line) => availabilityOf(line) === 'available');

/** @throws DomainError validation_failed when a line would hold more than MAX_QUANTITY */
export function checkQuantity(quantity: number): void {
  if (!Number.isInteger(quantity) || quantity < 1 || quantity > MAX_QUANTITY) {
    throw invalidField('quantity', `a line holds 1 to ${MAX_QUANTITY} units, not ${quantity}`);
  }
}

/** @throws DomainError validation_failed when the cart would hold more than MAX_LINES */
export function checkLineCount(lines: number): void {
  if (lines > MAX_LINES) throw invalidField('variantId', `a cart holds at most ${MAX_LINES} different items`);
}

/** What is known of a variant that somebody wants in a cart. */
export interface Candidate {
  readonly variantId: string;
  readonly sku: string;
  readonly onSale: boolean;
  readonly priced: boolean;
}

/** @throws DomainError not_found, variant_unavailable or price_unavailable */
export function checkCandidate(
  candidate: Candidate | undefined,
  currency: Currency,
): asserts candidate is Candidate {
  if (!candidate) throw new DomainError('not_found', 'variant not found');
  const { sku } = candidate;
  if (!candidate.onSale) {
    throw new DomainError('variant_unavailable', `${sku} is no longer sold`, { facts: { skus: [sku] } });
  }
  if (!candidate.priced) {
    throw new DomainError('price_unavailable', `${sku} has no price in ${currency}`, {
      facts: { skus: [sku], currency },
    });
  }
}

/** Which variant is meant: by its id, or by its SKU. */
export type VariantRef = { readonly variantId: string } | { readonly sku: string };

export interface MergeLine {
  readonly variantId: string;
  readonly quantity: number;
}

/** A line with the unit price that its holder last saw, in minor units of the cart's currency; undefined: none. */
export interface SeenLine extends MergeLine {
  readonly seenPrice: bigint | undefined;
}

/**
 * What a cart holds after a guest's cart joined it: quantities add up, capped rather than refused, because a merge
 * happens while signing in, which must not fail for a full cart. Lines beyond the cap are left out. Of a line that both
 * have, the price seen in the own cart stays.
 */
export function mergeLines(own: readonly SeenLine[], guest: readonly SeenLine[]): SeenLine[] {
  const merged = new Map(own.map((line) => [line.variantId, line]));
  for (const line of guest) {
    const before = merged.get(line.variantId);
    if (before === undefined && merged.size >= MAX_LINES) continue;
    const quantity = Math.min(MAX_QUANTITY, (before?.quantity ?? 0) + line.quantity);
    merged.set(line.variantId, { ...line, quantity, seenPrice: before?.seenPrice ?? line.seenPrice });
  }
  return [...merged.values()];
}

import type { Cart, CartLine, CartOwner, CartView } from '../../../domain/carts/cart.ts';
import type { Locale } from '../../../domain/shared/locale.ts';
import type { Money } from '../../../domain/shared/money.ts';
import type { Sql } from '../sql.ts';
import { type RawDate, type RawInteger, type RawJson, toBigint, toDate, toInt, toJson } from '../values.ts';

export interface CartRow {
  id: string;
  user_id: string | null;
  token_hash: string | null;
  currency: string;
  coupon_code: string | null;
  version: number;
  created_at: RawDate;
  updated_at: RawDate;
}

interface ViewRow extends CartRow {
  variant_id: string | null;
  quantity: number;
  sku: string;
  weight_grams: number;
  options: RawJson;
  variant_status: string;
  product_id: string;
  slug: string;
  product_status: string;
  image_url: string | null;
  name: string;
  amount: RawInteger | null;
  seen_price: RawInteger | null;
  available: RawInteger | null;
}

export function toCart(row: CartRow): Cart {
  const owner: CartOwner =
    row.user_id === null
      ? { type: 'guest', tokenHash: row.token_hash ?? '' }
      : { type: 'user', userId: row.user_id };
  return {
    id: row.id,
    owner,
    currency: row.currency,
    couponCode: row.coupon_code ?? undefined,
    version: row.version,
    createdAt: toDate(row.created_at),
    updatedAt: toDate(row.updated_at),
  };
}

export const ownerColumn = (owner: CartOwner): 'user_id' | 'token_hash' =>
  owner.type === 'user' ? 'user_id' : 'token_hash';
export const ownerKey = (owner: CartOwner): string =>
  owner.type === 'user' ? owner.userId : owner.tokenHash;

/** The cart with live prices, names and stock, in one statement. */
export async function readCart(sql: Sql, owner: CartOwner, locale: Locale): Promise<CartView | undefined> {
  const rows = await sql.query<ViewRow>(
    `SELECT c.id, c.user_id, c.token_hash, c.currency, c.coupon_code, c.version, c.created_at, c.updated_at,
       ci.variant_id, ci.quantity, ci.seen_price, v.sku, v.weight_grams, v.options, v.status AS variant_status,
       p.id AS product_id, p.slug, p.status AS product_status, p.image_url, COALESCE(s.name, p.slug) AS name, pr.amount,
       (SELECT SUM(sl.on_hand - sl.reserved) FROM stock_levels sl WHERE sl.variant_id = ci.variant_id) AS available
     FROM carts c
     LEFT JOIN cart_items ci ON ci.cart_id = c.id
     LEFT JOIN variants v ON v.id = ci.variant_id
     LEFT JOIN products p ON p.id = v.product_id
     LEFT JOIN product_search s ON s.product_id = p.id AND s.locale = ?
     LEFT JOIN prices pr ON pr.variant_id = ci.variant_id AND pr.currency = c.currency
     WHERE c.${ownerColumn(owner)} = ? ORDER BY ci.added_at, ci.variant_id`,
    [locale, ownerKey(owner)],
  );
  const first = rows[0];
  if (first === undefined) return undefined;
  const lines = rows.flatMap((row) => (row.variant_id === null ? [] : [toLine(row, row.variant_id)]));
  return { cart: toCart(first), lines };
}

/** Only where it differs from what it costs now. */
const seenPrice = ({ seen_price, amount, currency }: ViewRow): Money | undefined =>
  seen_price === null || amount === null || toBigint(seen_price) === toBigint(amount)
    ? undefined
    : { amount: toBigint(seen_price), currency };

const toLine = (row: ViewRow, variantId: string): CartLine => ({
  variantId,
  productId: row.product_id,
  productSlug: row.slug,
  sku: row.sku,
  name: row.name,
  options: toJson(row.options) as Record<string, string>,
  imageUrl: row.image_url ?? undefined,
  quantity: row.quantity,
  weightGrams: row.weight_grams,
  unitPrice: row.amount === null ? undefined : { amount: toBigint(row.amount), currency: row.currency },
  seenPrice: seenPrice(row),
  onSale: row.variant_status === 'active' && row.product_status === 'active',
  available: Math.max(0, toInt(row.available ?? 0)),
});

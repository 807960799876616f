import type { IdentityStatus } from '../../../domain/identity/importer-identity.ts';
import type { StockOffer } from '../../../domain/inventory/reservation.ts';
import type { AddressSnapshot } from '../../../domain/orders/order.ts';
import type { Locale } from '../../../domain/shared/locale.ts';
import type { Basket, BasketItem, CheckoutStore } from '../../../domain/use-cases/checkout.store.ts';
import type { Sql } from '../sql.ts';
import {
  type RawBoolean,
  type RawInteger,
  type RawJson,
  toBigint,
  toBool,
  toInt,
  toJson,
} from '../values.ts';

interface AddressColumns {
  address_id: string | null;
  recipient: string;
  organization: string | null;
  line1: string;
  line2: string | null;
  line3: string | null;
  district: string | null;
  city: string | null;
  region: string | null;
  postal_code: string | null;
  country: string;
  phone: string;
}

interface ItemRow {
  cart_id: string | null;
  currency: string | null;
  coupon_code: string | null;
  variant_id: string | null;
  quantity: number;
  sku: string;
  options: RawJson;
  weight_grams: number;
  variant_status: string;
  hs_code: string;
  origin_country: string;
  product_status: string;
  name: string;
  amount: RawInteger | null;
  seen_price: RawInteger | null;
  tax_inclusive: RawBoolean | null;
  stock_level_id: string | null;
  warehouse_id: string;
  warehouse_country: string;
  available: RawInteger;
}

interface BasketRow extends ItemRow, AddressColumns {
  email: string | null;
  identity_id: string | null;
  identity_status: IdentityStatus | null;
}

/** One row per item and warehouse, so that the number of statements does not grow with the cart. */
const ITEMS = `c.id AS cart_id, c.currency, c.coupon_code,
    ci.variant_id, ci.quantity, ci.seen_price, v.sku, v.options, v.weight_grams, v.status AS variant_status,
    p.hs_code, p.origin_country, p.status AS product_status, COALESCE(s.name, p.slug) AS name, pr.amount,
    pl.tax_inclusive,
    sl.id AS stock_level_id, sl.warehouse_id, w.country AS warehouse_country, sl.on_hand - sl.reserved AS available`;

const ITEM_TABLES = `LEFT JOIN cart_items ci ON ci.cart_id = c.id
  LEFT JOIN variants v ON v.id = ci.variant_id
  LEFT JOIN products p ON p.id = v.product_id
  LEFT JOIN product_search s ON s.product_id = p.id AND s.locale = ?
  LEFT JOIN prices pr ON pr.variant_id = ci.variant_id AND pr.currency = c.currency
  LEFT JOIN price_lists pl ON pl.currency = c.currency
  LEFT JOIN stock_levels sl ON sl.variant_id = ci.variant_id
  LEFT JOIN warehouses w ON w.id = sl.warehouse_id`;

const ITEM_ORDER = 'ORDER BY ci.added_at, ci.variant_id, sl.warehouse_id';

const BASKET = `SELECT u.email, ${ITEMS},
    a.id AS address_id, a.recipient, a.organization, a.line1, a.line2, a.line3, a.district, a.city, a.region,
    a.postal_code, a.country, a.phone,
    i.id AS identity_id, i.status AS identity_status
  FROM users u
  LEFT JOIN addresses a ON a.id = ? AND a.user_id = u.id
  LEFT JOIN importer_identities i ON i.id = (SELECT b.id FROM importer_identities b
    WHERE b.user_id = u.id AND b.country = a.country AND b.status <> 'rejected'
    ORDER BY CASE b.status WHEN 'verified' THEN 0 ELSE 1 END, b.created_at DESC, b.id DESC LIMIT 1)
  LEFT JOIN carts c ON c.user_id = u.id
  ${ITEM_TABLES}
  WHERE u.id = ? ${ITEM_ORDER}`;

const GUEST_BASKET = `SELECT ${ITEMS} FROM carts c ${ITEM_TABLES} WHERE c.token_hash = ? ${ITEM_ORDER}`;

export class SqlCheckoutStore implements CheckoutStore {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  async load(userId: string, addressId: string | undefined, locale: Locale): Promise<Basket> {
    const rows = await this.#sql.query<BasketRow>(BASKET, [addressId, locale, userId]);
    const [first] = rows;
    return {
      cartId: first?.cart_id ?? undefined,
      currency: first?.currency ?? undefined,
      userEmail: first?.email ?? undefined,
      address: first === undefined || first.address_id === null ? undefined : toAddress(first),
      identity: first && toIdentity(first),
      couponCode: first?.coupon_code ?? undefined,
      pricesIncludeTax: toBool(first?.tax_inclusive ?? false),
      items: toItems(rows),
    };
  }

  async loadGuest(cartTokenHash: string, locale: Locale): Promise<Basket> {
    const rows = await this.#sql.query<ItemRow>(GUEST_BASKET, [locale, cartTokenHash]);
    const [first] = rows;
    return {
      cartId: first?.cart_id ?? undefined,
      currency: first?.currency ?? undefined,
      userEmail: undefined,
      address: undefined,
      identity: undefined,
      couponCode: first?.coupon_code ?? undefined,
      pricesIncludeTax: toBool(first?.tax_inclusive ?? false),
      items: toItems(rows),
    };
  }
}

const toAddress = (row: AddressColumns): AddressSnapshot => ({
  recipient: row.recipient,
  organization: row.organization,
  line1: row.line1,
  line2: row.line2,
  line3: row.line3,
  district: row.district,
  city: row.city,
  region: row.region,
  postalCode: row.postal_code,
  country: row.country,
  phone: row.phone,
});

const toIdentity = ({ identity_id: id, identity_status: status }: BasketRow) =>
  id === null || status === null ? undefined : { id, status };

function toItems(rows: readonly ItemRow[]): BasketItem[] {
  const items = new Map<string, BasketItem>();
  for (const row of rows) {
    if (row.variant_id === null) continue;
    const item = items.get(row.variant_id) ?? toItem(row, row.variant_id);
    items.set(row.variant_id, { ...item, offers: [...item.offers, ...toOffers(row)] });
  }
  return [...items.values()];
}

const toOffers = (row: ItemRow): StockOffer[] =>
  row.stock_level_id === null
    ? []
    : [
        {
          stockLevelId: row.stock_level_id,
          warehouseId: row.warehouse_id,
          country: row.warehouse_country,
          available: toInt(row.available),
        },
      ];

const toItem = (row: ItemRow, variantId: string): BasketItem => ({
  variantId,
  sku: row.sku,
  name: row.name,
  options: toJson(row.options) as Record<string, string>,
  hsCode: row.hs_code,
  originCountry: row.origin_country,
  weightGrams: row.weight_grams,
  quantity: row.quantity,
  unitPrice: row.amount === null ? undefined : toBigint(row.amount),
  seenPrice: row.seen_price === null ? undefined : toBigint(row.seen_price),
  onSale: row.variant_status === 'active' && row.product_status === 'active',
  offers: [],
});

import type { IdentityReference } from '../identity/importer-identity.ts';
import type { StockOffer } from '../inventory/reservation.ts';
import type { AddressSnapshot } from '../orders/order.ts';
import type { Currency } from '../shared/currency.ts';
import type { Locale } from '../shared/locale.ts';

/** A line of the cart with all that an order freezes of it. */
export interface BasketItem {
  readonly variantId: string;
  readonly sku: string;
  readonly name: string;
  readonly options: Readonly<Record<string, string>>;
  readonly hsCode: string;
  readonly originCountry: string;
  readonly weightGrams: number;
  readonly quantity: number;
  /** Minor units; absent when there is no price in the cart's currency. */
  readonly unitPrice: bigint | undefined;
  /** What the buyer saw last, in the same currency; absent when nobody was shown a price. */
  readonly seenPrice: bigint | undefined;
  readonly onSale: boolean;
  readonly offers: readonly StockOffer[];
}

export interface Basket {
  /** Absent when the user never had a cart. */
  readonly cartId: string | undefined;
  readonly currency: Currency | undefined;
  readonly userEmail: string | undefined;
  /** Absent when the user has no such address. */
  readonly address: AddressSnapshot | undefined;
  /** The buyer's for the country of the address that was not rejected: a verified one first, then the newest. */
  readonly identity: IdentityReference | undefined;
  /** The coupon that the buyer put on the cart. */
  readonly couponCode: string | undefined;
  /** Whether the price list of the cart's currency says so. */
  readonly pricesIncludeTax: boolean;
  readonly items: readonly BasketItem[];
}

/** Everything a checkout needs to know, over all features, in one statement: in its transaction, or for a quote. */
export interface CheckoutStore {
  /** @param addressId none is looked for when it is absent */
  load(userId: string, addressId: string | undefined, locale: Locale): Promise<Basket>;
  /** A guest's cart; the address is no part of it. */
  loadGuest(cartTokenHash: string, locale: Locale): Promise<Basket>;
}

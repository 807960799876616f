import type { IdentityReference } from '../identity/importer-identity.ts';
import type { StockPick } from '../inventory/reservation.ts';
import { type AddressSnapshot, type OrderLine, orderLine, type PriceChange } from '../orders/order.ts';
import type { Currency } from '../shared/currency.ts';
import { DomainError } from '../shared/errors.ts';
import { newId } from '../shared/ids.ts';
import { type Money, zero } from '../shared/money.ts';
import type { Basket, BasketItem } from './checkout.store.ts';
import type { Tx } from './tx.ts';

/** Goods that are sold, each with its price. */
export interface PricedBasket {
  readonly currency: Currency;
  readonly couponCode: string | undefined;
  readonly pricesIncludeTax: boolean;
  readonly items: readonly PricedItem[];
}

/** A basket that can be ordered, as far as one can say before the stock is taken. */
export interface ReadyBasket extends PricedBasket {
  readonly address: AddressSnapshot;
  readonly identity: IdentityReference | undefined;
  readonly userEmail: string | undefined;
  /** Empties the cart of exactly what was ordered. @throws DomainError cart_changed */
  take(tx: Tx, at: Date): Promise<void>;
}

export interface PricedItem extends BasketItem {
  readonly unitPrice: bigint;
}

/** @throws DomainError not_found (address), cart_empty, variant_unavailable, price_unavailable */
export function checkBasket(basket: Basket): ReadyBasket {
  const { cartId, address, identity, userEmail, items } = basket;
  if (address === undefined) {
    throw new DomainError('not_found', 'you have no such address', {
      issues: [{ path: 'addressId', message: 'no address of yours has this id' }],
    });
  }
  const priced = checkItems(basket);
  const take = async (tx: Tx, at: Date): Promise<void> => {
    if (cartId === undefined || !(await tx.carts.takeOrdered(cartId, items, at))) {
      throw new DomainError('cart_changed', 'the cart was changed or ordered meanwhile: look at it again');
    }
  };
  return { ...priced, address, identity, userEmail, take };
}

/** @throws DomainError cart_empty, variant_unavailable, price_unavailable */
export function checkItems({ cartId, currency, couponCode, pricesIncludeTax, items }: Basket): PricedBasket {
  if (cartId === undefined || currency === undefined || items.length === 0) {
    throw new DomainError('cart_empty', 'there is nothing in the cart');
  }
  const gone = items.filter((item) => !item.onSale).map((item) => item.sku);
  if (gone.length > 0) {
    throw new DomainError('variant_unavailable', `no longer sold: ${gone.join(', ')}`, {
      facts: { skus: gone },
    });
  }
  return { currency, couponCode, pricesIncludeTax, items: priced(items, currency) };
}

function priced(items: readonly BasketItem[], currency: Currency): PricedItem[] {
  const missing = items.filter((item) => item.unitPrice === undefined).map((item) => item.sku);
  if (missing.length > 0) {
    throw new DomainError('price_unavailable', `no price in ${currency}: ${missing.join(', ')}`, {
      facts: { skus: missing, currency },
    });
  }
  return items.flatMap((item) =>
    item.unitPrice === undefined ? [] : [{ ...item, unitPrice: item.unitPrice }],
  );
}

/** What costs another price than when the buyer last saw it in his cart. */
export const priceChanges = ({ items, currency }: ReadyBasket): PriceChange[] =>
  items.flatMap(({ sku, seenPrice, unitPrice }) =>
    seenPrice === undefined || seenPrice === unitPrice
      ? []
      : [{ sku, seen: { amount: seenPrice, currency }, now: { amount: unitPrice, currency } }],
  );

/** What the order keeps of the catalogue, whatever becomes of it. @param discounts one per item */
export function frozenLines(
  basket: PricedBasket,
  picks: readonly StockPick[],
  discounts: readonly Money[],
): OrderLine[] {
  const warehouses = new Map(picks.map((pick) => [pick.variantId, pick.warehouseId]));
  return basket.items.map((item, position) =>
    orderLine({
      id: newId(),
      position,
      variantId: item.variantId,
      sku: item.sku,
      name: item.name,
      options: item.options,
      hsCode: item.hsCode,
      originCountry: item.originCountry,
      weightGrams: item.weightGrams,
      warehouseId: warehouses.get(item.variantId) ?? '',
      unitPrice: { amount: item.unitPrice, currency: basket.currency },
      quantity: item.quantity,
      discount: discounts[position] ?? zero(basket.currency),
    }),
  );
}

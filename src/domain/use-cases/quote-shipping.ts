import type { AddressesReadModel } from '../addresses/addresses.read-model.ts';
import type { CartReadModel } from '../carts/cart.store.ts';
import { type CartOwner, itemsTotal } from '../carts/cart.ts';
import type { PromotionReadModel } from '../promotions/promotion.store.ts';
import type { Clock } from '../shared/clock.ts';
import type { Country } from '../shared/country.ts';
import { notFound } from '../shared/errors.ts';
import type { Locale } from '../shared/locale.ts';
import type { ShippingReadModel } from '../shipping/shipping.store.ts';
import { optionsFor, parcelOf, type ShippingOption } from './checkout-price.ts';
import { emptyCart } from './manage-cart.ts';
import type { BasketPrice } from './price-basket.ts';
import { cartCandidates, priceCart, pricedLines } from './priced-cart.ts';

interface Ports {
  readonly carts: CartReadModel;
  readonly addresses: AddressesReadModel;
  readonly promotions: PromotionReadModel;
  readonly shipping: ShippingReadModel;
  readonly clock: Clock;
}

/** A country, or one of the signed-in user's addresses. */
export type Destination = { readonly country: Country } | { readonly addressId: string };

export interface ShippingQuote {
  /** Whether a checkout must name one of the options. */
  readonly required: boolean;
  /** Each with what the whole cart costs with it: the total that a checkout comes to. */
  readonly options: readonly (ShippingOption & { readonly cart: BasketPrice })[];
}

/** How a cart can be sent somewhere, and what it costs then. */
export class QuoteShipping {
  readonly #ports: Ports;

  constructor(ports: Ports) {
    this.#ports = ports;
  }

  /** @throws DomainError not_found (address; a guest's cart) */
  async run(owner: CartOwner, destination: Destination, locale: Locale): Promise<ShippingQuote> {
    const { carts, promotions, shipping, clock } = this.#ports;
    const at = clock.now();
    const country = await countryOf(this.#ports.addresses, owner, destination);
    const view = (await carts.find(owner, locale)) ?? emptyCart(owner, at);
    const candidates = await cartCandidates(promotions, view, at);
    const choice = await shipping.choice(country);
    const parcel = parcelOf(
      pricedLines(view).map(({ line }) => line),
      itemsTotal(view),
    );
    const options = optionsFor(choice, parcel).map((option) => ({
      ...option,
      cart: priceCart(view, { candidates, at, shipping: option.price }),
    }));
    return { required: choice.required, options };
  }
}

/** @throws DomainError not_found for an address that is not the owner's */
export async function countryOf(
  addresses: AddressesReadModel,
  owner: CartOwner,
  destination: Destination,
): Promise<Country> {
  if ('country' in destination) return destination.country;
  const address =
    owner.type === 'user' ? await addresses.find(owner.userId, destination.addressId) : undefined;
  if (address === undefined) throw notFound('address');
  return address.country;
}

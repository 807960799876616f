import type { AddressesReadModel } from '../addresses/addresses.read-model.ts';
import type { CartOwner } from '../carts/cart.ts';
import { choosePicks } from '../inventory/reservation.ts';
import type { LandedCost } from '../landed-cost/quote.ts';
import type { ChosenShipping, FrozenExchangeRate } from '../orders/order.ts';
import type { Clock } from '../shared/clock.ts';
import type { Locale } from '../shared/locale.ts';
import type { Money } from '../shared/money.ts';
import type { Basket, CheckoutStore } from './checkout.store.ts';
import { checkItems, frozenLines } from './checkout-basket.ts';
import { deliveredDutyPaid, shippedLines } from './checkout-landed-cost.ts';
import { customerKey, type OfferPorts, priceCheckout } from './checkout-price.ts';
import type { LandedCostPorts, LandedCosts } from './landed-costs.ts';
import { countryOf, type Destination } from './quote-shipping.ts';

interface Ports extends OfferPorts, LandedCostPorts {
  readonly checkout: CheckoutStore;
  readonly addresses: AddressesReadModel;
  readonly landedCosts: LandedCosts;
  readonly clock: Clock;
}

export interface LandedCostQuote {
  readonly cost: LandedCost;
  readonly exchangeRate: FrozenExchangeRate;
  /** Of the goods' lines, in the order of the cost's. */
  readonly skus: readonly string[];
  readonly shippingMethod: ChosenShipping | undefined;
  readonly shipping: Money;
  /** What a checkout comes to. */
  readonly total: Money;
  /** ... with DDP; undefined where the quote is not complete. */
  readonly ddpTotal: Money | undefined;
}

export interface QuoteWish {
  readonly destination: Destination;
  /** The first that takes the cart when absent. */
  readonly shippingMethodId: string | undefined;
  readonly locale: Locale;
}

/** What the import of a cart costs: exactly what a checkout at this moment would freeze. */
export class QuoteLandedCost {
  readonly #ports: Ports;

  constructor(ports: Ports) {
    this.#ports = ports;
  }

  /** @throws DomainError as PlaceOrder, but for what only a checkout names */
  async run(owner: CartOwner, wish: QuoteWish): Promise<LandedCostQuote> {
    const at = this.#ports.clock.now();
    const { destination, shippingMethodId, locale } = wish;
    const country = await countryOf(this.#ports.addresses, owner, destination);
    const loaded = await this.#load(owner, destination, locale);
    const basket = checkItems(loaded);
    const price = await priceCheckout(this.#ports, basket, {
      country,
      shippingMethodId: shippingMethodId ?? { first: true },
      couponCode: undefined,
      customer: customerKey(owner.type === 'user' ? owner.userId : undefined, loaded.userEmail),
      at,
    });
    const picks = choosePicks(basket.items);
    const lines = frozenLines(basket, picks, price.lineDiscounts);
    const { cost, exchangeRate } = await this.#ports.landedCosts.quote(this.#ports, {
      to: country,
      at,
      currency: basket.currency,
      freight: price.shipping,
      lines: shippedLines(lines, picks),
      pricesIncludeTax: basket.pricesIncludeTax,
      identified: loaded.identity !== undefined,
    });
    return {
      cost,
      exchangeRate,
      skus: lines.map((line) => line.sku),
      shippingMethod: price.shippingMethod,
      shipping: price.shipping,
      total: price.total,
      ddpTotal: deliveredDutyPaid(price.total, cost),
    };
  }

  #load(owner: CartOwner, destination: Destination, locale: Locale): Promise<Basket> {
    const { checkout } = this.#ports;
    if (owner.type === 'guest') return checkout.loadGuest(owner.tokenHash, locale);
    return checkout.load(
      owner.userId,
      'addressId' in destination ? destination.addressId : undefined,
      locale,
    );
  }
}

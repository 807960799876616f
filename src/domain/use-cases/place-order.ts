import { choosePicks, type Demand } from '../inventory/reservation.ts';
import {
  type AddressSnapshot,
  checkAgreed,
  checkTotals,
  type FrozenExchangeRate,
  type Incoterm,
  type Order,
  type OrderLine,
  totalsOf,
} from '../orders/order.ts';
import type { UserActor } from '../shared/actor.ts';
import { addMinutes, type Clock } from '../shared/clock.ts';
import { DomainError } from '../shared/errors.ts';
import { hashToken, newId, newReadableCode } from '../shared/ids.ts';
import type { Locale } from '../shared/locale.ts';
import type { Money } from '../shared/money.ts';
import type { Once } from '../shared/once.ts';
import type { Basket } from './checkout.store.ts';
import { checkBasket, frozenLines, priceChanges, type ReadyBasket } from './checkout-basket.ts';
import { quotedLines, shippedLines } from './checkout-landed-cost.ts';
import {
  type CheckoutPrice,
  customerKey,
  frozenPromotions,
  PromotionMoved,
  priceCheckout,
  redeemPromotions,
} from './checkout-price.ts';
import type { LandedCosts } from './landed-costs.ts';
import type { OrderDetail } from './order-detail.ts';
import {
  createdEvent,
  firstEntry,
  insertUnderFreeNumber,
  reservationsOf,
  settleFree,
} from './placed-order.ts';
import { stockEvents } from './stock-moves.ts';
import type { Database, Tx } from './tx.ts';

interface Deps {
  readonly db: Database;
  readonly clock: Clock;
  readonly landedCosts: LandedCosts;
  /** Until when an unpaid order keeps its stock. */
  readonly expirationMinutes: number;
}

/** Whose cart becomes an order, and where it is sent. */
export type Buyer =
  | { readonly type: 'user'; readonly actor: UserActor; readonly addressId: string }
  | {
      readonly type: 'guest';
      readonly cartTokenHash: string;
      readonly address: AddressSnapshot;
      /** What opens the order; its hash is stored. */
      readonly tokenOf: (orderId: string) => string;
    };

export interface Placement {
  /** Where the order's mails go; the account's address when absent. */
  readonly email: string | undefined;
  readonly note: string | undefined;
  /** The total that the buyer agreed to. */
  readonly expectedTotal: Money | undefined;
  /** Whether another total is fine too. */
  readonly acceptPriceChange: boolean;
  readonly shippingMethodId: string | undefined;
  /** Upper case; the cart's coupon when absent. */
  readonly couponCode: string | undefined;
  readonly incoterm: Incoterm;
  readonly locale: Locale;
}

/** Another checkout took the stock between our reading and our taking it: choose again. */
class StockMoved extends Error {
  override readonly name = 'StockMoved';
}

/** The identity was deleted or rejected since we looked: take another, or none. */
class IdentityMoved extends Error {
  override readonly name = 'IdentityMoved';
}

const hasMoved = (error: unknown): boolean =>
  error instanceof StockMoved || error instanceof PromotionMoved || error instanceof IdentityMoved;

/** The second holds the stock while it chooses: a third is for a warehouse that was opened in between. */
const ATTEMPTS = 3;

/** Turns the user's cart into an order, in one transaction: everything, or nothing. */
export class PlaceOrder {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /**
   * @throws DomainError cart_empty, cart_changed, not_found (address), variant_unavailable, price_unavailable,
   * price_changed, insufficient_stock, shipping_method_required, shipping_unavailable, coupon_not_applicable,
   * landed_cost_incomplete
   */
  async run(buyer: Buyer, placement: Placement, once?: Once<OrderDetail>): Promise<OrderDetail> {
    for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
      try {
        return await this.#deps.db.transaction(
          (tx) => this.#place(tx, buyer, { placement, sure: attempt > 1 }),
          once,
        );
      } catch (error) {
        if (!hasMoved(error)) throw error;
      }
    }
    throw new DomainError('busy', 'many buy the same at this moment: try again', { retryAfter: 1 });
  }

  /** @param sure whether to lock the stock before choosing from it: slower for others, but nobody can take it between */
  async #place(
    tx: Tx,
    buyer: Buyer,
    { placement, sure }: { placement: Placement; sure: boolean },
  ): Promise<OrderDetail> {
    const basket = checkBasket(await loadBasket(tx, buyer, placement.locale));
    const at = this.#deps.clock.now();
    const userId = userIdOf(buyer);
    const customer = customerKey(userId, userId === undefined ? placement.email : basket.userEmail);
    const price = await priceCheckout(tx, basket, {
      ...placement,
      country: basket.address.country,
      customer,
      at,
    });
    const picks = choosePicks(sure ? await lockedDemand(tx, basket.items) : basket.items);
    const draft = frozenLines(basket, picks, price.lineDiscounts);
    const { cost, exchangeRate } = await this.#deps.landedCosts.quote(tx, {
      to: basket.address.country,
      at,
      currency: basket.currency,
      freight: price.shipping,
      lines: shippedLines(draft, picks),
      pricesIncludeTax: basket.pricesIncludeTax,
      identified: basket.identity !== undefined,
    });
    const lines = quotedLines(draft, cost, placement.incoterm);
    const order = this.#newOrder(userId, placement, { basket, lines, price, exchangeRate, at });
    checkTotals(order.totals, lines);
    const agreed = { total: placement.expectedTotal, anyPrice: placement.acceptPriceChange };
    checkAgreed(order.totals.total, agreed, priceChanges(basket));

    const moves = await tx.reservations.reserve(picks, at);
    if (moves === undefined) throw new StockMoved();
    const first = firstEntry(order);
    const placed = await insertUnderFreeNumber(tx, order, lines, first);
    if (basket.identity !== undefined && !(await tx.identities.hold(basket.identity.id)))
      throw new IdentityMoved();
    await tx.landedCosts.freeze(placed.id, cost);
    await tx.reservations.insert(reservationsOf(placed, lines, picks));
    await tx.outbox.append([createdEvent(placed, lines), ...stockEvents('reserved', placed.id, moves, at)]);
    if (buyer.type === 'guest')
      await tx.guestOrders.insert(placed.id, hashToken(buyer.tokenOf(placed.id)), at);
    await redeemPromotions(tx, placed, price.applied, customer);
    await basket.take(tx, at);
    if (placed.totals.total.amount === 0n) return settleFree(tx, placed, at);
    return {
      order: placed,
      lines,
      identity: basket.identity,
      landedCost: cost,
      history: [first],
      payments: [],
      refunds: [],
      shipments: [],
      cancellations: [],
      returns: [],
    };
  }

  #newOrder(
    userId: string | undefined,
    placement: Placement,
    {
      basket,
      lines,
      price,
      exchangeRate,
      at,
    }: {
      basket: ReadyBasket;
      lines: readonly OrderLine[];
      price: CheckoutPrice;
      exchangeRate: FrozenExchangeRate;
      at: Date;
    },
  ): Order {
    return {
      id: newId(),
      number: newReadableCode('CB', 8),
      userId,
      status: 'pending_payment',
      currency: basket.currency,
      totals: totalsOf(lines, basket.currency, price.shipping),
      shippingAddress: basket.address,
      identityId: basket.identity?.id,
      locale: placement.locale,
      email: placement.email ?? basket.userEmail,
      note: placement.note,
      version: 1,
      eventSequence: 1,
      placedAt: at,
      updatedAt: at,
      expiresAt: addMinutes(at, this.#deps.expirationMinutes),
      confirmedAt: undefined,
      shippingMethod: price.shippingMethod,
      promotions: frozenPromotions(price.applied),
      incoterm: placement.incoterm,
      exchangeRate,
    };
  }
}

const userIdOf = (buyer: Buyer): string | undefined =>
  buyer.type === 'user' ? buyer.actor.userId : undefined;

async function loadBasket(tx: Tx, buyer: Buyer, locale: Locale): Promise<Basket> {
  if (buyer.type === 'user') return tx.checkout.load(buyer.actor.userId, buyer.addressId, locale);
  return { ...(await tx.checkout.loadGuest(buyer.cartTokenHash, locale)), address: buyer.address };
}

/** What is wanted, with what is free for certain: a loser learns that the stock is short, not that many buy. */
async function lockedDemand(tx: Tx, demands: readonly Demand[]): Promise<Demand[]> {
  const levels = demands.flatMap((demand) => demand.offers.map((offer) => offer.stockLevelId));
  const free = await tx.reservations.lockLevels([...new Set(levels)]);
  return demands.map((demand) => ({
    ...demand,
    offers: demand.offers.map((offer) => ({ ...offer, available: free.get(offer.stockLevelId) ?? 0 })),
  }));
}

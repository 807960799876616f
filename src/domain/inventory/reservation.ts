import { DomainError } from '../shared/errors.ts';

export const RESERVATION_STATUSES = ['open', 'committed', 'released'] as const;
/** Open: the units are promised. Committed: they left the warehouse. Released: they were given back. */
export type ReservationStatus = (typeof RESERVATION_STATUSES)[number];

/** What one order line promises to take from one stock level. */
export interface Reservation {
  readonly id: string;
  readonly orderId: string;
  readonly orderLineId: string;
  readonly stockLevelId: string;
  readonly quantity: number;
  readonly status: ReservationStatus;
  readonly expiresAt: Date;
  readonly createdAt: Date;
}

/** What a stock level had free when it was read: a hint for choosing, the conditional update decides. */
export interface StockOffer {
  readonly stockLevelId: string;
  readonly warehouseId: string;
  /** Where the goods are: what customs take for the country of shipment. */
  readonly country: string;
  readonly available: number;
}

/** Units wanted of one SKU, and where they might come from. */
export interface Demand {
  readonly variantId: string;
  readonly sku: string;
  readonly quantity: number;
  readonly offers: readonly StockOffer[];
}

/** The whole demand for one SKU, taken from one stock level. */
export interface StockPick {
  readonly variantId: string;
  readonly stockLevelId: string;
  readonly warehouseId: string;
  readonly country: string;
  readonly quantity: number;
}

/** One entry per SKU, however often it was asked for: a limit must hold for the sum. */
export function sumDemand(demands: readonly Demand[]): Demand[] {
  const bySku = new Map<string, Demand>();
  for (const demand of demands) {
    const before = bySku.get(demand.variantId);
    bySku.set(demand.variantId, before ? { ...before, quantity: before.quantity + demand.quantity } : demand);
  }
  return [...bySku.values()];
}

const canFill = (demand: Demand, warehouseId: string): boolean =>
  demand.offers.some((offer) => offer.warehouseId === warehouseId && offer.available >= demand.quantity);

/**
 * The one rule of where an order ships from: the first warehouse (by id) that can fill the whole order; where none
 * can, for each SKU the warehouse with the most of it. A SKU is never split over warehouses.
 * @returns picks in stock-level id order, which is the order of locking
 * @throws DomainError insufficient_stock naming each SKU that is short, with what the best warehouse has left
 */
export function choosePicks(demands: readonly Demand[]): StockPick[] {
  const wanted = sumDemand(demands);
  const warehouses = [...new Set(wanted.flatMap((d) => d.offers.map((o) => o.warehouseId)))].sort();
  const whole = warehouses.find((warehouseId) => wanted.every((demand) => canFill(demand, warehouseId)));
  const picks = wanted.map((demand) => {
    const offers = whole === undefined ? demand.offers : demand.offers.filter((o) => o.warehouseId === whole);
    return { demand, offer: bestOffer(offers) };
  });
  const short = picks.filter(({ demand, offer }) => (offer?.available ?? 0) < demand.quantity);
  if (short.length > 0) {
    throw insufficientStock(
      short.map(({ demand, offer }) => ({
        sku: demand.sku,
        requested: demand.quantity,
        available: Math.max(0, offer?.available ?? 0),
      })),
    );
  }
  return picks
    .flatMap(({ demand, offer }) => (offer ? [pickOf(demand, offer)] : []))
    .sort((a, b) => (a.stockLevelId < b.stockLevelId ? -1 : 1));
}

const pickOf = (demand: Demand, offer: StockOffer): StockPick => ({
  variantId: demand.variantId,
  stockLevelId: offer.stockLevelId,
  warehouseId: offer.warehouseId,
  country: offer.country,
  quantity: demand.quantity,
});

/** The most available; the lower warehouse id of equals, so that the choice is the same every time. */
const bestOffer = (offers: readonly StockOffer[]): StockOffer | undefined =>
  [...offers].sort((a, b) => b.available - a.available || (a.warehouseId < b.warehouseId ? -1 : 1))[0];

interface Shortage {
  readonly sku: string;
  readonly requested: number;
  readonly available: number;
}

const insufficientStock = (shortages: readonly Shortage[]): DomainError =>
  new DomainError('insufficient_stock', `not enough stock of ${shortages.map((s) => s.sku).join(', ')}`, {
    facts: { items: shortages },
  });

import type { Actor } from '../shared/actor.ts';
import { actorLabel } from '../shared/actor.ts';
import type { Currency } from '../shared/currency.ts';
import { DomainError } from '../shared/errors.ts';
import type { Locale } from '../shared/locale.ts';
import {
  add,
  equals,
  type Money,
  type MoneyJson,
  moneyJson,
  subtract,
  sum,
  times,
  zero,
} from '../shared/money.ts';
import { checkTransition, type OrderStatus } from './order-machine.ts';

/** The address as it was when the order was placed. */
export interface AddressSnapshot {
  readonly recipient: string;
  readonly organization: string | null;
  readonly line1: string;
  readonly line2: string | null;
  readonly line3: string | null;
  readonly district: string | null;
  readonly city: string | null;
  readonly region: string | null;
  readonly postalCode: string | null;
  readonly country: string;
  readonly phone: string | null;
}

/** How it is sent: frozen, whatever becomes of the method. */
export interface ChosenShipping {
  readonly methodId: string;
  readonly code: string;
  readonly name: string;
  /** Before any discount on it; what is charged is `totals.shipping`. */
  readonly price: MoneyJson;
}

/** A promotion that counted when the order was placed, and what it took off the goods or the shipping. */
export interface FrozenPromotion {
  readonly promotionId: string;
  readonly code: string | null;
  readonly name: string;
  readonly saving: MoneyJson;
}

/** All of one currency. `total` is always items + shipping - discount + tax + duty. */
export interface OrderTotals {
  readonly items: Money;
  readonly shipping: Money;
  readonly discount: Money;
  readonly tax: Money;
  readonly duty: Money;
  readonly total: Money;
}

/** One SKU, frozen: later changes of the catalogue do not reach it. */
export interface OrderLine {
  readonly id: string;
  readonly position: number;
  readonly variantId: string;
  readonly sku: string;
  readonly name: string;
  readonly options: Readonly<Record<string, string>>;
  readonly hsCode: string;
  readonly originCountry: string;
  readonly weightGrams: number;
  readonly warehouseId: string;
  readonly unitPrice: Money;
  readonly quantity: number;
  /** Before the discount. */
  readonly total: Money;
  /** Its exact share of the order's discount: never more than the total. */
  readonly discount: Money;
}

export interface Order {
  readonly id: string;
  /** `CB-7KQX-M2WD`: unique, not guessable, readable aloud. */
  readonly number: string;
  /** Absent for guests. */
  readonly userId: string | undefined;
  readonly status: OrderStatus;
  readonly currency: Currency;
  readonly totals: OrderTotals;
  readonly shippingAddress: AddressSnapshot;
  readonly identityId: string | undefined;
  readonly locale: Locale;
  readonly email: string | undefined;
  readonly note: string | undefined;
  readonly version: number;
  /** The sequence number of the order's newest event. */
  readonly eventSequence: number;
  readonly placedAt: Date;
  readonly updatedAt: Date;
  /** When an unpaid order gives its stock back. */
  readonly expiresAt: Date;
  /** When staff accepted it for fulfilment. */
  readonly confirmedAt: Date | undefined;
  /** Absent when the shop had no shipping methods. */
  readonly shippingMethod: ChosenShipping | undefined;
  readonly promotions: readonly FrozenPromotion[];
}

export interface HistoryEntry {
  readonly id: string;
  readonly orderId: string;
  readonly from: OrderStatus | undefined;
  readonly to: OrderStatus;
  readonly actor: string;
  readonly reason: string | undefined;
  readonly at: Date;
}

export const orderLine = (line: Omit<OrderLine, 'total'>): OrderLine => ({
  ...line,
  total: times(line.unitPrice, line.quantity),
});

/**
 * What `quantity` units of a line cost after discounts, when `before` of its units were counted earlier. Each unit has a fixed share,
 * so that the shares of all units, taken in any portions, sum to what the line costs exactly.
 */
export function unitShare(
  line: Pick<OrderLine, 'quantity' | 'total' | 'discount'>,
  before: number,
  quantity: number,
): Money {
  if (before < 0 || quantity < 0 || before + quantity > line.quantity)
    throw new Error(`a line of ${line.quantity} units has no units ${before + 1} to ${before + quantity}`);
  const { amount } = subtract(line.total, line.discount);
  const upTo = (units: number): bigint => (amount * BigInt(units)) / BigInt(line.quantity);
  return { amount: upTo(before + quantity) - upTo(before), currency: line.total.currency };
}

/** Totals of lines and shipping. Taxes and duties come with a later feature. */
export function totalsOf(
  lines: readonly Pick<OrderLine, 'total' | 'discount'>[],
  currency: Currency,
  shipping: Money = zero(currency),
): OrderTotals {
  const items = sum(
    lines.map((line) => line.total),
    currency,
  );
  const none = zero(currency);
  const discount = sum(
    lines.map((line) => line.discount),
    currency,
  );
  const total = add(subtract(items, discount), shipping);
  return { items, shipping, discount, tax: none, duty: none, total };
}

/** @throws Error when the parts do not make the total: a defect, found before it is stored */
export function checkTotals(totals: OrderTotals, lines: readonly OrderLine[]): void {
  const { items, shipping, discount, tax, duty, total } = totals;
  const summed = sum(
    lines.map((line) => line.total),
    total.currency,
  );
  const discounts = sum(
    lines.map((line) => line.discount),
    total.currency,
  );
  const negative = [shipping, discount, tax, duty, total, ...lines.map((l) => l.discount)].some(
    (m) => m.amount < 0n,
  );
  const overdone = lines.some((line) => line.discount.amount > line.total.amount);
  const expected = add(add(add(subtract(items, discount), shipping), tax), duty);
  const adds = equals(items, summed) && equals(discount, discounts) && equals(total, expected);
  if (!adds || negative || overdone) throw new Error('the order does not add up');
}

/** A price that is another one than the buyer saw. */
export interface PriceChange {
  readonly sku: string;
  readonly seen: Money;
  readonly now: Money;
}

/**
 * Whoever names the total has agreed to it, whatever became of the prices that make it. Whoever names none has agreed
 * to the prices that he saw in the cart.
 * @throws DomainError price_changed with both totals, or both prices of each unit, unless any price is fine
 */
export function checkAgreed(
  total: Money,
  agreed: { readonly total: Money | undefined; readonly anyPrice: boolean },
  changes: readonly PriceChange[],
): void {
  const { total: expected, anyPrice } = agreed;
  if (anyPrice || (expected === undefined ? changes.length === 0 : equals(total, expected))) return;
  const items = changes.map(({ sku, seen, now }) => ({
    sku,
    seenPrice: moneyJson(seen),
    price: moneyJson(now),
  }));
  throw new DomainError(
    'price_changed',
    expected === undefined
      ? `the price has changed: ${changes.map(({ sku }) => sku).join(', ')}`
      : 'the total is not the one you agreed to',
    { facts: { ...(expected && { expectedTotal: moneyJson(expected) }), total: moneyJson(total), items } },
  );
}

/** The order after a transition, and the line of history that tells it. */
export function advance(
  order: Order,
  to: OrderStatus,
  by: { readonly actor: Actor; readonly at: Date; readonly id: string; readonly reason?: string | undefined },
): { order: Order; entry: HistoryEntry } {
  checkTransition(order.number, order.status, to, by.actor);
  const entry: HistoryEntry = {
    id: by.id,
    orderId: order.id,
    from: order.status,
    to,
    actor: actorLabel(by.actor),
    reason: by.reason,
    at: by.at,
  };
  return { order: { ...order, status: to, updatedAt: by.at }, entry };
}

/** @throws DomainError transition_not_allowed when it is not paid for, conflict when it was confirmed before */
export function confirm(order: Order, at: Date): Order {
  if (order.status !== 'authorized' && order.status !== 'paid') {
    throw new DomainError(
      'transition_not_allowed',
      `order ${order.number} is ${order.status}: only a paid order is confirmed`,
      {
        facts: { status: order.status },
      },
    );
  }
  if (order.confirmedAt) throw new DomainError('conflict', `order ${order.number} was confirmed before`);
  return { ...order, confirmedAt: at, updatedAt: at };
}

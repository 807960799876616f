import type { Actor } from '../shared/actor.ts';
import { actorLabel } from '../shared/actor.ts';
import type { Currency } from '../shared/currency.ts';
import { DomainError } from '../shared/errors.ts';
import type { FrozenRate } from '../shared/exchange.ts';
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

export const INCOTERMS = ['DAP', 'DDP'] as const;
/**
 * Who pays what the import costs. DAP: the buyer does, when it arrives, and the order only tells him what to expect.
 * DDP: it is part of the order's total, and the shop's to pay.
 */
export type Incoterm = (typeof INCOTERMS)[number];

/** From the order's currency to that of the books, when it was placed; or why there is none. */
export type FrozenExchangeRate = FrozenRate | { readonly missing: string };

/** What the import of a line was quoted at; undefined is what nobody knew. */
export interface LineQuote {
  readonly customsValue: Money;
  readonly duty: Money | undefined;
  readonly tax: Money | undefined;
  readonly fees: Money | undefined;
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
  /** Its exact share of the order's tax, and of its duty with the fees: nothing unless the order is DDP. */
  readonly tax: Money;
  readonly duty: Money;
  /** Undefined where there were no rules for the destination. */
  readonly quoted: LineQuote | undefined;
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
  readonly incoterm: Incoterm;
  /** Undefined in orders of before there were exchange rates. */
  readonly exchangeRate: FrozenExchangeRate | undefined;
}

export interface HistoryEntry {
  readonly id: string;
  readonly orderId: string;
  /** The sequence number of the event that tells of it: rises within the order, whatever any clock says. */
  readonly position: number;
  readonly from: OrderStatus | undefined;
  readonly to: OrderStatus;
  readonly actor: string;
  readonly reason: string | undefined;
  readonly at: Date;
}

type Charges = Pick<OrderLine, 'tax' | 'duty' | 'quoted'>;

/** Without tax and duty unless they are given. */
export const orderLine = (line: Omit<OrderLine, 'total' | keyof Charges> & Partial<Charges>): OrderLine => ({
  tax: zero(line.unitPrice.currency),
  duty: zero(line.unitPrice.currency),
  quoted: undefined,
  ...line,
  total: times(line.unitPrice, line.quantity),
});

/** The line with what the buyer pays of its import. @throws Error when a part of it is not known */
export function chargeLine(line: OrderLine, quoted: LineQuote): OrderLine {
  const { duty, tax, fees } = quoted;
  if (duty === undefined || tax === undefined || fees === undefined)
    throw new Error('an import that is not known cannot be charged');
  return { ...line, quoted, tax, duty: add(duty, fees) };
}

/**
 * What `quantity` units of a line cost after discounts, with their tax and duty, when `before` of its units were counted earlier. Each unit has a fixed share,
 * so that the shares of all units, taken in any portions, sum to what the line costs exactly.
 */
export function unitShare(
  line: Pick<OrderLine, 'quantity' | 'total' | 'discount' | 'tax' | 'duty'>,
  before: number,
  quantity: number,
): Money {
  if (before < 0 || quantity < 0 || before + quantity > line.quantity)
    throw new Error(`a line of ${line.quantity} units has no units ${before + 1} to ${before + quantity}`);
  const { amount } = add(add(subtract(line.total, line.discount), line.tax), line.duty);
  const upTo = (units: number): bigint => (amount * BigInt(units)) / BigInt(line.quantity);
  return { amount: upTo(before + quantity) - upTo(before), currency: line.total.currency };
}

/** Totals of lines and shipping. */
export function totalsOf(
  lines: readonly Pick<OrderLine, 'total' | 'discount' | 'tax' | 'duty'>[],
  currency: Currency,
  shipping: Money = zero(currency),
): OrderTotals {
  const of = (part: 'total' | 'discount' | 'tax' | 'duty'): Money =>
    sum(
      lines.map((line) => line[part]),
      currency,
    );
  const [items, discount, tax, duty] = [of('total'), of('discount'), of('tax'), of('duty')];
  const total = add(add(add(subtract(items, discount), shipping), tax), duty);
  return { items, shipping, discount, tax, duty, total };
}

/** @throws Error when the parts do not make the total: a defect, found before it is stored */
export function checkTotals(totals: OrderTotals, lines: readonly OrderLine[]): void {
  const made = totalsOf(lines, totals.total.currency, totals.shipping);
  const { items, shipping, discount, tax, duty, total } = totals;
  const adds =
    equals(made.items, items) &&
    equals(made.discount, discount) &&
    equals(made.tax, tax) &&
    equals(made.duty, duty) &&
    equals(made.total, total);
  const parts = [shipping, total, ...lines.flatMap((line) => [line.discount, line.tax, line.duty])];
  const overdone = lines.some((line) => line.discount.amount > line.total.amount);
  if (!adds || parts.some((part) => part.amount < 0n) || overdone)
    throw new Error('the order does not add up');
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
    position: order.eventSequence + 1,
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

import type { Actor } from '../shared/actor.ts';
import { actorLabel } from '../shared/actor.ts';
import type { Currency } from '../shared/currency.ts';
import { DomainError } from '../shared/errors.ts';
import type { Locale } from '../shared/locale.ts';
import { add, equals, type Money, moneyJson, subtract, sum, times, zero } from '../shared/money.ts';
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
  readonly total: Money;
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

/** Totals of lines without shipping, discounts, taxes and duties: those come with later features. */
export function totalsOf(lines: readonly OrderLine[], currency: Currency): OrderTotals {
  const items = sum(
    lines.map((line) => line.total),
    currency,
  );
  const none = zero(currency);
  return { items, shipping: none, discount: none, tax: none, duty: none, total: items };
}

/** @throws Error when the parts do not make the total: a defect, found before it is stored */
export function checkTotals(totals: OrderTotals, lines: readonly OrderLine[]): void {
  const { items, shipping, discount, tax, duty, total } = totals;
  const summed = sum(
    lines.map((line) => line.total),
    total.currency,
  );
  const expected = add(add(add(subtract(items, discount), shipping), tax), duty);
  if (!equals(items, summed) || !equals(total, expected)) throw new Error('the order does not add up');
}

/** @throws DomainError price_changed with both totals, when the buyer saw another one */
export function checkExpectedTotal(total: Money, expected: Money | undefined): void {
  if (expected === undefined || equals(total, expected)) return;
  throw new DomainError('price_changed', 'the total is not the one you agreed to', {
    facts: { expectedTotal: moneyJson(expected), total: moneyJson(total) },
  });
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

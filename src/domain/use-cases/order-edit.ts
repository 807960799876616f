import {
  OrderAuthorized,
  OrderCancelled,
  OrderCompleted,
  OrderExpired,
  OrderPaid,
} from '../orders/order.events.ts';
import type { AccountScope, OrderScope } from '../orders/order.store.ts';
import { advance, type HistoryEntry, type Order } from '../orders/order.ts';
import type { OrderStatus } from '../orders/order-machine.ts';
import type { Actor, UserActor } from '../shared/actor.ts';
import { notFound } from '../shared/errors.ts';
import { type EventType, eventOf, type NewEvent } from '../shared/event.ts';
import { newId } from '../shared/ids.ts';
import { moneyJson } from '../shared/money.ts';
import type { Tx } from './tx.ts';

export interface EditBy {
  readonly actor: Actor;
  readonly at: Date;
}

/**
 * Changes of one locked order within one transaction: collects its history and its events, numbers the events, and
 * stores everything at once, guarded by the order's version.
 */
export class OrderEdit {
  readonly #by: EditBy;
  readonly #history: HistoryEntry[] = [];
  readonly #events: NewEvent[] = [];
  #order: Order;

  constructor(order: Order, by: EditBy) {
    this.#order = order;
    this.#by = by;
  }

  get order(): Order {
    return this.#order;
  }

  /** Who does it, and when. */
  get by(): EditBy {
    return this.#by;
  }

  change(order: Order): void {
    this.#order = { ...order, eventSequence: this.#order.eventSequence };
  }

  emit<P>(event: EventType<P>, payload: P): void {
    const sequence = this.#order.eventSequence + 1;
    this.#order = { ...this.#order, eventSequence: sequence };
    this.#events.push(
      eventOf(event, { aggregateId: this.#order.id, sequence, occurredAt: this.#by.at }, payload),
    );
  }

  /** One step of the machine: one line of history, and one event. @throws DomainError transition_not_allowed, forbidden */
  transition(to: OrderStatus, reason?: string, actor: Actor = this.#by.actor): void {
    const { order, entry } = advance(this.#order, to, { actor, at: this.#by.at, id: newId(), reason });
    this.#order = order;
    this.#history.push(entry);
    const reference = { orderId: order.id, number: order.number };
    const total = moneyJson(order.totals.total);
    switch (to) {
      case 'authorized':
        this.emit(OrderAuthorized, { ...reference, total });
        break;
      case 'paid':
        this.emit(OrderPaid, { ...reference, total });
        break;
      case 'completed':
        this.emit(OrderCompleted, reference);
        break;
      case 'cancelled':
        this.emit(OrderCancelled, { ...reference, actor: entry.actor, reason: reason ?? null });
        break;
      case 'expired':
        this.emit(OrderExpired, { ...reference, expiresAt: order.expiresAt.toISOString() });
        break;
      case 'pending_payment':
        throw new Error('no order becomes unpaid again');
    }
  }

  /** Stores it all, with events of other aggregates that happened beside it. */
  async save(tx: Tx, beside: readonly NewEvent[] = []): Promise<Order> {
    this.#order = await tx.orders.update({ ...this.#order, updatedAt: this.#by.at });
    if (this.#history.length > 0) await tx.orders.appendHistory(this.#history);
    if (this.#history.some(({ to }) => to === 'cancelled' || to === 'expired')) {
      await tx.promotions.release(this.#order.id, this.#by.at);
    }
    await tx.outbox.append([...this.#events, ...beside]);
    return this.#order;
  }
}

/** @throws DomainError not_found, also for another's order */
export async function lockOrder(tx: Tx, id: string, scope: OrderScope): Promise<Order> {
  const order = await tx.orders.lock(id, scope);
  if (order === undefined) throw notFound('order');
  return order;
}

/** Whose orders an actor sees: his own, or everyone's as staff. */
export function scopeOf(actor: UserActor): AccountScope;
export function scopeOf(actor: Actor): OrderScope;
export function scopeOf(actor: Actor): OrderScope {
  if (actor.type === 'guest') return { guestTokenHash: actor.orderTokenHash };
  return actor.type === 'user' && actor.role === 'customer' ? { ownerId: actor.userId } : 'any';
}

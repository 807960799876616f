import type { Actor } from '../shared/actor.ts';
import { hasRole } from '../shared/actor.ts';
import { DomainError } from '../shared/errors.ts';

export const ORDER_STATUSES = [
  'pending_payment',
  'authorized',
  'paid',
  'completed',
  'cancelled',
  'expired',
] as const;
export type OrderStatus = (typeof ORDER_STATUSES)[number];

/** Who asks for a transition. An admin is staff; `system` is what jobs and payment results do. */
export type OrderActor = 'customer' | 'staff' | 'system';

export interface OrderTransition {
  readonly from: OrderStatus;
  readonly to: OrderStatus;
  readonly by: readonly OrderActor[];
}

/** The order's machine: everything that is not in this table is refused. */
export const ORDER_TRANSITIONS: readonly OrderTransition[] = [
  { from: 'pending_payment', to: 'authorized', by: ['system'] },
  { from: 'pending_payment', to: 'cancelled', by: ['customer', 'staff'] },
  { from: 'pending_payment', to: 'expired', by: ['system'] },
  { from: 'authorized', to: 'paid', by: ['system', 'staff'] },
  { from: 'authorized', to: 'cancelled', by: ['customer', 'staff', 'system'] },
  { from: 'paid', to: 'completed', by: ['system', 'staff'] },
  { from: 'paid', to: 'cancelled', by: ['customer', 'staff'] },
];

export const isFinal = (status: OrderStatus): boolean =>
  !ORDER_TRANSITIONS.some((transition) => transition.from === status);

/** A payment may be started, or its result be accepted, in these states only. */
export const awaitsPayment = (status: OrderStatus): boolean => status === 'pending_payment';

const orderActor = (actor: Actor): OrderActor => {
  if (actor.type === 'system') return 'system';
  return hasRole(actor, 'staff') ? 'staff' : 'customer';
};

/**
 * @throws DomainError transition_not_allowed when the machine has no such transition, forbidden when it has one but
 * not for this actor
 */
export function checkTransition(number: string, from: OrderStatus, to: OrderStatus, actor: Actor): void {
  const transition = ORDER_TRANSITIONS.find((t) => t.from === from && t.to === to);
  if (!transition) {
    throw new DomainError('transition_not_allowed', `order ${number} is ${from}: it cannot become ${to}`, {
      facts: { status: from },
    });
  }
  if (!transition.by.includes(orderActor(actor))) {
    throw new DomainError('forbidden', `a ${orderActor(actor)} may not turn an order from ${from} to ${to}`);
  }
}

import { type Actor, hasRole } from '../shared/actor.ts';
import { DomainError } from '../shared/errors.ts';

export const RETURN_STATUSES = [
  'requested',
  'approved',
  'rejected',
  'withdrawn',
  'received',
  'refunded',
] as const;
export type ReturnStatus = (typeof RETURN_STATUSES)[number];

type ReturnActor = 'customer' | 'staff';

export interface ReturnTransition {
  readonly from: ReturnStatus;
  readonly to: ReturnStatus;
  readonly by: readonly ReturnActor[];
}

/** The return's machine: everything that is not in this table is refused. */
export const RETURN_TRANSITIONS: readonly ReturnTransition[] = [
  { from: 'requested', to: 'approved', by: ['staff'] },
  { from: 'requested', to: 'rejected', by: ['staff'] },
  { from: 'requested', to: 'withdrawn', by: ['customer', 'staff'] },
  { from: 'approved', to: 'received', by: ['staff'] },
  { from: 'approved', to: 'withdrawn', by: ['customer', 'staff'] },
  { from: 'received', to: 'refunded', by: ['staff'] },
];

/** @throws DomainError transition_not_allowed, or forbidden when the transition exists but not for this actor */
export function checkReturnTransition(from: ReturnStatus, to: ReturnStatus, actor: Actor): void {
  const transition = RETURN_TRANSITIONS.find((t) => t.from === from && t.to === to);
  if (!transition) {
    throw new DomainError('transition_not_allowed', `a return that is ${from} cannot become ${to}`, {
      facts: { status: from },
    });
  }
  const by: ReturnActor = hasRole(actor, 'staff') ? 'staff' : 'customer';
  if (!transition.by.includes(by))
    throw new DomainError('forbidden', `a ${by} may not turn a return from ${from} to ${to}`);
}

/** Roles grow by inclusion: an admin may do what staff may, staff what a customer may. */
export const ROLES = ['customer', 'staff', 'admin'] as const;
export type Role = (typeof ROLES)[number];

/** Who does something: a signed-in user, or the system itself (jobs, consumers, commands). */
export type Actor =
  | { readonly type: 'user'; readonly userId: string; readonly role: Role; readonly sessionId?: string }
  /** Whoever holds the token of a guest's order: its buyer, as far as one can tell. */
  | { readonly type: 'guest'; readonly orderTokenHash: string }
  | { readonly type: 'system'; readonly name: string };

export type UserActor = Extract<Actor, { type: 'user' }>;
export type GuestActor = Extract<Actor, { type: 'guest' }>;

export const hasRole = (actor: Actor, role: Role): boolean =>
  actor.type === 'system' || (actor.type === 'user' && ROLES.indexOf(actor.role) >= ROLES.indexOf(role));

/** How an actor is written into histories and audit rows. */
export function actorLabel(actor: Actor): string {
  if (actor.type === 'guest') return 'guest';
  return actor.type === 'user' ? `user:${actor.userId}` : `system:${actor.name}`;
}

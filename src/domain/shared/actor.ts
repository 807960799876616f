/** Roles grow by inclusion: an admin may do what staff may, staff what a customer may. */
export const ROLES = ['customer', 'staff', 'admin'] as const;
export type Role = (typeof ROLES)[number];

/** Who does something: a signed-in user, or the system itself (jobs, consumers, commands). */
export type Actor =
  | { readonly type: 'user'; readonly userId: string; readonly role: Role; readonly sessionId?: string }
  | { readonly type: 'system'; readonly name: string };

export type UserActor = Extract<Actor, { type: 'user' }>;

export const hasRole = (actor: Actor, role: Role): boolean =>
  actor.type === 'system' || ROLES.indexOf(actor.role) >= ROLES.indexOf(role);

/** How an actor is written into histories and audit rows. */
export const actorLabel = (actor: Actor): string =>
  actor.type === 'user' ? `user:${actor.userId}` : `system:${actor.name}`;

import { actorLabel, type UserActor } from '../shared/actor.ts';
import type { Clock } from '../shared/clock.ts';
import { DomainError, notFound } from '../shared/errors.ts';
import type { SessionMemory } from '../users/session.ts';
import type { AccessChange } from '../users/user.store.ts';
import type { User } from '../users/user.ts';
import { keepAnAdmin } from './keep-an-admin.ts';
import type { Database } from './tx.ts';

interface Deps {
  readonly db: Database;
  readonly clock: Clock;
  readonly sessions: SessionMemory;
}

/** Gives or takes a role, disables an account or enables it again. Disabling ends its sessions. */
export class SetUserAccess {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** @throws DomainError not_found; conflict on one's own account, and on the last active admin */
  async run(actor: UserActor, userId: string, change: AccessChange): Promise<User> {
    const { db, clock, sessions } = this.#deps;
    if (actor.userId === userId)
      throw new DomainError('conflict', 'ask another admin to change your own access');
    const user = await db.transaction(async (tx) => {
      const admins = await tx.users.lockActiveAdmins();
      const found = await tx.users.lock(userId);
      if (found === undefined || found.user.status === 'deleted') throw notFound('user');
      const { role, status } = { ...found.user, ...change };
      if (role !== 'admin' || status !== 'active') keepAnAdmin(admins, userId);
      const at = clock.now();
      await tx.users.updateAccess(userId, change, at);
      if (change.status === 'disabled') await tx.refreshTokens.revokeAllOf(userId, at);
      const subject = `user:${userId}`;
      await tx.audit.append({
        at,
        actor: actorLabel(actor),
        action: 'user.access',
        subject,
        details: { ...change },
      });
      return { ...found.user, ...change, updatedAt: at };
    });
    sessions.forget(userId);
    return user;
  }
}

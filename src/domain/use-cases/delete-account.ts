import { actorLabel, type UserActor } from '../shared/actor.ts';
import type { Clock } from '../shared/clock.ts';
import type { PasswordHasher } from '../users/password-hasher.ts';
import type { SessionMemory } from '../users/session.ts';
import type { UsersReadModel } from '../users/users.read-model.ts';
import { keepAnAdmin } from './keep-an-admin.ts';
import type { Database } from './tx.ts';
import { lockUnchanged, verifyOwnPassword } from './verify-own-password.ts';

interface Deps {
  readonly db: Database;
  readonly clock: Clock;
  readonly hasher: PasswordHasher;
  readonly users: UsersReadModel;
  readonly sessions: SessionMemory;
}

/**
 * Removes the person and keeps the account's row, which orders point to: they are business records, kept by law.
 * The e-mail address is free for a new account at once.
 */
export class DeleteAccount {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** @throws DomainError validation_failed at `password`; conflict for the last active admin */
  async run(actor: UserActor, password: string): Promise<void> {
    const { db, clock, sessions } = this.#deps;
    const credentials = await verifyOwnPassword(this.#deps, actor, 'password', password);
    await db.transaction(async (tx) => {
      const admins = await tx.users.lockActiveAdmins();
      await lockUnchanged(tx, credentials);
      keepAnAdmin(admins, actor.userId);
      const at = clock.now();
      await tx.addresses.deleteAllOf(actor.userId);
      await tx.identities.deleteAllOf(actor.userId);
      const cart = await tx.carts.find({ type: 'user', userId: actor.userId });
      if (cart !== undefined) await tx.carts.remove(cart.id);
      await tx.refreshTokens.deleteAllOf(actor.userId);
      await tx.idempotency.deleteAllOf(actor.userId);
      await tx.users.anonymise(actor.userId, at);
      await tx.audit.append({
        at,
        actor: actorLabel(actor),
        action: 'user.delete',
        subject: `user:${actor.userId}`,
      });
    });
    sessions.forget(actor.userId);
  }
}

import type { UserActor } from '../shared/actor.ts';
import type { Clock } from '../shared/clock.ts';
import { invalidField } from '../shared/errors.ts';
import type { PasswordHasher } from '../users/password-hasher.ts';
import { checkPassword } from '../users/password-rules.ts';
import type { SessionMemory } from '../users/session.ts';
import type { UsersReadModel } from '../users/users.read-model.ts';
import type { Database } from './tx.ts';
import { lockUnchanged, verifyOwnPassword } from './verify-own-password.ts';

interface Deps {
  readonly db: Database;
  readonly clock: Clock;
  readonly hasher: PasswordHasher;
  readonly users: UsersReadModel;
  readonly sessions: SessionMemory;
}

/** Sets a new password and ends every other session of the account. */
export class ChangePassword {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** @throws DomainError validation_failed at `currentPassword` or `newPassword` */
  async run(actor: UserActor, currentPassword: string, newPassword: string): Promise<void> {
    const { db, clock, hasher, sessions } = this.#deps;
    const credentials = await verifyOwnPassword(this.#deps, actor, 'currentPassword', currentPassword);
    checkPassword('newPassword', newPassword, credentials.user);
    if (newPassword === currentPassword) throw invalidField('newPassword', 'is the password you have');
    const passwordHash = await hasher.hash(newPassword);
    await db.transaction(async (tx) => {
      await lockUnchanged(tx, credentials);
      const now = clock.now();
      await tx.users.setPassword(actor.userId, passwordHash, now);
      await tx.refreshTokens.revokeAllOf(actor.userId, now, actor.sessionId);
    });
    sessions.forget(actor.userId);
  }
}

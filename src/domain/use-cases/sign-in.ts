import type { Clock } from '../shared/clock.ts';
import { DomainError } from '../shared/errors.ts';
import { normaliseEmail } from '../users/email.ts';
import type { PasswordHasher } from '../users/password-hasher.ts';
import type { Session } from '../users/session.ts';
import type { Login, UsersReadModel } from '../users/users.read-model.ts';
import { completeSession, openSession, type SessionSigning } from './start-session.ts';
import type { Database } from './tx.ts';

interface Deps extends SessionSigning {
  readonly db: Database;
  readonly clock: Clock;
  readonly hasher: PasswordHasher;
  readonly users: UsersReadModel;
}

/** One answer for an unknown user and for a wrong password. */
const refused = (): DomainError =>
  new DomainError('invalid_credentials', 'the name or the password is wrong');

export class SignIn {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** @throws DomainError invalid_credentials; account_disabled, but only to who knows the password */
  async run(login: Login, password: string): Promise<Session> {
    const { db, clock, hasher, users } = this.#deps;
    const found = await users.findCredentialsByLogin(
      'email' in login ? { email: normaliseEmail(login.email) } : { username: login.username.trim() },
    );
    const matches = await hasher.verify(found?.passwordHash, password);
    if (found === undefined || !matches) throw refused();
    const opened = await db.transaction(async (tx) => {
      const now = await tx.users.lock(found.user.id);
      // the password may have been changed since it was compared
      if (now === undefined || now.passwordHash !== found.passwordHash) throw refused();
      if (now.user.status !== 'active') throw new DomainError('account_disabled', 'this account is disabled');
      await tx.refreshTokens.deleteExpiredOf(now.user.id, clock.now());
      return openSession(tx, now.user, clock);
    });
    return completeSession(opened, this.#deps);
  }
}

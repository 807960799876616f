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

const shippedPassword = (): DomainError =>
  new DomainError(
    'forbidden',
    'this account has the shipped password: sign in on the machine itself, and change it by POST /api/v1/users/me/password',
  );

export class SignIn {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /**
   * @param client whether who signs in is on the machine that serves
   * @throws DomainError invalid_credentials; to who knows the password also account_disabled, and forbidden where it
   * is the shipped one, which everybody knows
   */
  async run(login: Login, password: string, client: { readonly onThisMachine: boolean }): Promise<Session> {
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
      if (now.user.mustChangePassword && !client.onThisMachine) throw shippedPassword();
      await tx.refreshTokens.deleteExpiredOf(now.user.id, clock.now());
      return openSession(tx, now.user, clock);
    });
    return completeSession(opened, this.#deps);
  }
}

import type { Clock } from '../shared/clock.ts';
import { newId } from '../shared/ids.ts';
import type { Locale } from '../shared/locale.ts';
import { normaliseEmail } from '../users/email.ts';
import type { PasswordHasher } from '../users/password-hasher.ts';
import { checkPassword } from '../users/password-rules.ts';
import type { Session } from '../users/session.ts';
import type { User } from '../users/user.ts';
import { completeSession, openSession, type SessionSigning } from './start-session.ts';
import type { Database } from './tx.ts';

export interface Registration {
  readonly email: string;
  readonly password: string;
  readonly displayName: string;
  readonly locale: Locale;
}

interface Deps extends SessionSigning {
  readonly db: Database;
  readonly clock: Clock;
  readonly hasher: PasswordHasher;
}

/** Makes a customer's account and signs it in. */
export class RegisterUser {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** @throws DomainError validation_failed at `password`; already_exists at `email` */
  async run({ email, password, displayName, locale }: Registration): Promise<Session> {
    const { db, clock, hasher } = this.#deps;
    const owner = { email: normaliseEmail(email), displayName: displayName.trim() };
    checkPassword('password', password, owner);
    const passwordHash = await hasher.hash(password);
    const now = clock.now();
    const user: User = {
      id: newId(),
      username: null,
      ...owner,
      role: 'customer',
      status: 'active',
      locale,
      mustChangePassword: false,
      createdAt: now,
      updatedAt: now,
    };
    const opened = await db.transaction(async (tx) => {
      await tx.users.insert(user, passwordHash);
      return openSession(tx, user, clock);
    });
    return completeSession(opened, this.#deps);
  }
}

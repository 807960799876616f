import type { Clock } from '../shared/clock.ts';
import { DomainError } from '../shared/errors.ts';
import { newId } from '../shared/ids.ts';
import { DEFAULT_LOCALE } from '../shared/locale.ts';
import { normaliseEmail } from '../users/email.ts';
import type { PasswordHasher } from '../users/password-hasher.ts';
import { checkPassword, SHIPPED_PASSWORD } from '../users/password-rules.ts';
import type { User } from '../users/user.ts';
import type { UsersReadModel } from '../users/users.read-model.ts';
import type { Database } from './tx.ts';

export interface SuperuserRequest {
  readonly username: string;
  readonly email: string;
  readonly password: string;
  /** Leaves an account of this name as it is, instead of failing. */
  readonly ifNotExists?: boolean;
  /** Makes nobody where an admin is active already, whatever the name. */
  readonly onlyAsFirst?: boolean;
  /** Takes the shipped password, which is then flagged until it is changed. Never in production. */
  readonly allowShippedPassword?: boolean;
}

export interface SuperuserMade {
  readonly created: boolean;
  /** Of the account that was made, or of the one that is there. */
  readonly userId: string;
}

interface Deps {
  readonly db: Database;
  readonly clock: Clock;
  readonly hasher: PasswordHasher;
  readonly users: UsersReadModel;
}

/** Makes an admin who signs in by name or e-mail: for `create-superuser`, `migrate` and `up`. */
export class CreateSuperuser {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** @throws DomainError already_exists at `username` or `email`; validation_failed at `password` */
  async run(request: SuperuserRequest): Promise<SuperuserMade> {
    const { clock, hasher, users } = this.#deps;
    if (request.onlyAsFirst === true) {
      const [admin] = (await users.list({ role: 'admin', status: 'active' }, { limit: 1 })).items;
      if (admin !== undefined) return { created: false, userId: admin.id };
    }
    const username = request.username.trim();
    const email = normaliseEmail(request.email);
    const existing = await users.findCredentialsByLogin({ username });
    if (existing !== undefined && request.ifNotExists === true)
      return { created: false, userId: existing.user.id };
    const shipped = request.password === SHIPPED_PASSWORD;
    if (!(shipped && request.allowShippedPassword === true))
      checkPassword('password', request.password, { email, username });
    const passwordHash = await hasher.hash(request.password);
    const user = newSuperuser(username, email, shipped, clock.now());
    try {
      return await this.#insert(user, passwordHash, request.onlyAsFirst);
    } catch (error) {
      const other = await this.#madeMeanwhile(error, username, request.ifNotExists);
      if (other === undefined) throw error;
      return { created: false, userId: other };
    }
  }

  async #insert(user: User, passwordHash: string, onlyAsFirst = false): Promise<SuperuserMade> {
    return this.#deps.db.transaction(async (tx) => {
      // Another process may have made one since we looked.
      const [admin] = onlyAsFirst ? await tx.users.lockActiveAdmins() : [];
      if (admin !== undefined) return { created: false, userId: admin };
      await tx.users.insert(user, passwordHash);
      return { created: true, userId: user.id };
    });
  }

  /** Two containers start at once: the second finds the first one's superuser. */
  async #madeMeanwhile(error: unknown, username: string, ifNotExists = false): Promise<string | undefined> {
    if (!ifNotExists || !(error instanceof DomainError) || error.code !== 'already_exists') return undefined;
    return (await this.#deps.users.findCredentialsByLogin({ username }))?.user.id;
  }
}

const newSuperuser = (username: string, email: string, mustChangePassword: boolean, now: Date): User => ({
  id: newId(),
  username,
  email,
  displayName: username,
  role: 'admin',
  status: 'active',
  locale: DEFAULT_LOCALE,
  mustChangePassword,
  createdAt: now,
  updatedAt: now,
});

import { hasRole } from '../shared/actor.ts';
import type { Clock } from '../shared/clock.ts';
import { DomainError } from '../shared/errors.ts';
import { normaliseEmail } from '../users/email.ts';
import type { Session } from '../users/session.ts';
import type { Login, UsersReadModel } from '../users/users.read-model.ts';
import { onRecord, record } from './on-record.ts';
import type { SignIn } from './sign-in.ts';
import type { SignOut } from './sign-out.ts';
import type { Database } from './tx.ts';

interface Deps {
  readonly db: Database;
  readonly clock: Clock;
  readonly users: Pick<UsersReadModel, 'findCredentialsByLogin'>;
  readonly signIn: SignIn;
  readonly signOut: SignOut;
}

const ACTION = 'monitor.sign-in';

/** Lets staff see the monitor. Who came in, and who was refused, is in the audit log. */
export class SignInToMonitor {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** @throws DomainError as SignIn does, and forbidden for an account that is not staff */
  async run(login: Login, password: string, client: { readonly onThisMachine: boolean }): Promise<Session> {
    const { signIn, users } = this.#deps;
    const known = await users.findCredentialsByLogin(
      'email' in login ? { email: normaliseEmail(login.email) } : { username: login.username.trim() },
    );
    // What was typed may be a password: of a login that nobody has only that is kept.
    const subjects = [known === undefined ? 'user:unknown' : `user:${known.user.id}`];
    const stranger = { type: 'system', name: 'sign-in' } as const;
    const attempt = { actor: stranger, action: ACTION, subjects };
    const session = await onRecord(this.#deps, attempt, async () => {
      const opened = await signIn.run(login, password, client);
      await this.#checkStaff(opened);
      return opened;
    });
    const actor = { type: 'user', userId: session.user.id, role: session.user.role } as const;
    await record(this.#deps, { actor, action: ACTION, subjects }, { outcome: 'succeeded' });
    return session;
  }

  async #checkStaff({ user, refreshToken }: Session): Promise<void> {
    if (hasRole({ type: 'user', userId: user.id, role: user.role }, 'staff')) return;
    await this.#deps.signOut.run(refreshToken);
    throw new DomainError('forbidden', 'this account may not see the monitor: it needs the role staff');
  }
}

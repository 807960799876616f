import type { UserActor } from '../shared/actor.ts';
import { DomainError, invalidField } from '../shared/errors.ts';
import type { PasswordHasher } from '../users/password-hasher.ts';
import type { Credentials } from '../users/user.ts';
import type { UsersReadModel } from '../users/users.read-model.ts';
import type { Tx } from './tx.ts';

export const accountIsGone = (): DomainError =>
  new DomainError('unauthenticated', 'this account is not active any more');

/**
 * Confirms that who is signed in is who knows the password. A wrong one is a wrong field (400), not 401: the session
 * itself is fine, and a client must not try to refresh it.
 */
export async function verifyOwnPassword(
  { users, hasher }: { readonly users: UsersReadModel; readonly hasher: PasswordHasher },
  actor: UserActor,
  path: string,
  password: string,
): Promise<Credentials> {
  const credentials = await users.findCredentials(actor.userId);
  const matches = await hasher.verify(credentials?.passwordHash, password);
  if (credentials === undefined) throw accountIsGone();
  if (!matches) throw invalidField(path, 'is not your password');
  return credentials;
}

/** Takes the user's row, when it is still as it was compared. */
export async function lockUnchanged(tx: Tx, compared: Credentials): Promise<void> {
  const now = await tx.users.lock(compared.user.id);
  if (now?.user.status !== 'active') throw accountIsGone();
  if (now.passwordHash !== compared.passwordHash) {
    throw new DomainError('conflict', 'the password was changed at the same time');
  }
}

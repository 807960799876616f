import type { Role } from '../shared/actor.ts';
import type { Locale } from '../shared/locale.ts';
import type { Credentials, User, UserStatus } from './user.ts';

export interface ProfileChange {
  readonly displayName?: string;
  readonly locale?: Locale;
}

export interface AccessChange {
  readonly role?: Role;
  readonly status?: Exclude<UserStatus, 'deleted'>;
}

export interface UserStore {
  /** @throws DomainError already_exists, at `email` or `username` */
  insert(user: User, passwordHash: string): Promise<void>;
  /** Holds the row until the end of the transaction: whoever changes what belongs to a user takes it first. */
  lock(id: string): Promise<Credentials | undefined>;
  /**
   * Holds the rows of all active admins until the end of the transaction, in the order of their ids. Whoever may make
   * one of them no active admin takes these first, before any other row: so that one always remains.
   * @returns their ids
   */
  lockActiveAdmins(): Promise<readonly string[]>;
  updateProfile(id: string, change: ProfileChange, at: Date): Promise<void>;
  updateAccess(id: string, change: AccessChange, at: Date): Promise<void>;
  setPassword(id: string, passwordHash: string, at: Date): Promise<void>;
  /** Takes everything personal out of the row, for good. */
  anonymise(id: string, at: Date): Promise<void>;
}

import type { Role } from '../shared/actor.ts';
import type { Page, PageRequest } from '../shared/page.ts';
import type { Credentials, User, UserStatus } from './user.ts';

export type Login = { readonly email: string } | { readonly username: string };

export interface UserFilter {
  readonly email?: string;
  readonly role?: Role;
  readonly status?: UserStatus;
}

export interface UsersReadModel {
  find(id: string): Promise<User | undefined>;
  findCredentials(id: string): Promise<Credentials | undefined>;
  findCredentialsByLogin(login: Login): Promise<Credentials | undefined>;
  /** The role now, of a session that is not over, of an account that is active. */
  findLiveSession(userId: string, sessionId: string): Promise<{ readonly role: Role } | undefined>;
  /** Newest first. */
  list(filter: UserFilter, page: PageRequest): Promise<Page<User>>;
  /** Whether an active superuser still has the shipped password. One indexed read. */
  hasDefaultSuperuser(): Promise<boolean>;
}

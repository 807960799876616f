import type { Role } from '../shared/actor.ts';
import type { User } from './user.ts';

export const ACCESS_TOKEN_SECONDS = 15 * 60;
/** A session that is not used for so long is over. */
export const REFRESH_TOKEN_SECONDS = 30 * 24 * 3600;

/** What an access token says: whose it is, in which role, and in which session (the family of its refresh tokens). */
export interface AccessClaims {
  readonly userId: string;
  readonly role: Role;
  readonly sessionId: string;
}

export interface AccessTokens {
  /** Valid for ACCESS_TOKEN_SECONDS from now. */
  sign(claims: AccessClaims): Promise<string>;
}

/** What a client gets at sign-in and at each refresh. The only place where the refresh token exists in clear. */
export interface Session {
  readonly user: User;
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly refreshExpiresAt: Date;
}

/**
 * What this process remembers of sessions that it let through, so that a request needs no query. `forget` is called
 * after a commit that ends sessions or changes a role.
 */
export interface SessionMemory {
  remember(claims: AccessClaims): void;
  forget(userId: string): void;
}

import { addSeconds, type Clock } from '../shared/clock.ts';
import { hashToken, newId, newToken } from '../shared/ids.ts';
import {
  type AccessClaims,
  type AccessTokens,
  REFRESH_TOKEN_SECONDS,
  type Session,
  type SessionMemory,
} from '../users/session.ts';
import type { User } from '../users/user.ts';
import type { Tx } from './tx.ts';

/** Half a session: what a transaction has stored, before the tokens are signed outside it. */
export interface OpenedSession {
  readonly user: User;
  readonly familyId: string;
  readonly refreshToken: string;
  readonly refreshExpiresAt: Date;
}

/** Adds a refresh token to the family, or starts one. The caller holds the user's row. */
export async function openSession(
  tx: Tx,
  user: User,
  clock: Clock,
  familyId = newId(),
): Promise<OpenedSession> {
  const now = clock.now();
  const refreshToken = newToken();
  const refreshExpiresAt = addSeconds(now, REFRESH_TOKEN_SECONDS);
  await tx.refreshTokens.insert({
    id: newId(),
    userId: user.id,
    familyId,
    tokenHash: hashToken(refreshToken),
    expiresAt: refreshExpiresAt,
    usedAt: null,
    revokedAt: null,
    createdAt: now,
  });
  return { user, familyId, refreshToken, refreshExpiresAt };
}

export interface SessionSigning {
  readonly accessTokens: AccessTokens;
  readonly sessions: SessionMemory;
}

/** Signs the access token of a session that is committed. */
export async function completeSession(opened: OpenedSession, signing: SessionSigning): Promise<Session> {
  const claims: AccessClaims = { userId: opened.user.id, role: opened.user.role, sessionId: opened.familyId };
  const accessToken = await signing.accessTokens.sign(claims);
  signing.sessions.remember(claims);
  return {
    user: opened.user,
    accessToken,
    refreshToken: opened.refreshToken,
    refreshExpiresAt: opened.refreshExpiresAt,
  };
}

import type { Clock } from '../shared/clock.ts';
import { DomainError } from '../shared/errors.ts';
import { hashToken } from '../shared/ids.ts';
import type { Session } from '../users/session.ts';
import { completeSession, type OpenedSession, openSession, type SessionSigning } from './start-session.ts';
import type { Database, Tx } from './tx.ts';

interface Deps extends SessionSigning {
  readonly db: Database;
  readonly clock: Clock;
}

/** What a transaction found out: a refusal is returned, not thrown, where what it wrote must be kept. */
type Outcome =
  | { readonly opened: OpenedSession }
  | { readonly reusedBy: string }
  | { readonly refused: DomainError };

const refusal = (): Outcome => ({
  refused: new DomainError('unauthenticated', 'this refresh token is not valid (any more): sign in again'),
});

/**
 * Exchanges a refresh token for the next one. A token that comes a second time has been copied: whoever holds the
 * copy and whoever owns it are both signed out.
 */
export class RefreshSession {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** @throws DomainError unauthenticated, token_expired, token_reused or account_disabled */
  async run(refreshToken: string): Promise<Session> {
    const outcome = await this.#deps.db.transaction((tx) => this.#rotate(tx, hashToken(refreshToken)));
    if ('opened' in outcome) return completeSession(outcome.opened, this.#deps);
    if ('refused' in outcome) throw outcome.refused;
    this.#deps.sessions.forget(outcome.reusedBy);
    throw new DomainError(
      'token_reused',
      'this refresh token has been used before: the session is ended, sign in again',
    );
  }

  async #rotate(tx: Tx, tokenHash: string): Promise<Outcome> {
    const { clock } = this.#deps;
    const now = clock.now();
    const token = await tx.refreshTokens.findByHash(tokenHash);
    if (token === undefined) return refusal();
    const owner = await tx.users.lock(token.userId);
    if (owner === undefined || token.revokedAt !== null) return refusal();
    if (owner.user.status !== 'active') {
      return { refused: new DomainError('account_disabled', 'this account is disabled') };
    }
    if (token.usedAt === null && token.expiresAt <= now) {
      return {
        refused: new DomainError('token_expired', 'this session was not used for too long: sign in again'),
      };
    }
    if (token.usedAt !== null || !(await tx.refreshTokens.markUsed(token.id, now))) {
      await tx.refreshTokens.revokeFamily(token.familyId, now);
      return { reusedBy: token.userId };
    }
    return { opened: await openSession(tx, owner.user, clock, token.familyId) };
  }
}

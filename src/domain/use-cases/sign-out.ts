import type { Clock } from '../shared/clock.ts';
import { hashToken } from '../shared/ids.ts';
import type { SessionMemory } from '../users/session.ts';
import type { Database } from './tx.ts';

interface Deps {
  readonly db: Database;
  readonly clock: Clock;
  readonly sessions: SessionMemory;
}

/** Ends the session that a refresh token belongs to. A token of no session needs nothing done, and says nothing. */
export class SignOut {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  async run(refreshToken: string): Promise<void> {
    const { db, clock, sessions } = this.#deps;
    const userId = await db.transaction(async (tx) => {
      const token = await tx.refreshTokens.findByHash(hashToken(refreshToken));
      if (token === undefined) return undefined;
      await tx.refreshTokens.revokeFamily(token.familyId, clock.now());
      return token.userId;
    });
    if (userId !== undefined) sessions.forget(userId);
  }
}

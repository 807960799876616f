import type { UserActor } from '../../domain/shared/actor.ts';
import type { Clock } from '../../domain/shared/clock.ts';
import { DomainError } from '../../domain/shared/errors.ts';
import type { AccessClaims, SessionMemory } from '../../domain/users/session.ts';
import type { UsersReadModel } from '../../domain/users/users.read-model.ts';
import type { JwtAccessTokens } from './jwt-access-tokens.ts';

/** How long another process may let a session through that has ended elsewhere. */
export const SESSION_MEMORY_SECONDS = 30;
const MAX_REMEMBERED = 10_000;

interface Remembered {
  readonly actor: UserActor;
  readonly until: number;
}

interface Deps {
  readonly tokens: JwtAccessTokens;
  readonly users: Pick<UsersReadModel, 'findLiveSession'>;
  readonly clock: Clock;
}

/**
 * Turns an access token into its user. The signature says who; whether the session still lives (signed out, password
 * changed, account disabled or deleted, another role) is asked of the database at most once in
 * SESSION_MEMORY_SECONDS per session. This process forgets a session the moment it ends it, so it stops at once
 * here, and within that time in every other process.
 */
export class SessionVerifier implements SessionMemory {
  readonly #deps: Deps;
  /** By session, the longest remembered first. */
  readonly #remembered = new Map<string, Remembered>();
  /** Rises with every `forget`: what was read before it may be what has ended. */
  #generation = 0;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** @throws DomainError unauthenticated or token_expired */
  async verify(token: string): Promise<UserActor> {
    const claims = await this.#deps.tokens.verify(token);
    const known = this.#remembered.get(claims.sessionId);
    if (known !== undefined && known.until > this.#deps.clock.now().getTime()) return known.actor;
    const generation = this.#generation;
    const live = await this.#deps.users.findLiveSession(claims.userId, claims.sessionId);
    if (live === undefined) {
      this.#remembered.delete(claims.sessionId);
      throw new DomainError('unauthenticated', 'this session has ended: sign in again');
    }
    const current = { ...claims, role: live.role };
    return generation === this.#generation ? this.#keep(current) : actorOf(current);
  }

  remember(claims: AccessClaims): void {
    this.#keep(claims);
  }

  forget(userId: string): void {
    this.#generation += 1;
    for (const [sessionId, { actor }] of this.#remembered) {
      if (actor.userId === userId) this.#remembered.delete(sessionId);
    }
  }

  #keep(claims: AccessClaims): UserActor {
    const actor = actorOf(claims);
    const { sessionId } = claims;
    const until = this.#deps.clock.now().getTime() + SESSION_MEMORY_SECONDS * 1000;
    this.#remembered.delete(sessionId);
    this.#remembered.set(sessionId, { actor, until });
    const [oldest] = this.#remembered.keys();
    if (this.#remembered.size > MAX_REMEMBERED && oldest !== undefined) this.#remembered.delete(oldest);
    return actor;
  }
}

const actorOf = ({ userId, role, sessionId }: AccessClaims): UserActor => ({
  type: 'user',
  userId,
  role,
  sessionId,
});

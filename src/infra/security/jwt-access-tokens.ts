import { webcrypto } from 'node:crypto';
import { errors, jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';
import { ROLES } from '../../domain/shared/actor.ts';
import type { Clock } from '../../domain/shared/clock.ts';
import { DomainError } from '../../domain/shared/errors.ts';
import { ACCESS_TOKEN_SECONDS, type AccessClaims, type AccessTokens } from '../../domain/users/session.ts';

const ALGORITHM = 'HS256';
const ISSUER = 'crossborder';

const Payload = z.object({ sub: z.uuid(), role: z.enum(ROLES), sid: z.uuid() });

/** Access tokens: JWT (RFC 7519) signed with HS256, and with nothing else. */
export class JwtAccessTokens implements AccessTokens {
  /** Imported once: given as bytes, it would be imported for every token. */
  readonly #key: Promise<webcrypto.CryptoKey>;
  readonly #clock: Clock;

  constructor(signingKey: string, clock: Clock) {
    const bytes = new TextEncoder().encode(signingKey);
    const hmac = { name: 'HMAC', hash: 'SHA-256' };
    this.#key = webcrypto.subtle.importKey('raw', bytes, hmac, false, ['sign', 'verify']);
    this.#clock = clock;
  }

  async sign(claims: AccessClaims): Promise<string> {
    const now = Math.floor(this.#clock.now().getTime() / 1000);
    return new SignJWT({ role: claims.role, sid: claims.sessionId })
      .setProtectedHeader({ alg: ALGORITHM, typ: 'JWT' })
      .setIssuer(ISSUER)
      .setSubject(claims.userId)
      .setIssuedAt(now)
      .setExpirationTime(now + ACCESS_TOKEN_SECONDS)
      .sign(await this.#key);
  }

  /** @throws DomainError token_expired, or unauthenticated for whatever this program did not sign */
  async verify(token: string): Promise<AccessClaims> {
    const payload = await this.#payloadOf(token);
    const parsed = Payload.safeParse(payload);
    if (!parsed.success) throw refused();
    return { userId: parsed.data.sub, role: parsed.data.role, sessionId: parsed.data.sid };
  }

  async #payloadOf(token: string): Promise<unknown> {
    try {
      const options = { algorithms: [ALGORITHM], issuer: ISSUER, currentDate: this.#clock.now() };
      return (await jwtVerify(token, await this.#key, options)).payload;
    } catch (error) {
      if (error instanceof errors.JWTExpired) {
        throw new DomainError('token_expired', 'the access token has expired: refresh it at /auth/refresh');
      }
      if (error instanceof errors.JOSEError) throw refused();
      throw error;
    }
  }
}

const refused = (): DomainError => new DomainError('unauthenticated', 'the access token is not valid');

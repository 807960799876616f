import { describe, expect, it } from '@jest/globals';
import { SignJWT } from 'jose';
import type { Role } from '../../../src/domain/shared/actor.ts';
import { newId } from '../../../src/domain/shared/ids.ts';
import { JwtAccessTokens } from '../../../src/infra/security/jwt-access-tokens.ts';
import { SESSION_MEMORY_SECONDS, SessionVerifier } from '../../../src/infra/security/session-verifier.ts';
import { TestClock } from '../../support/clock.ts';
import { Gate } from '../../support/gate.ts';

const KEY = 'a-signing-key-for-tests-0123456789'.repeat(2);
const claims = { userId: newId(), role: 'customer' as Role, sessionId: newId() };

function setup() {
  const clock = new TestClock();
  clock.set('2026-01-01T00:00:00Z');
  const tokens = new JwtAccessTokens(KEY, clock);
  const sessions = { role: 'customer' as Role | undefined, reads: 0 };
  const users = {
    findLiveSession: () => {
      sessions.reads++;
      return Promise.resolve(sessions.role && { role: sessions.role });
    },
  };
  return { clock, tokens, sessions, verifier: new SessionVerifier({ tokens, users, clock }) };
}

describe('an access token', () => {
  it('tells who signed in, in which role and session', async () => {
    const { tokens, verifier } = setup();
    expect(await verifier.verify(await tokens.sign(claims))).toEqual({ type: 'user', ...claims });
  });

  it('expires after 15 minutes', async () => {
    const { clock, tokens, verifier } = setup();
    const token = await tokens.sign(claims);
    clock.advance(15 * 60 - 1);
    await verifier.verify(token);
    clock.advance(2);
    await expect(verifier.verify(token)).rejects.toMatchObject({ code: 'token_expired' });
  });

  it('of another key, another algorithm, no algorithm or other content is refused', async () => {
    const { clock, tokens, verifier } = setup();
    const sign = (alg: string, payload: Record<string, unknown>) =>
      new SignJWT(payload)
        .setProtectedHeader({ alg })
        .setIssuer('crossborder')
        .setSubject(claims.userId)
        .setExpirationTime('100y')
        .sign(new TextEncoder().encode(KEY));
    const good = await tokens.sign(claims);
    const [header = '', payload = '', signature = ''] = good.split('.');
    const none = Buffer.from('{"alg":"none"}').toString('base64url');
    const forged = Buffer.from(
      JSON.stringify({ sub: claims.userId, role: 'admin', sid: claims.sessionId }),
    ).toString('base64url');
    const bad = [
      await new JwtAccessTokens('another key', clock).sign(claims),
      await sign('HS512', { role: 'admin', sid: claims.sessionId }),
      await tokens.sign({ ...claims, sessionId: 'x' }),
      `${none}.${payload}.`,
      `${none}.${forged}.${signature}`,
      `${header}.${forged}.${signature}`,
      'a.b.c',
      '',
    ];
    for (const token of bad) {
      await expect(verifier.verify(token)).rejects.toMatchObject({ code: 'unauthenticated' });
    }
  });
});

describe('the session verifier', () => {
  it('asks the database once in a while, not at every request', async () => {
    const { clock, tokens, sessions, verifier } = setup();
    const token = await tokens.sign(claims);
    for (let i = 0; i < 10; i++) await verifier.verify(token);
    expect(sessions.reads).toBe(1);
    clock.advance(SESSION_MEMORY_SECONDS);
    await verifier.verify(token);
    expect(sessions.reads).toBe(2);
  });

  it('does not ask at all right after a sign-in', async () => {
    const { tokens, sessions, verifier } = setup();
    verifier.remember(claims);
    await verifier.verify(await tokens.sign(claims));
    expect(sessions.reads).toBe(0);
  });

  it('stops a session that has ended: at once when told, else within its memory', async () => {
    const { clock, tokens, sessions, verifier } = setup();
    const token = await tokens.sign(claims);
    await verifier.verify(token);
    sessions.role = undefined;
    clock.advance(SESSION_MEMORY_SECONDS - 1);
    await verifier.verify(token);
    clock.advance(1);
    await expect(verifier.verify(token)).rejects.toMatchObject({ code: 'unauthenticated' });

    verifier.remember(claims);
    verifier.forget(claims.userId);
    await expect(verifier.verify(token)).rejects.toMatchObject({ code: 'unauthenticated' });
  });

  it('is not remembered by what was read before it was forgotten', async () => {
    const { clock, tokens } = setup();
    const [asked, answered] = [new Gate(), new Gate()];
    let role: Role | undefined = 'customer';
    const users = {
      findLiveSession: async () => {
        const read = role && { role };
        asked.open();
        await answered.opened;
        return read;
      },
    };
    const verifier = new SessionVerifier({ tokens, users, clock });
    const token = await tokens.sign(claims);
    const before = verifier.verify(token);
    await asked.opened;
    role = undefined;
    verifier.forget(claims.userId);
    answered.open();
    await before;
    await expect(verifier.verify(token)).rejects.toMatchObject({ code: 'unauthenticated' });
  });

  it('believes the database, not the token, about the role', async () => {
    const { tokens, sessions, verifier } = setup();
    sessions.role = 'staff';
    expect(await verifier.verify(await tokens.sign(claims))).toMatchObject({ role: 'staff' });
  });
});

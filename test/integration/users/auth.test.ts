import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId, newToken } from '../../../src/domain/shared/ids.ts';
import { accountOf, admin, customer, PASSWORD } from '../../support/accounts.ts';
import { setupApp, type TestApp } from '../../support/setup-app.ts';

let t: TestApp;
beforeAll(async () => {
  t = await setupApp();
});
afterAll(() => t.close());

const login = (body: object) => t.api.post('/auth/login').send(body);
const refresh = (refreshToken: string) => t.api.post('/auth/refresh').send({ refreshToken });

describe('registration', () => {
  it('makes a customer and signs in', async () => {
    const email = `Ana.${newId()}@Example.com`;
    const res = await t.api
      .post('/auth/register')
      .set('Accept-Language', 'es-MX,en;q=0.5')
      .send({ email, password: PASSWORD, displayName: '  Ana   Lima ' });
    expect(res.status).toBe(201);
    expect(res.headers['cache-control']).toBe('no-store');
    expect(res.body).toMatchObject({
      tokenType: 'Bearer',
      expiresIn: 900,
      user: {
        email: email.toLowerCase(),
        role: 'customer',
        status: 'active',
        locale: 'es',
        mustChangePassword: false,
      },
    });
    const me = await accountOf(t, res).api.get('/users/me');
    expect(me.body).toEqual((res.body as { user: unknown }).user);
    expect(JSON.stringify(res.body)).not.toContain('argon2');
  });

  it('takes the name from the address when none is given', async () => {
    const res = await t.api
      .post('/auth/register')
      .send({ email: `li.${newId()}@example.com`, password: PASSWORD, locale: 'zh' });
    expect(res.body).toMatchObject({ user: { displayName: expect.stringMatching(/^li\./), locale: 'zh' } });
  });

  it('refuses an address that has an account, in any case', async () => {
    const { email } = await customer(t);
    const res = await t.api
      .post('/auth/register')
      .send({ email: email.toUpperCase(), password: PASSWORD, displayName: 'X' });
    expect(res.status).toBe(409);
    expect(res.body).toMatchObject({ code: 'already_exists', errors: [{ path: 'email' }] });
  });

  it('makes one account of two registrations at once', async () => {
    const body = { email: `twice-${newId()}@example.com`, password: PASSWORD, displayName: 'X' };
    const both = await Promise.all([1, 2].map(() => t.api.post('/auth/register').send(body)));
    expect(both.map((r) => r.status).sort()).toEqual([201, 409]);
  });

  it.each([
    ['no body fields', {}, ['email', 'password']],
    ['no address', { email: 'nobody', password: PASSWORD }, ['email']],
    ['a long address', { email: `${'a'.repeat(250)}@example.com`, password: PASSWORD }, ['email']],
    ['a number for a password', { email: 'a@example.com', password: 1234567890 }, ['password']],
    ['a short password', { email: 'a@example.com', password: 'short' }, ['password']],
    ['a common password', { email: 'a@example.com', password: 'password123' }, ['password']],
    [
      'the address as password',
      { email: 'ana.lima@example.com', password: 'ana.lima@example.com' },
      ['password'],
    ],
    ['a huge password', { email: 'a@example.com', password: 'x1'.repeat(600) }, ['password']],
    ['an unknown language', { email: 'a@example.com', password: PASSWORD, locale: 'tlh' }, ['locale']],
    ['a blank name', { email: 'a@example.com', password: PASSWORD, displayName: '  ' }, ['displayName']],
    [
      'a name with a line end',
      { email: 'a@example.com', password: PASSWORD, displayName: 'a\r\nBcc: b' },
      ['displayName'],
    ],
    ['a role', { email: 'a@example.com', password: PASSWORD, role: 'admin' }, ['role']],
  ])('refuses %s', async (_name, body, paths) => {
    const res = await t.api.post('/auth/register').send(body);
    expect(res.status).toBe(400);
    expect((res.body as { errors: { path: string }[] }).errors.map((e) => e.path)).toEqual(paths);
  });
});

describe('signing in', () => {
  it('works by e-mail address in any case, and by user name', async () => {
    const ana = await customer(t);
    expect((await login({ email: ana.email.toUpperCase(), password: PASSWORD })).status).toBe(200);
    await admin(t);
    const res = await login({ username: 'root', password: PASSWORD });
    expect(res.body).toMatchObject({ user: { username: 'root', role: 'admin' } });
  });

  it('answers an unknown user, a wrong password and a deleted user alike', async () => {
    const ana = await customer(t);
    const gone = await customer(t);
    await gone.api.delete('/users/me').send({ password: PASSWORD }).expect(204);
    const answers = await Promise.all([
      login({ email: ana.email, password: 'wrong horse battery' }),
      login({ email: `nobody-${newId()}@example.com`, password: PASSWORD }),
      login({ username: `nobody-${newId()}`, password: PASSWORD }),
      login({ email: gone.email, password: PASSWORD }),
    ]);
    for (const { status, body } of answers) {
      expect(status).toBe(401);
      expect(body).toMatchObject({
        code: 'invalid_credentials',
        detail: 'the name or the password is wrong',
      });
    }
  });

  it('tells that an account is disabled only to who knows its password', async () => {
    const ana = await customer(t);
    const root = await admin(t);
    await root.api.patch(`/staff/users/${ana.userId}`).send({ status: 'disabled' }).expect(200);
    const right = await login({ email: ana.email, password: PASSWORD });
    expect([right.status, right.body]).toEqual([403, expect.objectContaining({ code: 'account_disabled' })]);
    expect((await login({ email: ana.email, password: 'wrong horse battery' })).status).toBe(401);
    expect((await refresh(ana.refreshToken)).status).toBe(401);
    await root.api.patch(`/staff/users/${ana.userId}`).send({ status: 'active' }).expect(200);
    expect((await login({ email: ana.email, password: PASSWORD })).status).toBe(200);
  });

  it.each([
    ['neither name nor address', { password: PASSWORD }],
    ['both', { email: 'a@example.com', username: 'a', password: PASSWORD }],
    ['no password', { email: 'a@example.com' }],
    ['an array', []],
    ['an object for a password', { email: 'a@example.com', password: { $ne: '' } }],
  ])('needs a name and a password, not %s', async (_name, body) => {
    expect((await login(body)).status).toBe(400);
  });

  it('refuses a malformed cart token', async () => {
    const { email } = await customer(t);
    const res = await login({ email, password: PASSWORD }).set('X-Cart-Token', 'x');
    expect(res.body).toMatchObject({ status: 400, errors: [{ path: 'x-cart-token' }] });
  });

  it('is limited by client address', async () => {
    const limited = await setupApp({ limits: { 'sign-in': { points: 2, seconds: 60 } } });
    try {
      // Where Redis counts, memory does until it is connected: then two counters would each allow their own.
      await limited.app.health();
      const attempt = () => limited.api.post('/auth/login').send({ username: 'a', password: 'b' });
      expect([(await attempt()).status, (await attempt()).status]).toEqual([401, 401]);
      const third = await attempt();
      expect([third.status, Number(third.headers['retry-after']) > 0]).toEqual([429, true]);
    } finally {
      await limited.close();
    }
  });
});

describe('refreshing', () => {
  it('gives a new pair that works', async () => {
    const ana = await customer(t);
    const next = accountOf(t, await refresh(ana.refreshToken));
    expect(next.refreshToken).not.toBe(ana.refreshToken);
    expect((await next.api.get('/users/me')).status).toBe(200);
    expect((await refresh(next.refreshToken)).status).toBe(200);
  });

  it('ends the whole session when a token comes a second time', async () => {
    const ana = await customer(t);
    const next = accountOf(t, await refresh(ana.refreshToken));
    const reused = await refresh(ana.refreshToken);
    expect([reused.status, reused.body]).toEqual([401, expect.objectContaining({ code: 'token_reused' })]);
    expect((await refresh(next.refreshToken)).status).toBe(401);
    expect((await next.api.get('/users/me')).status).toBe(401);
    expect((await login({ email: ana.email, password: PASSWORD })).status).toBe(200);
  });

  it('lets one of many at once through, and then ends the session', async () => {
    const ana = await customer(t);
    const all = await Promise.all(Array.from({ length: 5 }, () => refresh(ana.refreshToken)));
    expect(all.filter((r) => r.status === 200)).toHaveLength(1);
    expect(all.filter((r) => r.status === 401)).toHaveLength(4);
    for (const winner of all.filter((r) => r.status === 200)) {
      expect((await refresh((winner.body as { refreshToken: string }).refreshToken)).status).toBe(401);
    }
  });

  it('leaves other sessions of the user alone', async () => {
    const ana = await customer(t);
    const phone = accountOf(t, await login({ email: ana.email, password: PASSWORD }));
    await refresh(ana.refreshToken);
    await refresh(ana.refreshToken);
    expect((await refresh(phone.refreshToken)).status).toBe(200);
  });

  it('refuses what was never issued, and what has no such form', async () => {
    expect((await refresh(newToken())).body).toMatchObject({ status: 401, code: 'unauthenticated' });
    expect((await refresh('x')).status).toBe(400);
    expect((await t.api.post('/auth/refresh').send({})).status).toBe(400);
  });

  it('stores no token in clear', async () => {
    const ana = await customer(t);
    const rows = await t.app.connections.read.query('SELECT * FROM refresh_tokens WHERE user_id = ?', [
      ana.userId,
    ]);
    expect(rows).toHaveLength(1);
    expect(JSON.stringify(rows)).not.toContain(ana.refreshToken);
  });
});

describe('signing out', () => {
  it('ends the session, its access token too, and no other', async () => {
    const ana = await customer(t);
    const phone = accountOf(t, await login({ email: ana.email, password: PASSWORD }));
    const { status, text } = await t.api.post('/auth/logout').send({ refreshToken: ana.refreshToken });
    expect([status, text]).toEqual([204, '']);
    expect((await refresh(ana.refreshToken)).status).toBe(401);
    expect((await ana.api.get('/users/me')).status).toBe(401);
    expect((await phone.api.get('/users/me')).status).toBe(200);
  });

  it('says nothing about a token that is not one', async () => {
    expect((await t.api.post('/auth/logout').send({ refreshToken: newToken() })).status).toBe(204);
  });
});

describe('time', () => {
  it('ends an access token after 15 minutes, and a session after 30 idle days', async () => {
    const other = await setupApp({ now: '2026-01-01T00:00:00Z' });
    try {
      const ana = await customer(other);
      other.clock.advance(15 * 60 + 1);
      const expired = await ana.api.get('/users/me');
      expect([expired.status, expired.body]).toEqual([
        401,
        expect.objectContaining({ code: 'token_expired' }),
      ]);
      const next = accountOf(
        other,
        await other.api.post('/auth/refresh').send({ refreshToken: ana.refreshToken }),
      );
      other.clock.advance(30 * 24 * 3600);
      const late = await other.api.post('/auth/refresh').send({ refreshToken: next.refreshToken });
      expect(late.body).toMatchObject({ status: 401, code: 'token_expired' });
      await other.api.post('/auth/login').send({ email: ana.email, password: PASSWORD }).expect(200);
      const rows = await other.app.connections.read.query('SELECT id FROM refresh_tokens');
      expect(rows.length).toBeLessThanOrEqual(2);
    } finally {
      await other.close();
    }
  });
});

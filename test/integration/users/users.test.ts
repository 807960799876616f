import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createSuperuser } from '../../../src/app/superuser.ts';
import { newId } from '../../../src/domain/shared/ids.ts';
import { accountOf, admin, customer, PASSWORD, staff } from '../../support/accounts.ts';
import { setupApp, type TestApp } from '../../support/setup-app.ts';

let t: TestApp;
beforeAll(async () => {
  t = await setupApp();
});
afterAll(() => t.close());

const NEXT = 'another horse battery';
const login = (email: string, password: string) => t.api.post('/auth/login').send({ email, password });

describe("one's own account", () => {
  it('is nobody without a token', async () => {
    for (const token of ['', 'x', 'a.b.c']) {
      expect((await t.as(token).get('/users/me')).status).toBe(401);
    }
    const res = await t.api.get('/users/me');
    expect([res.status, res.headers['www-authenticate']]).toEqual([401, 'Bearer realm="crossborder"']);
  });

  it('is read without a query for the session, right after signing in', async () => {
    const ana = await customer(t);
    expect(await t.statements(() => ana.api.get('/users/me'))).toHaveLength(1);
  });

  it('takes another name and another language', async () => {
    const ana = await customer(t);
    const res = await ana.api.patch('/users/me').send({ displayName: '李娜', locale: 'zh' });
    expect([res.status, res.body]).toEqual([
      200,
      expect.objectContaining({ displayName: '李娜', locale: 'zh' }),
    ]);
    expect((await ana.api.get('/users/me')).body).toMatchObject({ displayName: '李娜', locale: 'zh' });
  });

  it.each([
    [{}, ''],
    [{ email: 'x@example.com' }, 'email'],
    [{ role: 'admin' }, 'role'],
    [{ displayName: '' }, 'displayName'],
    [{ displayName: null }, 'displayName'],
    [{ locale: 'xx' }, 'locale'],
  ])('cannot be changed by %j', async (body, path) => {
    const ana = await customer(t);
    const res = await ana.api.patch('/users/me').send(body);
    const problem = res.body as { status: number; code: string; errors: { path: string }[] };
    expect([problem.status, problem.code, problem.errors[0]?.path]).toEqual([400, 'validation_failed', path]);
  });
});

describe('a new password', () => {
  it('counts from then on, and ends the other sessions', async () => {
    const ana = await customer(t);
    const phone = accountOf(t, await login(ana.email, PASSWORD));
    await ana.api
      .post('/users/me/password')
      .send({ currentPassword: PASSWORD, newPassword: NEXT })
      .expect(204);
    expect((await login(ana.email, PASSWORD)).status).toBe(401);
    expect((await login(ana.email, NEXT)).status).toBe(200);
    expect((await phone.api.get('/users/me')).status).toBe(401);
    expect((await t.api.post('/auth/refresh').send({ refreshToken: phone.refreshToken })).status).toBe(401);
    expect((await ana.api.get('/users/me')).status).toBe(200);
    expect((await t.api.post('/auth/refresh').send({ refreshToken: ana.refreshToken })).status).toBe(200);
  });

  it.each([
    ['a wrong current one', { currentPassword: 'wrong horse battery', newPassword: NEXT }, 'currentPassword'],
    ['a short one', { currentPassword: PASSWORD, newPassword: 'short' }, 'newPassword'],
    ['the same one', { currentPassword: PASSWORD, newPassword: PASSWORD }, 'newPassword'],
    ['no current one', { newPassword: NEXT }, 'currentPassword'],
  ])('is refused with %s', async (_name, body, path) => {
    const ana = await customer(t);
    const res = await ana.api.post('/users/me/password').send(body);
    expect(res.body).toMatchObject({ status: 400, errors: [{ path }] });
    expect((await login(ana.email, PASSWORD)).status).toBe(200);
  });
});

describe('deleting the account', () => {
  it('needs the password', async () => {
    const ana = await customer(t);
    expect((await ana.api.delete('/users/me').send({ password: 'wrong horse battery' })).status).toBe(400);
    expect((await ana.api.delete('/users/me').send({})).status).toBe(400);
    expect((await ana.api.get('/users/me')).status).toBe(200);
  });

  it('leaves nothing personal, stops every token at once, and frees the address', async () => {
    const ana = await customer(t, { displayName: 'Ana Rosa Lima' });
    const phone = accountOf(t, await login(ana.email, PASSWORD));
    const address = {
      recipient: 'Ana Rosa Lima',
      line1: 'Torstraße 1',
      city: 'Berlin',
      postalCode: '10119',
      country: 'DE',
      phone: '+4930123456',
    };
    await ana.api.post('/addresses').set('Idempotency-Key', 'a-key').send(address).expect(201);
    const other = await customer(t);
    await other.api.post('/addresses').set('Idempotency-Key', 'a-key').send(address).expect(201);
    await ana.api
      .post('/identities')
      .send({ country: 'BR', fullName: 'Ana Rosa Lima', number: '52998224725' })
      .expect(201);
    await t.app.connections.write((sql) =>
      sql.run(
        'INSERT INTO carts (id, user_id, currency, created_at, updated_at, version) VALUES (?, ?, ?, ?, ?, 1)',
        [newId(), ana.userId, 'EUR', new Date(), new Date()],
      ),
    );
    await ana.api.delete('/users/me').send({ password: PASSWORD }).expect(204);

    for (const token of [ana, phone]) {
      expect((await token.api.get('/users/me')).status).toBe(401);
      expect((await token.api.get('/addresses')).status).toBe(401);
      expect((await token.api.post('/addresses').send(address)).status).toBe(401);
      expect((await t.api.post('/auth/refresh').send({ refreshToken: token.refreshToken })).status).toBe(401);
    }
    const { read } = t.app.connections;
    const rows = await Promise.all(
      [
        'users WHERE id',
        'addresses WHERE user_id',
        'importer_identities WHERE user_id',
        'refresh_tokens WHERE user_id',
        'carts WHERE user_id',
      ].map((where) => read.query(`SELECT * FROM ${where} = ?`, [ana.userId])),
    );
    expect(rows.map((r) => r.length)).toEqual([1, 0, 0, 0, 0]);
    expect(JSON.stringify(rows)).not.toMatch(/Ana|Lima|example\.com|argon2/);
    const scopes = await read.query<{ scope: string }>('SELECT scope FROM idempotency_keys');
    expect(scopes.filter(({ scope }) => scope.includes(ana.userId))).toEqual([]);
    expect(scopes.filter(({ scope }) => scope.includes(other.userId))).toHaveLength(1);
    expect((await t.api.post('/auth/register').send({ email: ana.email, password: PASSWORD })).status).toBe(
      201,
    );
  });
});

describe('staff of accounts', () => {
  it('are admins only', async () => {
    const [ana, clerk] = [await customer(t), await staff(t)];
    for (const { api } of [ana, clerk]) {
      expect((await api.get('/staff/users')).status).toBe(403);
      expect((await api.get(`/staff/users/${ana.userId}`)).status).toBe(403);
      expect((await api.patch(`/staff/users/${ana.userId}`).send({ role: 'admin' })).status).toBe(403);
    }
    expect((await t.api.get('/staff/users')).status).toBe(401);
  });

  it('list accounts page by page, newest first, by e-mail address and by role', async () => {
    const root = await admin(t);
    const made = [await customer(t), await customer(t), await customer(t)].map((a) => a.userId);
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const res = await root.api.get(
        `/staff/users?limit=2&role=customer${cursor ? `&cursor=${cursor}` : ''}`,
      );
      expect(res.status).toBe(200);
      const page = res.body as { items: { id: string }[]; nextCursor?: string };
      seen.push(...page.items.map((u) => u.id));
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen.filter((id) => made.includes(id))).toEqual([...made].reverse());
    const ana = await customer(t);
    const res = await root.api.get(`/staff/users?email=${encodeURIComponent(ana.email.toUpperCase())}`);
    expect((res.body as { items: { id: string }[] }).items.map((u) => u.id)).toEqual([ana.userId]);
  });

  it('give a role, which counts at once', async () => {
    const [ana, root] = [await customer(t), await admin(t)];
    expect((await ana.api.get('/staff/identities')).status).toBe(403);
    await root.api.patch(`/staff/users/${ana.userId}`).send({ role: 'staff' }).expect(200);
    expect((await ana.api.get('/staff/identities')).status).toBe(200);
    await root.api.patch(`/staff/users/${ana.userId}`).send({ role: 'customer' }).expect(200);
    expect((await ana.api.get('/staff/identities')).status).toBe(403);
  });

  it('disable an account, which stops its tokens at once', async () => {
    const [ana, root] = [await customer(t), await admin(t)];
    await root.api.patch(`/staff/users/${ana.userId}`).send({ status: 'disabled' }).expect(200);
    expect((await ana.api.get('/users/me')).status).toBe(401);
    expect((await root.api.get(`/staff/users/${ana.userId}`)).body).toMatchObject({ status: 'disabled' });
  });

  it('cannot change themselves, the deleted, the unknown, or anything else', async () => {
    const [ana, root] = [await customer(t), await admin(t)];
    await ana.api.delete('/users/me').send({ password: PASSWORD }).expect(204);
    const patch = async (id: string, body: object) =>
      (await root.api.patch(`/staff/users/${id}`).send(body)).status;
    expect(await patch(root.userId, { role: 'customer' })).toBe(409);
    expect(await patch(ana.userId, { role: 'staff' })).toBe(404);
    expect(await patch(newId(), { role: 'staff' })).toBe(404);
    expect(await patch('x', { role: 'staff' })).toBe(404);
    expect(await patch(ana.userId, { role: 'king' })).toBe(400);
    expect(await patch(ana.userId, { status: 'deleted' })).toBe(400);
    expect(await patch(ana.userId, {})).toBe(400);
    expect((await root.api.get('/staff/users?cursor=x')).body).toMatchObject({ code: 'invalid_cursor' });
    expect((await root.api.get('/staff/users?roel=staff')).status).toBe(400);
  });
});

describe('the superuser', () => {
  it('with the shipped password is known as such until it is changed', async () => {
    const other = await setupApp();
    try {
      const shipped = { username: 'admin', email: 'admin@example.com', password: 'admin123' };
      await expect(createSuperuser(other.app, shipped)).rejects.toMatchObject({ code: 'validation_failed' });
      expect(await other.app.hasDefaultSuperuser()).toBe(false);
      const made = await createSuperuser(other.app, { ...shipped, allowShippedPassword: true });
      expect(await other.app.hasDefaultSuperuser()).toBe(true);
      const again = await createSuperuser(other.app, {
        ...shipped,
        allowShippedPassword: true,
        ifNotExists: true,
      });
      expect(again).toEqual({ created: false, userId: made.userId });
      await expect(createSuperuser(other.app, { ...shipped, password: PASSWORD })).rejects.toMatchObject({
        code: 'already_exists',
      });

      const res = await other.api.post('/auth/login').send({ username: 'admin', password: 'admin123' });
      expect(res.body).toMatchObject({ user: { role: 'admin', mustChangePassword: true } });
      const root = accountOf(other, res);
      await root.api
        .post('/users/me/password')
        .send({ currentPassword: 'admin123', newPassword: NEXT })
        .expect(204);
      expect((await root.api.get('/users/me')).body).toMatchObject({ mustChangePassword: false });
      expect(await other.app.hasDefaultSuperuser()).toBe(false);
    } finally {
      await other.close();
    }
  });

  it('is made once by two that start at once', async () => {
    const other = await setupApp();
    try {
      const request = { username: 'root', email: 'root@example.com', password: PASSWORD, ifNotExists: true };
      const made = await Promise.all([1, 2, 3].map(() => createSuperuser(other.app, request)));
      expect(made.filter((m) => m.created)).toHaveLength(1);
      expect(new Set(made.map((m) => m.userId)).size).toBe(1);
    } finally {
      await other.close();
    }
  });
});

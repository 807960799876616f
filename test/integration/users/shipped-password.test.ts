import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createSuperuser } from '../../../src/app/superuser.ts';
import { accountOf } from '../../support/accounts.ts';
import { setupApp, type TestApp } from '../../support/setup-app.ts';

const OWN = 'another horse battery';

describe.each([
  ['with a trusted proxy', { TRUSTED_PROXIES: '127.0.0.1' }],
  ['with no trusted proxy', {}],
])('signing in with the shipped password, %s', (_name, env) => {
  let t: TestApp;
  beforeAll(async () => {
    t = await setupApp({ env });
    await createSuperuser(t.app, {
      username: 'admin',
      email: 'admin@example.com',
      password: 'admin123',
      allowShippedPassword: true,
    });
  });
  afterAll(() => t.close());

  const signIn = (password: string) => t.api.post('/auth/login').send({ username: 'admin', password });
  const fromAfar = (password: string) => signIn(password).set('X-Forwarded-For', '203.0.113.9');

  it('is refused from beyond this machine, with a remedy', async () => {
    const res = await fromAfar('admin123');
    expect([res.status, res.body]).toEqual([
      403,
      expect.objectContaining({
        code: 'forbidden',
        detail: expect.stringContaining('on the machine itself'),
      }),
    ]);
    // The same password in full-width letters has the same hash.
    expect((await fromAfar('ａｄｍｉｎ１２３')).status).toBe(403);
    expect((await signIn('admin123').set('Forwarded', 'for=203.0.113.9')).status).toBe(403);
  });

  it('says nothing about the account to who does not know the password', async () => {
    expect((await fromAfar('admin124')).status).toBe(401);
  });

  it('is possible on the machine itself, and from everywhere once the password is changed', async () => {
    const root = accountOf(t, await signIn('admin123').expect(200));
    await root.api
      .post('/users/me/password')
      .send({ currentPassword: 'admin123', newPassword: OWN })
      .expect(204);
    expect((await fromAfar(OWN)).status).toBe(200);
  });
});

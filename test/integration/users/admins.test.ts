import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createConfiguredSuperuser, createSuperuser } from '../../../src/app/superuser.ts';
import { SetUserAccess } from '../../../src/domain/use-cases/set-user-access.ts';
import { type Account, accountOf, PASSWORD } from '../../support/accounts.ts';
import { setupApp, type TestApp } from '../../support/setup-app.ts';

let t: TestApp;
beforeEach(async () => {
  t = await setupApp();
});
afterEach(() => t.close());

const signedIn = async (username: string, password = PASSWORD): Promise<Account> => {
  const res = await t.api.post('/auth/login').send({ username, password });
  return accountOf(t, res, password);
};

const adminNamed = async (username: string): Promise<Account> => {
  await createSuperuser(t.app, { username, email: `${username}@example.com`, password: PASSWORD });
  return signedIn(username);
};

const activeAdmins = async (): Promise<(string | null)[]> => {
  const rows = await t.app.connections.read.query<{ username: string | null }>(
    "SELECT username FROM users WHERE role = 'admin' AND status = 'active' ORDER BY username",
  );
  return rows.map((row) => row.username);
};

describe('the superuser of the settings', () => {
  it('is made when there is no admin, once', async () => {
    const first = await createConfiguredSuperuser(t.app);
    expect([first, await activeAdmins()]).toMatchObject([{ created: true }, ['admin']]);
    expect(await createConfiguredSuperuser(t.app)).toEqual({ created: false, userId: first.userId });
  });

  it('does not come back when it was deleted and another admin is there', async () => {
    await createConfiguredSuperuser(t.app);
    await adminNamed('boss');
    const admin = await signedIn('admin', 'admin123');
    await admin.api.delete('/users/me').send({ password: 'admin123' }).expect(204);
    expect(await createConfiguredSuperuser(t.app)).toMatchObject({ created: false });
    expect(await activeAdmins()).toEqual(['boss']);
  });

  it('is not made beside an admin of another name', async () => {
    const boss = await adminNamed('boss');
    expect(await createConfiguredSuperuser(t.app)).toEqual({ created: false, userId: boss.userId });
    expect(await activeAdmins()).toEqual(['boss']);
  });

  it('is made where the only admin is disabled', async () => {
    const boss = await adminNamed('boss');
    await t.app.connections.write((sql) =>
      sql.run("UPDATE users SET status = 'disabled' WHERE id = ?", [boss.userId]),
    );
    expect(await createConfiguredSuperuser(t.app)).toMatchObject({ created: true });
    expect(await activeAdmins()).toEqual(['admin']);
  });

  it('is made once by several that start at once', async () => {
    const made = await Promise.all([1, 2, 3].map(() => createConfiguredSuperuser(t.app)));
    expect(made.filter((m) => m.created)).toHaveLength(1);
    expect(new Set(made.map((m) => m.userId)).size).toBe(1);
  });
});

describe('the last active admin', () => {
  const setAccess = (): SetUserAccess => {
    const { db, clock } = t.app;
    return new SetUserAccess({ db, clock, sessions: { remember: () => undefined, forget: () => undefined } });
  };
  const deletion = (who: Account) => who.api.delete('/users/me').send({ password: PASSWORD });

  it('cannot delete himself, and keeps everything', async () => {
    const boss = await adminNamed('boss');
    const res = await deletion(boss);
    expect([res.status, res.body]).toEqual([409, expect.objectContaining({ code: 'conflict' })]);
    expect((await boss.api.get('/users/me')).status).toBe(200);
    await adminNamed('second');
    await deletion(boss).expect(204);
    expect(await activeAdmins()).toEqual(['second']);
  });

  it.each([{ role: 'customer' }, { status: 'disabled' }] as const)(
    'remains when two admins set each other to %j at once',
    async (change) => {
      const [one, two] = [await adminNamed('one'), await adminNamed('two')];
      const set = (by: Account, to: Account) =>
        setAccess().run(
          { type: 'user', userId: by.userId, role: 'admin', sessionId: 's' },
          to.userId,
          change,
        );
      const ends = await Promise.allSettled([set(one, two), set(two, one)]);
      expect(ends.filter((e) => e.status === 'fulfilled')).toHaveLength(1);
      expect(ends.find((e) => e.status === 'rejected')).toMatchObject({ reason: { code: 'conflict' } });
      expect(await activeAdmins()).toHaveLength(1);
    },
  );

  it('remains when all delete themselves at once', async () => {
    const all = [await adminNamed('one'), await adminNamed('two'), await adminNamed('three')];
    const ends = await Promise.all(all.map((who) => deletion(who)));
    expect(ends.map((e) => e.status).sort()).toEqual([204, 204, 409]);
    expect(await activeAdmins()).toHaveLength(1);
  });

  it('may still be given what he has', async () => {
    const boss = await adminNamed('boss');
    const actor = { type: 'user', userId: 'somebody-else', role: 'admin', sessionId: 's' } as const;
    await setAccess().run(actor, boss.userId, { role: 'admin', status: 'active' });
    await expect(setAccess().run(actor, boss.userId, { role: 'staff' })).rejects.toMatchObject({
      code: 'conflict',
    });
  });
});

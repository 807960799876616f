import { createSuperuser } from '../../src/app/superuser.ts';
import { newId } from '../../src/domain/shared/ids.ts';
import type { Api, TestApp } from './setup-app.ts';

/** Someone who is signed in. */
export interface Account {
  readonly userId: string;
  readonly email: string;
  readonly password: string;
  readonly accessToken: string;
  readonly refreshToken: string;
  /** Requests with the access token. */
  readonly api: Api;
}

interface SessionBody {
  accessToken: string;
  refreshToken: string;
  user: { id: string; email: string };
}

export const PASSWORD = 'correct horse battery';

/** Reads a session out of a reply of /auth/register, /auth/login or /auth/refresh. */
export function accountOf(
  t: TestApp,
  reply: { status: number; body: unknown },
  password = PASSWORD,
): Account {
  if (reply.status >= 300) throw new Error(`no session: ${reply.status} ${JSON.stringify(reply.body)}`);
  const { accessToken, refreshToken, user } = reply.body as SessionBody;
  return { userId: user.id, email: user.email, password, accessToken, refreshToken, api: t.as(accessToken) };
}

/** A new customer, registered over HTTP and signed in. */
export async function customer(t: TestApp, fields: Record<string, unknown> = {}): Promise<Account> {
  const email = `buyer-${newId()}@example.com`;
  const body = { email, password: PASSWORD, displayName: 'Ana Lima', ...fields };
  return accountOf(t, await t.api.post('/auth/register').send(body));
}

/** The superuser of this test, made when there is none, signed in. */
export async function admin(t: TestApp): Promise<Account> {
  const email = 'root@example.com';
  await createSuperuser(t.app, { username: 'root', email, password: PASSWORD, ifNotExists: true });
  return accountOf(t, await t.api.post('/auth/login').send({ email, password: PASSWORD }));
}

/** A new member of staff, signed in. */
export async function staff(t: TestApp): Promise<Account> {
  const { userId, email } = await customer(t);
  const root = await admin(t);
  await root.api.patch(`/staff/users/${userId}`).send({ role: 'staff' }).expect(200);
  return accountOf(t, await t.api.post('/auth/login').send({ email, password: PASSWORD }));
}

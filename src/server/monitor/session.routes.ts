import { z } from 'zod';
import { ROLES } from '../../domain/shared/actor.ts';
import { DomainError } from '../../domain/shared/errors.ts';
import { hashToken } from '../../domain/shared/ids.ts';
import type { RefreshSession } from '../../domain/use-cases/refresh-session.ts';
import type { SignInToMonitor } from '../../domain/use-cases/sign-in-to-monitor.ts';
import type { SignOut } from '../../domain/use-cases/sign-out.ts';
import type { Session } from '../../domain/users/session.ts';
import type { UsersReadModel } from '../../domain/users/users.read-model.ts';
import { isFromThisMachine } from '../loopback.ts';
import { type Route, route } from '../route.ts';
import { dropSession, keepSession, refreshTokenOf } from './monitor-session.ts';

const tags = ['session'];

const SignInBody = z.strictObject({
  login: z.string().min(1).max(254).meta({ description: 'user name or e-mail address' }),
  password: z.string().min(1).max(1024),
});

const WhoView = z
  .object({
    username: z.string().nullable(),
    displayName: z.string(),
    role: z.enum(ROLES),
    canAct: z.boolean().meta({ description: 'admins act; staff look' }),
  })
  .meta({ id: 'Who' });

export interface Gate {
  readonly signIn: SignInToMonitor;
  readonly refreshSession: RefreshSession;
  readonly signOut: SignOut;
  readonly users: Pick<UsersReadModel, 'find'>;
}

export function sessionRoutes(gate: Gate): Route[] {
  const refreshing = new Refreshing(gate.refreshSession);
  return [
    route({
      method: 'post',
      path: '/session',
      summary: 'Sign in with a staff account: the session is kept in cookies',
      tags,
      auth: 'public',
      rateLimit: 'sign-in',
      body: SignInBody,
      reply: { status: 200, schema: WhoView },
      errors: ['invalid_credentials', 'account_disabled', 'forbidden', 'rate_limited', 'csrf_failed'],
      handle: async ({ body: { login, password }, req, res }) => {
        const name = login.includes('@') ? { email: login } : { username: login };
        const session = await gate.signIn.run(name, password, { onThisMachine: isFromThisMachine(req) });
        keepSession(req, res, session);
        return whoOf(session.user);
      },
    }),
    route({
      method: 'post',
      path: '/session/refresh',
      summary: 'Go on with the session of the cookies',
      tags,
      auth: 'public',
      reply: { status: 204 },
      errors: ['unauthenticated', 'token_expired', 'account_disabled', 'csrf_failed'],
      handle: async ({ req, res }) => {
        const token = refreshTokenOf(req);
        if (token === undefined) throw new DomainError('unauthenticated', 'there is no session: sign in');
        keepSession(req, res, await refreshing.run(token));
        return undefined;
      },
    }),
    route({
      method: 'delete',
      path: '/session',
      summary: 'Sign out',
      tags,
      auth: 'public',
      reply: { status: 204 },
      handle: async ({ req, res }) => {
        const token = refreshTokenOf(req);
        dropSession(req, res);
        if (token !== undefined) await gate.signOut.run(token);
        return undefined;
      },
    }),
    route({
      method: 'get',
      path: '/session',
      summary: 'Who is signed in, and whether they may act',
      tags,
      auth: 'staff',
      reply: { status: 200, schema: WhoView },
      handle: async ({ actor }) => {
        const user = await gate.users.find(actor.userId);
        if (user === undefined) throw new DomainError('unauthenticated', 'this account is gone');
        return whoOf(user);
      },
    }),
  ];
}

const whoOf = ({ username, displayName, role }: Session['user']): z.input<typeof WhoView> => ({
  username,
  displayName,
  role,
  canAct: role === 'admin',
});

/** How long a tab's request may be under way while another one's answer changes the cookies, in milliseconds. */
const LEEWAY = 5000;

/** A refresh token works once, and a browser's tabs share it: those that ask at the same time get the same answer. */
class Refreshing {
  readonly #refresh: RefreshSession;
  readonly #asked = new Map<string, Promise<Session>>();

  constructor(refresh: RefreshSession) {
    this.#refresh = refresh;
  }

  async run(token: string): Promise<Session> {
    const key = hashToken(token);
    const known = this.#asked.get(key);
    if (known !== undefined) return known;
    const asked = this.#refresh.run(token);
    this.#asked.set(key, asked);
    const forget = (): void => void this.#asked.delete(key);
    try {
      const session = await asked;
      setTimeout(forget, LEEWAY).unref();
      return session;
    } catch (error) {
      forget();
      throw error;
    }
  }
}

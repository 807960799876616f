import type { Response } from 'express';
import { negotiateLocale } from '../../domain/shared/locale.ts';
import type { RefreshSession } from '../../domain/use-cases/refresh-session.ts';
import type { RegisterUser } from '../../domain/use-cases/register-user.ts';
import type { SignIn } from '../../domain/use-cases/sign-in.ts';
import type { SignOut } from '../../domain/use-cases/sign-out.ts';
import type { Session } from '../../domain/users/session.ts';
import { isFromThisMachine } from '../loopback.ts';
import { type Route, route } from '../route.ts';
import {
  CartTokenHeader,
  presentSession,
  RefreshBody,
  RegisterBody,
  SessionView,
  SignInBody,
} from './users.schema.ts';

const tags = ['auth'];
const UNSTORED = 'Takes no Idempotency-Key: its answer is a secret, and is never stored.';

export interface AuthRouteDeps {
  readonly registerUser: RegisterUser;
  readonly signIn: SignIn;
  readonly refreshSession: RefreshSession;
  readonly signOut: SignOut;
  /** Moves a guest's cart into the user's; an unknown token must do nothing. */
  readonly mergeGuestCart?: (userId: string, cartToken: string) => Promise<void>;
}

/** RFC 6749, 5.1: tokens are not for caches. */
const unstored = (res: Response): void => void res.setHeader('Cache-Control', 'no-store');

export function authRoutes(deps: AuthRouteDeps): Route[] {
  const withCart = async (session: Session, cartToken: string | undefined): Promise<Session> => {
    if (cartToken !== undefined) await deps.mergeGuestCart?.(session.user.id, cartToken);
    return session;
  };
  return [
    route({
      method: 'post',
      path: '/auth/register',
      summary: 'Make an account and sign in',
      description: `${UNSTORED} A repeated registration gets 409.`,
      tags,
      auth: 'public',
      rateLimit: 'sign-in',
      headers: CartTokenHeader,
      body: RegisterBody,
      reply: { status: 201, schema: SessionView },
      errors: ['already_exists', 'rate_limited'],
      handle: async ({ body, headers, req, res }) => {
        unstored(res);
        const displayName = body.displayName ?? body.email.slice(0, body.email.indexOf('@'));
        const locale = body.locale ?? negotiateLocale(req.get('accept-language'));
        const session = await deps.registerUser.run({ ...body, displayName, locale });
        return presentSession(await withCart(session, headers['x-cart-token']));
      },
    }),
    route({
      method: 'post',
      path: '/auth/login',
      summary: 'Sign in by e-mail address or user name',
      description: `An unknown name and a wrong password get the same answer in the same time. The shipped password of a superuser counts on the machine itself only. ${UNSTORED}`,
      tags,
      auth: 'public',
      rateLimit: 'sign-in',
      headers: CartTokenHeader,
      body: SignInBody,
      reply: { status: 200, schema: SessionView },
      errors: ['invalid_credentials', 'account_disabled', 'forbidden', 'rate_limited'],
      handle: async ({ body: { email, username = '', password }, headers, req, res }) => {
        unstored(res);
        const login = email === undefined ? { username } : { email };
        const session = await deps.signIn.run(login, password, { onThisMachine: isFromThisMachine(req) });
        return presentSession(await withCart(session, headers['x-cart-token']));
      },
    }),
    ...tokenRoutes(deps),
  ];
}

const tokenRoutes = (deps: AuthRouteDeps): Route[] => [
  route({
    method: 'post',
    path: '/auth/refresh',
    summary: 'Exchange a refresh token for new tokens',
    description: `Each refresh token works once. One that comes again has been copied: its whole session is ended. ${UNSTORED}`,
    tags,
    auth: 'public',
    body: RefreshBody,
    reply: { status: 200, schema: SessionView },
    errors: ['unauthenticated', 'token_expired', 'token_reused', 'account_disabled'],
    handle: async ({ body, res }) => {
      unstored(res);
      return presentSession(await deps.refreshSession.run(body.refreshToken));
    },
  }),
  route({
    method: 'post',
    path: '/auth/logout',
    summary: 'End the session of a refresh token',
    description: 'Its access tokens stop too: at once in this process, within 30 seconds in every other one.',
    tags,
    auth: 'public',
    body: RefreshBody,
    reply: { status: 204 },
    handle: async ({ body }) => {
      await deps.signOut.run(body.refreshToken);
      return undefined;
    },
  }),
];

import type { CookieOptions, Request, RequestHandler, Response } from 'express';
import { DomainError } from '../../domain/shared/errors.ts';
import { ACCESS_TOKEN_SECONDS, type Session } from '../../domain/users/session.ts';

/** Browsers share cookies between the ports of a host: the names are ours alone. */
const ACCESS = 'crossborder_monitor';
const REFRESH = 'crossborder_monitor_refresh';
/** The refresh token goes nowhere else. */
const REFRESH_PATH = '/api/session';
/** Pages of other origins cannot send it without asking first, and nobody answers them. */
export const CSRF_HEADER = 'x-requested-with';
const CSRF_VALUE = 'crossborder-monitor';

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);

const kept = (req: Request, path: string): CookieOptions => ({
  path,
  httpOnly: true,
  sameSite: 'strict',
  secure: req.secure,
});

/** The session lives in two cookies that no script can read. */
export function keepSession(req: Request, res: Response, session: Session): void {
  res.setHeader('Cache-Control', 'no-store');
  res.cookie(ACCESS, session.accessToken, { ...kept(req, '/'), maxAge: ACCESS_TOKEN_SECONDS * 1000 });
  res.cookie(REFRESH, session.refreshToken, {
    ...kept(req, REFRESH_PATH),
    expires: session.refreshExpiresAt,
  });
}

export function dropSession(req: Request, res: Response): void {
  res.clearCookie(ACCESS, kept(req, '/'));
  res.clearCookie(REFRESH, kept(req, REFRESH_PATH));
}

export const refreshTokenOf = (req: Request): string | undefined => cookieOf(req, REFRESH);

/**
 * Lets the cookie stand for `Authorization: Bearer`. What changes something must then carry a header that other
 * origins cannot send, and may not come from one; a program with a bearer token needs neither.
 * @throws DomainError csrf_failed
 */
export const cookieSession: RequestHandler = (req, _res, next) => {
  if (req.headers.authorization === undefined) {
    if (!SAFE.has(req.method)) refuseForeign(req);
    const token = cookieOf(req, ACCESS);
    if (token !== undefined) req.headers.authorization = `Bearer ${token}`;
  }
  next();
};

function refuseForeign(req: Request): void {
  const origin = req.get('origin');
  const foreign = origin !== undefined && !(URL.canParse(origin) && new URL(origin).host === req.get('host'));
  if (foreign || req.get('sec-fetch-site') === 'cross-site' || req.get(CSRF_HEADER) !== CSRF_VALUE) {
    throw new DomainError(
      'csrf_failed',
      `this request does not come from the monitor's own page: send a bearer token, or the header X-Requested-With: ${CSRF_VALUE}`,
    );
  }
}

function cookieOf(req: Request, name: string): string | undefined {
  for (const part of (req.headers.cookie ?? '').split(';')) {
    const [key, value] = part.trim().split('=', 2);
    if (key === name && value) return value;
  }
  return undefined;
}

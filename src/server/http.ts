import compression from 'compression';
import cors from 'cors';
import express, {
  type ErrorRequestHandler,
  type Express,
  type Request,
  type Response,
  type Router,
} from 'express';
import helmet from 'helmet';
import { DomainError } from '../domain/shared/errors.ts';
import { hashToken } from '../domain/shared/ids.ts';
import { errorFacts, type Log } from '../domain/shared/log.ts';
import { Replay } from '../domain/shared/once.ts';
import { authenticate, type TokenVerifier } from './auth.ts';
import { accessLog } from './middleware/access-log.ts';
import { allowedHosts } from './middleware/allowed-hosts.ts';
import { bodyError, jsonBody } from './middleware/body.ts';
import { requestContext } from './middleware/request-context.ts';
import { internalProblem, type Problem, problemOf } from './problem.ts';
import type { RateLimiter } from './rate-limit.ts';
import { onceOf, parsePart, type Route } from './route.ts';

export interface HttpOptions {
  readonly log: Log;
  readonly verifier: TokenVerifier;
  readonly limiter: RateLimiter;
  /** The public address is one of HTTPS. */
  readonly https: boolean;
  readonly allowedHosts: readonly string[];
  readonly corsOrigins: readonly string[];
  /** Proxies whose X-Forwarded-For is believed; empty for none. */
  readonly trustedProxies: readonly string[];
  /** Answers of defects show the error. Never in production. */
  readonly debug?: boolean;
  /** Below /api/v1. */
  readonly routes: readonly Route[];
  /** Outside the API and before ALLOWED_HOSTS: probes. */
  readonly probes: Router;
  /** Outside the API: docs, console, media. */
  readonly pages: readonly Router[];
}

type ApiOptions = Pick<HttpOptions, 'verifier' | 'limiter' | 'corsOrigins' | 'routes'>;

/** The whole HTTP surface, not yet listening. */
export function createHttp(options: HttpOptions): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('query parser', 'simple');
  app.set('trust proxy', options.trustedProxies.length > 0 ? [...options.trustedProxies] : false);
  app.use(requestContext);
  app.use(accessLog(options.log));
  app.use(options.probes);
  app.use(allowedHosts(options.allowedHosts));
  // Over plain HTTP (a laptop, a LAN) a browser must not be told to come back by HTTPS only.
  const upgrade = options.https
    ? {}
    : { contentSecurityPolicy: { directives: { upgradeInsecureRequests: null } } };
  app.use(helmet({ ...upgrade, strictTransportSecurity: options.https }));
  app.use(compression());
  app.use('/api/v1', apiRouter(options));
  for (const page of options.pages) app.use(page);
  app.use(() => {
    throw new DomainError('not_found', 'there is nothing at this address; see /api/docs/');
  });
  app.use(errorHandler(options));
  return app;
}

/** A router of the routes, whatever it is mounted at. */
export function apiRouter(options: ApiOptions): Router {
  const router = express.Router({ caseSensitive: true });
  const exposed = ['X-Request-Id', 'X-Cart-Token', 'Idempotent-Replayed', 'Retry-After', 'Location'];
  if (options.corsOrigins.length > 0) {
    router.use(cors({ origin: [...options.corsOrigins], maxAge: 600, exposedHeaders: exposed }));
  }
  const methods = new Map<string, string[]>();
  for (const route of options.routes) {
    const path = route.path.replaceAll(/\{(\w+)\}/g, ':$1');
    methods.set(path, [...(methods.get(path) ?? []), route.method.toUpperCase()]);
    const before = route.body === undefined ? [] : [jsonBody(route.rawBody ?? false)];
    router[route.method](path, ...before, (req, res) => answer(options, route, req, res));
  }
  for (const [path, allowed] of methods) {
    router.all(path, (req, res) => {
      res.setHeader('Allow', allowed.join(', '));
      throw new DomainError(
        'method_not_allowed',
        `${req.method} is not possible here: use ${allowed.join(' or ')}`,
      );
    });
  }
  return router;
}

async function answer(options: ApiOptions, route: Route, req: Request, res: Response): Promise<void> {
  const { auth } = route;
  if (route.rateLimit !== undefined) await options.limiter.consume(route.rateLimit, req.ip ?? 'unknown');
  const actor = await authenticate(options.verifier, auth, req);
  const input = {
    params: route.params && parsePart('params', route.params, req.params),
    query: parseQuery(route, req),
    headers: route.headers && parsePart('headers', route.headers, req.headers),
    body: route.body && parsePart('body', route.body, req.body as unknown),
  };
  // A guest's tokens are secrets: keys are stored, so they name their hash.
  const scope =
    actor === undefined
      ? `anonymous:${hashToken(`${req.get('x-cart-token') ?? ''}${req.get('x-order-token') ?? ''}`)}`
      : `user:${actor.userId}`;
  const once = route.idempotent === true ? onceOf(route, req, scope, input) : () => undefined;
  try {
    const body = await route.handle({
      ...input,
      actor,
      once,
      req,
      res,
      rawBody: req.rawBody ?? Buffer.alloc(0),
    });
    send(res, route.reply.status, body);
  } catch (error) {
    if (!(error instanceof Replay)) throw error;
    res.setHeader('Idempotent-Replayed', 'true');
    send(res, error.reply.status, error.reply.body);
  }
}

/** A route without a query schema takes no query: a misspelt filter must not be silently ignored. */
function parseQuery(route: Route, req: Request): unknown {
  if (route.query !== undefined) return parsePart('query', route.query, req.query);
  const unknown = Object.keys(req.query);
  if (unknown.length === 0) return undefined;
  throw new DomainError('validation_failed', 'the query of the request is not valid', {
    issues: unknown.map((path) => ({ path, message: 'unknown field', code: 'unknown_field' })),
  });
}

function send(res: Response, status: number, body: unknown): void {
  if (res.headersSent) return;
  if (body === undefined) {
    res.status(status).end();
    return;
  }
  res.statusCode = status;
  // Only a replayed refusal comes here with such a status: everything else that fails is thrown.
  const type = status >= 400 ? 'application/problem+json' : 'application/json';
  res.setHeader('Content-Type', `${type}; charset=utf-8`);
  res.end(JSON.stringify(body));
}

/** Every error as a problem; defects say nothing of their inside. */
export function errorHandler({ log, debug }: Pick<HttpOptions, 'log' | 'debug'>): ErrorRequestHandler {
  return (error: unknown, req: Request, res: Response, next) => {
    const requestId = String(res.getHeader('x-request-id') ?? '');
    if (res.headersSent) {
      next(error);
      return;
    }
    const known = error instanceof DomainError ? error : (bodyError(error) ?? urlError(error));
    if (known === undefined || known.kind === 'configuration')
      log.error({ requestId, ...errorFacts(error) }, 'request failed');
    else if (known.kind === 'unavailable')
      log.warn(
        { requestId, code: known.code, ...errorFacts(known.cause ?? known) },
        'request could not be served',
      );
    const internal = { ...internalProblem(req.path, requestId), ...(debug && { facts: errorFacts(error) }) };
    const problem: Problem = known === undefined ? internal : problemOf(known, req.path, requestId);
    if (known?.retryAfter !== undefined) res.setHeader('Retry-After', Math.ceil(known.retryAfter));
    if (problem.status === 401) res.setHeader('WWW-Authenticate', 'Bearer realm="crossborder"');
    res.status(problem.status).type('application/problem+json').send(JSON.stringify(problem));
  };
}

/** Express cannot decode `%zz` in a path: that is the caller's fault, not ours. */
function urlError(error: unknown): DomainError | undefined {
  return error instanceof URIError
    ? new DomainError('validation_failed', 'the address is not validly encoded')
    : undefined;
}

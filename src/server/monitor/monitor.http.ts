import { createHash, timingSafeEqual } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import compression from 'compression';
import express, { type Express, type Request, type Router } from 'express';
import helmet from 'helmet';
import { DomainError } from '../../domain/shared/errors.ts';
import type { Log } from '../../domain/shared/log.ts';
import { authenticate, type TokenVerifier } from '../auth.ts';
import { apiRouter, errorHandler } from '../http.ts';
import { isFromThisMachine } from '../loopback.ts';
import { accessLog } from '../middleware/access-log.ts';
import { allowedHosts } from '../middleware/allowed-hosts.ts';
import { requestContext } from '../middleware/request-context.ts';
import type { RateLimiter } from '../rate-limit.ts';
import type { Route } from '../route.ts';
import { cookieSession } from './monitor-session.ts';

/** The page, as it is shipped: files of its own, which the browser runs as they are. */
const PAGE = fileURLToPath(new URL('../../../monitor/', import.meta.url));

export interface MonitorOptions {
  readonly log: Log;
  readonly verifier: TokenVerifier;
  readonly limiter: RateLimiter;
  readonly https: boolean;
  readonly debug: boolean;
  readonly allowedHosts: readonly string[];
  readonly trustedProxies: readonly string[];
  /** Below /api. */
  readonly routes: readonly Route[];
  readonly probes: Router;
  readonly metrics: () => Promise<string>;
  /** What a scraper sends as its bearer token; without one, only this machine and staff may scrape. */
  readonly metricsToken: string | undefined;
}

/** The monitor's whole HTTP surface, not yet listening. */
export function createMonitor(options: MonitorOptions): Express {
  const app = express();
  app.disable('x-powered-by');
  app.set('query parser', 'simple');
  app.set('trust proxy', options.trustedProxies.length > 0 ? [...options.trustedProxies] : false);
  app.use(requestContext);
  app.use(accessLog(options.log));
  app.use(options.probes);
  app.use(allowedHosts(options.allowedHosts));
  app.use(helmet({ contentSecurityPolicy: policy(options), strictTransportSecurity: options.https }));
  app.use(compression());
  app.get('/metrics', async (req, res) => {
    await mayScrape(options, req);
    res.setHeader('Cache-Control', 'no-store');
    res.type('text/plain; version=0.0.4').send(await options.metrics());
  });
  app.use('/api', cookieSession, (_req, res, next) => {
    res.setHeader('Cache-Control', 'no-store');
    next();
  });
  app.use('/api', apiRouter({ ...options, corsOrigins: [] }));
  app.use(express.static(PAGE, { index: 'index.html', redirect: false, maxAge: 0 }));
  app.use(() => {
    throw new DomainError('not_found', 'there is nothing at this address; the monitor is at /');
  });
  app.use(errorHandler(options));
  return app;
}

/** Everything from here, nothing inline, and in nobody's frame. */
const policy = ({ https }: Pick<MonitorOptions, 'https'>) => ({
  useDefaults: false,
  directives: {
    defaultSrc: ["'none'"],
    scriptSrc: ["'self'"],
    styleSrc: ["'self'"],
    imgSrc: ["'self'"],
    connectSrc: ["'self'"],
    formAction: ["'self'"],
    baseUri: ["'none'"],
    frameAncestors: ["'none'"],
    ...(https ? { upgradeInsecureRequests: [] } : {}),
  },
});

async function mayScrape({ verifier, metricsToken }: MonitorOptions, req: Request): Promise<void> {
  const given = /^Bearer (.+)$/i.exec(req.get('authorization') ?? '')?.[1];
  if (given === undefined && metricsToken === undefined && isFromThisMachine(req)) return;
  if (given !== undefined && metricsToken !== undefined && isSame(given, metricsToken)) return;
  await authenticate(verifier, 'staff', req);
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
/** In the same time, however much of it is right. */
const isSame = (a: string, b: string): boolean => timingSafeEqual(digest(a), digest(b));

import type { Express } from 'express';
import { catalogRoutes } from './app/catalog.ts';
import type { Core, Overrides } from './app/core.ts';
import { offerRoutes } from './app/offers.ts';
import { type Trade, wireTrade } from './app/trade.ts';
import { wireUsers } from './app/users.ts';
import type { OpenWork } from './app/work.ts';
import type { Config } from './config.ts';
import { checkHealth, type Dependency, type HealthReport } from './domain/health/health.ts';
import { systemClock } from './domain/shared/clock.ts';
import type { Log } from './domain/shared/log.ts';
import { CachedRateLimiter, type RateLimits } from './infra/cache/rate-limiter.ts';
import { connectRedis, type RedisClient, redisDependency } from './infra/cache/redis.ts';
import { RedisNews } from './infra/cache/redis-news.ts';
import { EVENT_LOG_SIGNAL, OUTBOX_SIGNAL } from './infra/db/eventstream/signals.ts';
import { SqlOutboxReadModel } from './infra/db/eventstream/sql-outbox.read-model.ts';
import { SqlWorkersReadModel } from './infra/db/jobs/sql-worker.store.ts';
import { type OpenConnections, openDatabase } from './infra/db/open-database.ts';
import { SqlDatabase } from './infra/db/sql-database.ts';
import { Metrics } from './infra/log/metrics.ts';
import { createLog } from './infra/log/pino-log.ts';
import type { TokenVerifier } from './server/auth.ts';
import type { Route } from './server/route.ts';
import { VERSION } from './version.ts';

/** By client address. */
const LIMITS: RateLimits = { 'sign-in': { points: 20, seconds: 60 }, write: { points: 120, seconds: 60 } };

export interface App extends Core {
  /** Every route below /api/v1. */
  readonly routes: readonly Route[];
  /** The HTTP surface, built when first asked for. */
  http(): Promise<Express>;
  health(): Promise<HealthReport>;
  /** Whether a superuser still has the shipped password. */
  hasDefaultSuperuser(): Promise<boolean>;
  /** What jobs do with orders and payments. */
  readonly trade: Trade;
  /** What the background roles work with, opened when first asked for. */
  work(): Promise<OpenWork>;
  /** Closes what createApp opened, in the opposite order. */
  close(): Promise<void>;
}

/** Wires the whole program over an existing, migrated database. Nothing runs or listens yet. */
export async function createApp(config: Config, overrides: Overrides = {}): Promise<App> {
  const log = overrides.log ?? createLog({ ...config.logging, fd: 1 });
  const clock = overrides.clock ?? systemClock;
  const connections = await openDatabase(config.database);
  const redis = config.redisUrl === undefined ? undefined : connectRedis(config.redisUrl, log);
  const db = new SqlDatabase(connections, { clock });
  const news = redis && spreadNews(redis, connections, { config, log });
  const metrics = new Metrics({ outbox: new SqlOutboxReadModel(connections.read), clock });
  const core: Core = { config, clock, log, connections, db, redis, news, metrics };
  const trade = wireTrade(core);
  const users = wireUsers(core, {
    mergeGuestCart: async (userId, token) => {
      await trade.mergeGuestCart.run(userId, token);
    },
  });
  const routes: Route[] = [...users.routes, ...catalogRoutes(core), ...offerRoutes(core), ...trade.routes];
  let opened: Promise<OpenWork> | undefined;
  const work = (): Promise<OpenWork> =>
    (opened ??= import('./app/work.ts').then(({ openWork }) => openWork(core, trade)));
  const dependencies: Dependency[] = [
    { name: 'database', needed: true, ping: () => connections.ping() },
    ...(redis === undefined ? [] : [redisDependency(redis)]),
    ...workDependencies(config, work),
  ];
  const health = (): Promise<HealthReport> => checkHealth(dependencies);
  return {
    ...core,
    routes,
    trade,
    work,
    health,
    hasDefaultSuperuser: () => users.users.hasDefaultSuperuser(),
    http: () =>
      buildHttp({ core, routes, health, verifier: users.verifier, limits: overrides.limits ?? LIMITS }),
    close: async () => {
      const working = await opened?.catch(() => undefined);
      await working?.close();
      news?.close();
      redis?.disconnect();
      await connections.close();
    },
  };
}

/** Commits that others wait for are told through Redis. */
function spreadNews(
  redis: RedisClient,
  connections: OpenConnections,
  { config, log }: { config: Config; log: Log },
): RedisNews {
  const { database } = config;
  const shop =
    database.kind === 'sqlite' ? database.path : `${database.host}:${database.port}/${database.name}`;
  const news = new RedisNews(redis, shop, log);
  for (const topic of [OUTBOX_SIGNAL, EVENT_LOG_SIGNAL]) connections.onSignal(topic, () => news.tell(topic));
  return news;
}

/** Orders are taken without them: events and jobs wait in the database. */
function workDependencies(config: Config, work: () => Promise<OpenWork>): Dependency[] {
  const used = (name: string, ping: (open: OpenWork) => Promise<void>): Dependency => ({
    name,
    needed: false,
    ping: async () => ping(await work()),
  });
  return [
    ...(config.kafka === undefined ? [] : [used('kafka', (open) => open.eventLog.ping())]),
    ...(config.mongoUrl === undefined ? [] : [used('mongodb', (open) => open.jobs.ping())]),
  ];
}

interface HttpParts {
  readonly core: Core;
  readonly routes: readonly Route[];
  readonly health: () => Promise<HealthReport>;
  readonly verifier: TokenVerifier;
  readonly limits: RateLimits;
}

async function buildHttp({ core, routes, health, verifier, limits }: HttpParts): Promise<Express> {
  const { config, clock, connections, log, redis } = core;
  const [{ createHttp }, { healthRouter }, { docsRouter }, { mediaRouter }, { openApiDocument }] =
    await Promise.all([
      import('./server/http.ts'),
      import('./server/health/health.router.ts'),
      import('./server/docs/docs.router.ts'),
      import('./server/media/media.router.ts'),
      import('./server/openapi.ts'),
    ]);
  let document: ReturnType<typeof openApiDocument> | undefined;
  return createHttp({
    log,
    debug: config.debug,
    verifier,
    limiter: new CachedRateLimiter(limits, redis),
    https: config.http.publicUrl.startsWith('https:'),
    allowedHosts: config.http.allowedHosts,
    corsOrigins: config.http.corsOrigins,
    trustedProxies: config.http.trustedProxies,
    routes,
    probes: healthRouter({
      check: health,
      workers: new SqlWorkersReadModel(connections.read, clock),
      version: VERSION,
    }),
    pages: [
      mediaRouter(config.mediaRoot),
      docsRouter(
        () => (document ??= openApiDocument(routes, { version: VERSION, publicUrl: config.http.publicUrl })),
      ),
    ],
  });
}

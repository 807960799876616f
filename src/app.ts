import type { Express } from 'express';
import { catalogRoutes } from './app/catalog.ts';
import type { OpenControl } from './app/control.ts';
import type { Core, Overrides } from './app/core.ts';
import { topicNamesOf } from './app/event-contracts.ts';
import { pricingRoutes, wireLandedCosts } from './app/landed-cost.ts';
import { offerRoutes } from './app/offers.ts';
import { type Trade, wireTrade } from './app/trade.ts';
import { type Users, wireUsers } from './app/users.ts';
import { wireWebhookRoutes } from './app/webhooks.ts';
import type { OpenWork } from './app/work.ts';
import type { Config } from './config.ts';
import { checkHealth, type Dependency, type HealthReport } from './domain/health/health.ts';
import { systemClock } from './domain/shared/clock.ts';
import type { Log } from './domain/shared/log.ts';
import { eventCatalog } from './domain/use-cases/event-catalog.ts';
import { CachedRateLimiter, type RateLimits } from './infra/cache/rate-limiter.ts';
import { connectRedis, type RedisClient, redisDependency } from './infra/cache/redis.ts';
import { RedisSignals } from './infra/cache/redis-signals.ts';
import { EVENT_LOG_SIGNAL, OUTBOX_SIGNAL } from './infra/db/eventstream/signals.ts';
import { SqlOutboxReadModel } from './infra/db/eventstream/sql-outbox.read-model.ts';
import { JOBS_SIGNAL, READY_JOBS_SIGNAL } from './infra/db/jobs/sql-job-queue.ts';
import { SqlWorkersReadModel, WORKERS_SIGNAL } from './infra/db/jobs/sql-worker.store.ts';
import { openDatabase } from './infra/db/open-database.ts';
import type { Connections } from './infra/db/sql.ts';
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
  /** Who may sign in, and who is signed in. */
  readonly accounts: Omit<Users, 'routes'>;
  readonly limiter: CachedRateLimiter;
  /** What the background roles work with, opened when first asked for. */
  work(): Promise<OpenWork>;
  /** What operators do with jobs, queues, schedules and workers, opened when first asked for. */
  control(): Promise<OpenControl>;
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
  const signals = redis && redisSignals(connections, redis, config, log);
  const metrics = new Metrics({ outbox: new SqlOutboxReadModel(connections.read), clock });
  const core: Core = {
    ...{ config, clock, log, connections, db, redis, metrics },
    signals: signals ?? connections,
  };
  const limiter = new CachedRateLimiter(overrides.limits ?? LIMITS, redis);
  const landedCosts = wireLandedCosts(core);
  const trade = wireTrade(core, landedCosts);
  const users = wireUsers(core, {
    mergeGuestCart: async (userId, token) => {
      await trade.mergeGuestCart.run(userId, token);
    },
  });
  const routes: Route[] = [
    ...users.routes,
    ...catalogRoutes(core),
    ...offerRoutes(core, landedCosts),
    ...pricingRoutes(core),
    ...wireWebhookRoutes(core),
    ...trade.routes,
  ];
  let opened: Promise<OpenWork> | undefined;
  const work = (): Promise<OpenWork> =>
    (opened ??= import('./app/work.ts').then(({ openWork }) => openWork(core, trade)));
  let controlled: Promise<OpenControl> | undefined;
  const control = (): Promise<OpenControl> =>
    (controlled ??= import('./app/control.ts').then(({ openControl }) => openControl(core)));
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
    accounts: users,
    limiter,
    work,
    control,
    health,
    hasDefaultSuperuser: () => users.users.hasDefaultSuperuser(),
    http: () => buildHttp({ core, routes, health, verifier: users.verifier, limiter }),
    close: async () => {
      const working = await opened?.catch(() => undefined);
      await working?.close();
      await (await controlled?.catch(() => undefined))?.close();
      signals?.close();
      redis?.disconnect();
      await connections.close();
    },
  };
}

/** Commits that other processes wait for are told through Redis. */
function redisSignals(
  connections: Connections,
  redis: RedisClient,
  { database }: Config,
  log: Log,
): RedisSignals {
  const scope = database.kind === 'sqlite' ? database.path : database.name;
  const signals = new RedisSignals(connections, redis, scope, log);
  signals.publish([JOBS_SIGNAL, READY_JOBS_SIGNAL, WORKERS_SIGNAL, OUTBOX_SIGNAL, EVENT_LOG_SIGNAL]);
  return signals;
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
  readonly limiter: CachedRateLimiter;
}

async function buildHttp({ core, routes, health, verifier, limiter }: HttpParts): Promise<Express> {
  const { config, clock, connections, log } = core;
  const [
    { createHttp },
    { healthRouter },
    { docsRouter },
    { eventSchemasRouter },
    { mediaRouter },
    { openApiDocument },
  ] = await Promise.all([
    import('./server/http.ts'),
    import('./server/health/health.router.ts'),
    import('./server/docs/docs.router.ts'),
    import('./server/docs/event-schemas.router.ts'),
    import('./server/media/media.router.ts'),
    import('./server/openapi.ts'),
  ]);
  let document: ReturnType<typeof openApiDocument> | undefined;
  return createHttp({
    log,
    debug: config.debug,
    verifier,
    limiter,
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
      eventSchemasRouter(eventCatalog, { version: VERSION, topicNames: topicNamesOf(config) }),
      docsRouter(
        () => (document ??= openApiDocument(routes, { version: VERSION, publicUrl: config.http.publicUrl })),
      ),
    ],
  });
}

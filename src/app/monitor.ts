import type { Express } from 'express';
import type { App } from '../app.ts';
import { unlessAway } from '../domain/shared/errors.ts';
import { ManageOutbox } from '../domain/use-cases/manage-outbox.ts';
import { SignInToMonitor } from '../domain/use-cases/sign-in-to-monitor.ts';
import { SqlOutboxReadModel } from '../infra/db/eventstream/sql-outbox.read-model.ts';
import { SqlWorkersReadModel } from '../infra/db/jobs/sql-worker.store.ts';
import { SqlAuditReadModel } from '../infra/db/sql-audit.read-model.ts';
import { inTime } from '../jobs/metrics.ts';
import { healthRouter } from '../server/health/health.router.ts';
import { listen } from '../server/listen.ts';
import { activityRoutes } from '../server/monitor/activity.routes.ts';
import { eventRoutes } from '../server/monitor/events.routes.ts';
import { jobRoutes } from '../server/monitor/jobs.routes.ts';
import { Live } from '../server/monitor/live.ts';
import { metricsText } from '../server/monitor/metrics.ts';
import { createMonitor } from '../server/monitor/monitor.http.ts';
import { outboxRoutes } from '../server/monitor/outbox.routes.ts';
import { type Overview, overviewOf } from '../server/monitor/overview.ts';
import { queueRoutes, workerRoutes } from '../server/monitor/processes.routes.ts';
import { scheduleRoutes } from '../server/monitor/schedules.routes.ts';
import { sessionRoutes } from '../server/monitor/session.routes.ts';
import type { Route } from '../server/route.ts';
import { VERSION } from '../version.ts';
import { deadLettersOf } from './dead-letters.ts';
import { type ServeOptions, type Serving, safeHost } from './serving.ts';

export interface Monitor {
  readonly http: Express;
  /** Below /api. */
  readonly routes: readonly Route[];
  /** Ends the streams of those who watch. */
  stop(): void;
}

/** Of how many jobs the run times are told. */
const TIMED_JOBS = 100;

/** Wires the monitor. Nothing listens yet. */
export async function wireMonitor(app: App): Promise<Monitor> {
  const { accounts, clock, config, connections, db, limiter, log } = app;
  const { jobs, queues, schedules, workers } = await app.control();
  const outbox = new SqlOutboxReadModel(connections.read);
  const look = (): Promise<Overview> =>
    overviewOf({ clock, version: VERSION, workers, queues, schedules, outbox, health: () => app.health() });
  const lag = async () => (await app.work()).lag();
  const live = new Live(look, log);
  const routes = [
    ...sessionRoutes({ ...accounts, signIn: new SignInToMonitor({ db, clock, ...accounts }) }),
    ...activityRoutes({
      look,
      live,
      audit: new SqlAuditReadModel(connections.read),
      verify: (token) => accounts.verifier.verify(token),
    }),
    ...workerRoutes(workers),
    ...queueRoutes(queues),
    ...jobRoutes(jobs),
    ...scheduleRoutes(schedules),
    ...eventRoutes({ ...deadLettersOf(app), lag }),
    ...outboxRoutes({ outbox, manage: new ManageOutbox({ db, outbox, clock }) }),
  ];
  const http = createMonitor({
    log,
    limiter,
    routes,
    verifier: accounts.verifier,
    https: config.http.publicUrl.startsWith('https:'),
    debug: config.debug,
    allowedHosts: config.http.allowedHosts,
    trustedProxies: config.http.trustedProxies,
    probes: healthRouter({
      check: () => app.health(),
      workers: new SqlWorkersReadModel(connections.read, clock),
      version: VERSION,
    }),
    metrics: async () => {
      const [view, finished, lags] = await Promise.all([
        look(),
        unlessAway(jobs.page({ state: 'succeeded' }, { limit: TIMED_JOBS })),
        inTime(lag, log),
      ]);
      return metricsText(view, finished?.items ?? [], lags ?? []);
    },
    metricsToken: config.metricsToken,
  });
  return { http, routes, stop: () => live.stop() };
}

/** How long requests in flight may take to finish, in milliseconds. */
const GRACE = 5000;

/** Listens on MONITOR_PORT, as `startServer` does for the API. */
export async function startMonitor(app: App, options: ServeOptions): Promise<Serving> {
  const host = await safeHost(app, options);
  const monitor = await wireMonitor(app);
  const listening = await listen(monitor.http, host, options.port ?? app.config.monitorPort, 'MONITOR_PORT');
  return {
    ...listening,
    stop: async () => {
      monitor.stop();
      await listening.close(GRACE);
    },
  };
}

import { join } from 'node:path';
import { type App, createApp } from '../app.ts';
import type { Config } from '../config.ts';
import { DomainError } from '../domain/shared/errors.ts';
import type { Log } from '../domain/shared/log.ts';
import { isEmptyShop } from '../infra/db/seed/is-empty-shop.ts';
import { startRelay } from '../jobs/relay.ts';
import { startScheduler } from '../jobs/scheduler.ts';
import { startWorker } from '../jobs/worker.ts';
import { VERSION } from '../version.ts';
import { describeDatabase, migrateDatabase } from './migrating.ts';
import { startMonitor } from './monitor.ts';
import { seedWithProgress } from './seed-progress.ts';
import { type Serving, startServer } from './serving.ts';
import { refuseShippedSuperuser } from './shipped-superuser.ts';
import { withMetrics } from './showing-metrics.ts';
import { createConfiguredSuperuser, nameOfSuperuser } from './superuser.ts';

export interface UpOptions {
  readonly host?: string | undefined;
  readonly port?: number | undefined;
  readonly monitorPort?: number | undefined;
  /** Fill an empty shop with the sample catalogue. */
  readonly seed: boolean;
  /** A person is watching: say what takes time. */
  readonly tell: (line: string) => void;
  /** Called when the data is there, before the first job may run: a long migration may block, a job may not. */
  readonly beforeRoles?: () => void;
  readonly log?: Log;
}

/** What is where. */
export interface Whereabouts {
  readonly version: string;
  readonly url: string;
  /** The dashboard. */
  readonly monitor: string;
  readonly database: string;
  /** Where e-mails go. */
  readonly mail: string;
  /** An active admin; none where none was wanted. */
  readonly superuser: { readonly username: string | null; readonly shippedPassword: boolean };
}

/** Everything, running. */
export interface Up {
  readonly where: Whereabouts;
  stop(): Promise<void>;
}

/**
 * Makes whatever is missing, then runs the API, the worker, the scheduler and the relay in this process. Started
 * again, it continues with the data.
 */
export async function bringUp(config: Config, options: UpOptions): Promise<Up> {
  const { ran } = await migrateDatabase(config);
  if (ran.length > 0) options.tell(`database: ${ran.length} migrations applied`);
  const app = await createApp(config, options.log === undefined ? {} : { log: options.log });
  const stops: (() => Promise<void>)[] = [() => app.close()];
  const stop = async (): Promise<void> => {
    for (const one of stops.splice(0).reverse()) await one();
  };
  try {
    await refuseShippedSuperuser(app);
    await fill(app, options);
    options.beforeRoles?.();
    for (const start of [startWorker, startScheduler, startRelay]) {
      const role = await start(app);
      stops.push(() => role.stop());
    }
    const monitor = await startMonitorSomewhere(app, options);
    stops.push(() => monitor.stop());
    // Last, so that whoever gets an answer finds everything there; stopped first.
    const serving = await startServer(app, { ...options, defaultHost: '127.0.0.1' });
    const shown = await withMetrics(app, serving);
    stops.push(() => shown.stop());
    const { smtpUrl } = config.mail;
    const where = {
      version: VERSION,
      url: serving.url,
      monitor: monitor.url,
      database: describeDatabase(config.database),
      mail: smtpUrl === undefined ? join(config.dataDir, 'mail') : 'by SMTP',
      superuser: {
        username: await nameOfSuperuser(app),
        shippedPassword: await app.hasDefaultSuperuser(),
      },
    };
    return { where, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** On a free port where another program has MONITOR_PORT, unless one was asked for: `up` shall come up. */
async function startMonitorSomewhere(app: App, { host, monitorPort, tell }: UpOptions): Promise<Serving> {
  const where = { host, defaultHost: '127.0.0.1' };
  try {
    return await startMonitor(app, { ...where, port: monitorPort });
  } catch (error) {
    if (monitorPort !== undefined || !(error instanceof DomainError) || error.code !== 'unavailable')
      throw error;
    tell(`monitor: ${error.message}; taking a free port`);
    return startMonitor(app, { ...where, port: 0 });
  }
}

async function fill(app: App, { seed, tell }: UpOptions): Promise<void> {
  if (app.config.superuser.create) {
    const { created } = await createConfiguredSuperuser(app);
    if (created) tell(`superuser: ${app.config.superuser.username} created`);
  }
  if (!seed || !(await isEmptyShop(app.connections.read))) return;
  tell('catalogue: empty, loading the sample');
  const { products, variants } = await seedWithProgress(app, { size: 'small', seed: 1 }, true);
  tell(`catalogue: ${products} products with ${variants} variants`);
}

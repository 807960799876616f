import type { App } from '../app.ts';
import { DomainError } from '../domain/shared/errors.ts';
import { type Listening, listen } from '../server/listen.ts';
import { isLoopback } from '../server/loopback.ts';

export interface ServeOptions {
  readonly host?: string | undefined;
  readonly port?: number | undefined;
  /** Where the role listens when nobody said. */
  readonly defaultHost: string;
}

export interface Serving extends Listening {
  stop(): Promise<void>;
}

/** How long requests in flight may take to finish, in milliseconds. */
const GRACE = 10_000;

/**
 * Where to listen: not where a console with a published password would be shown to the network.
 * @throws DomainError configuration
 */
export async function safeHost(
  app: Pick<App, 'config' | 'log' | 'hasDefaultSuperuser'>,
  options: ServeOptions,
): Promise<string> {
  const wanted = options.host ?? app.config.http.host;
  const shippedPassword = await app.hasDefaultSuperuser();
  if (shippedPassword && wanted !== undefined && !isLoopback(wanted)) {
    throw new DomainError(
      'configuration',
      'the superuser still has the shipped password, so nothing listens beyond this machine: change it by POST /api/v1/users/me/password on this machine, or set HOST=127.0.0.1',
    );
  }
  const host = wanted ?? (shippedPassword ? '127.0.0.1' : options.defaultHost);
  if (shippedPassword) {
    app.log.warn(
      { host },
      'the superuser still has the shipped password: change it; until then only this machine is served',
    );
  }
  return host;
}

export async function startServer(app: App, options: ServeOptions): Promise<Serving> {
  const host = await safeHost(app, options);
  const listening = await listen(await app.http(), host, options.port ?? app.config.http.port);
  return { ...listening, stop: () => listening.close(GRACE) };
}

/** The background roles beside a server, stopped after it: where JOBS_EAGER wants no other process. */
export async function withBackground(app: App, serving: Stoppable): Promise<Stoppable> {
  const [{ startWorker }, { startScheduler }, { startRelay }] = await Promise.all([
    import('../jobs/worker.ts'),
    import('../jobs/scheduler.ts'),
    import('../jobs/relay.ts'),
  ]);
  return inOrder([serving], [startWorker, startScheduler, startRelay], app);
}

interface Stoppable {
  stop(): Promise<void>;
}

/** Starts more roles beside those that run. They stop in the order of their start, also when one cannot start. */
export async function inOrder(
  running: readonly Stoppable[],
  more: readonly ((app: App) => Promise<Stoppable>)[],
  app: App,
): Promise<Stoppable> {
  const roles = [...running];
  const stop = async (): Promise<void> => {
    for (const role of roles.splice(0)) await role.stop();
  };
  try {
    for (const start of more) roles.push(await start(app));
  } catch (error) {
    await stop();
    throw error;
  }
  return { stop };
}

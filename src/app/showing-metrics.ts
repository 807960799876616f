import type { App } from '../app.ts';
import type { Config } from '../config.ts';

interface Running {
  stop(): Promise<void>;
}

const GRACE = 1000;

/** The role, with its metrics beside it where METRICS_PORT wants them. */
export async function withMetrics<R extends Running>(app: App, role: R): Promise<Running> {
  const { metricsPort, http }: Config = app.config;
  if (metricsPort === undefined) return role;
  const { serveMetrics } = await import('../server/metrics.server.ts');
  try {
    const at = { host: http.host ?? '127.0.0.1', port: metricsPort };
    const shown = await serveMetrics(() => app.metrics.text(), at);
    app.log.info({ url: `${shown.url}/metrics` }, 'showing metrics');
    return {
      stop: async () => {
        await role.stop();
        await shown.close(GRACE);
      },
    };
  } catch (error) {
    await role.stop();
    throw error;
  }
}

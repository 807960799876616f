import { Router } from 'express';
import type { HealthReport, WorkersReadModel } from '../../domain/health/health.ts';

export interface HealthDeps {
  /** Asks each dependency; never throws. */
  readonly check: () => Promise<HealthReport>;
  readonly workers: WorkersReadModel;
  readonly version: string;
}

/** Probes: alive, ready (each dependency), and whether a worker has been seen lately. */
export function healthRouter({ check, workers, version }: HealthDeps): Router {
  const router = Router();
  router.get(['/healthz', '/healthz/'], (_req, res) => {
    res.json({ status: 'ok', version });
  });
  router.get(['/healthz/ready', '/healthz/ready/'], async (_req, res) => {
    const report = await check();
    res
      .status(report.ready ? 200 : 503)
      .json({ status: report.ready ? 'ok' : 'unavailable', checks: report.checks });
  });
  const worker = async (): Promise<{ status: number; body: object }> => {
    const alive = await workers.alive().catch(() => []);
    return {
      status: alive.length > 0 ? 200 : 503,
      body: { status: alive.length > 0 ? 'ok' : 'unavailable', workers: alive },
    };
  };
  router.get(
    ['/healthz/worker', '/healthz/worker/', '/healthz/celery', '/healthz/celery/'],
    async (_req, res) => {
      const { status, body } = await worker();
      res.status(status).json(body);
    },
  );
  return router;
}

import { z } from 'zod';
import type { OutboxReadModel } from '../../domain/eventstream/outbox.store.ts';
import type { HealthReport } from '../../domain/health/health.ts';
import type { Clock } from '../../domain/shared/clock.ts';
import type { ManageQueues } from '../../domain/use-cases/manage-queues.ts';
import type { ManageSchedules } from '../../domain/use-cases/manage-schedules.ts';
import type { ManageWorkers } from '../../domain/use-cases/manage-workers.ts';
import { iso } from './jobs.schema.ts';
import { presentQueue, presentWorker, QueueView, WorkerView } from './processes.schema.ts';

export const OverviewView = z
  .object({
    at: z.iso.datetime(),
    version: z.string(),
    checks: z.array(
      z.object({
        name: z.string(),
        status: z.enum(['ok', 'failed']),
        ms: z.number(),
        reason: z.string().nullable(),
      }),
    ),
    jobStore: z
      .enum(['ok', 'unavailable'])
      .meta({ description: 'unavailable: what runs and waits is not known; all the rest is' }),
    workers: z.array(WorkerView),
    queues: z.array(QueueView),
    outbox: z.object({ pending: z.int(), dead: z.int(), oldestPendingAt: z.iso.datetime().nullable() }),
    schedules: z.object({
      enabled: z.int(),
      total: z.int(),
      nextRunAt: z.iso.datetime().nullable(),
      lagSeconds: z.number().meta({ description: 'by how much the most overdue tick is late' }),
    }),
  })
  .meta({ id: 'Overview' });

export type Overview = z.input<typeof OverviewView>;

export interface OverviewDeps {
  readonly clock: Clock;
  readonly version: string;
  readonly workers: Pick<ManageWorkers, 'list'>;
  readonly queues: Pick<ManageQueues, 'list'>;
  readonly schedules: Pick<ManageSchedules, 'list'>;
  readonly outbox: Pick<OutboxReadModel, 'summary'>;
  readonly health: () => Promise<HealthReport>;
}

/** Everything at one moment: what the first page shows, what goes to its viewers, and what the metrics are made of. */
export async function overviewOf(deps: OverviewDeps): Promise<Overview> {
  const now = deps.clock.now();
  const [workers, queues, schedules, outbox, { checks }] = await Promise.all([
    deps.workers.list(),
    deps.queues.list(),
    deps.schedules.list(),
    deps.outbox.summary(),
    deps.health(),
  ]);
  const known = queues.every((q) => q.ready !== undefined) && workers.every((w) => w.jobs !== undefined);
  const enabled = schedules.filter((s) => s.enabled);
  const next = enabled.map((s) => s.nextRunAt.getTime()).sort((a, b) => a - b)[0];
  return {
    at: now.toISOString(),
    version: deps.version,
    checks: checks.map(({ name, status, ms, reason }) => ({ name, status, ms, reason: reason ?? null })),
    jobStore: known ? 'ok' : 'unavailable',
    workers: workers.map(presentWorker),
    queues: queues.map(presentQueue),
    outbox: { pending: outbox.pending, dead: outbox.dead, oldestPendingAt: iso(outbox.oldestPendingAt) },
    schedules: {
      enabled: enabled.length,
      total: schedules.length,
      nextRunAt: iso(next === undefined ? undefined : new Date(next)),
      lagSeconds: next === undefined ? 0 : Math.max(0, (now.getTime() - next) / 1000),
    },
  };
}

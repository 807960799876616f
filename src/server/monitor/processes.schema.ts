import { z } from 'zod';
import type { QueueView as Queue } from '../../domain/use-cases/manage-queues.ts';
import type { WorkerState } from '../../domain/use-cases/manage-workers.ts';
import { iso } from './jobs.schema.ts';

/** Without its arguments: this goes to everybody who watches, every two seconds. */
const RunningJobView = z
  .object({ id: z.string(), name: z.string(), queue: z.string(), startedAt: z.iso.datetime().nullable() })
  .meta({ id: 'RunningJob' });

export const WorkerView = z
  .object({
    id: z.string(),
    role: z.enum(['worker', 'scheduler', 'relay']),
    host: z.string(),
    pid: z.int(),
    version: z.string(),
    queues: z.array(z.string()),
    concurrency: z.int(),
    startedAt: z.iso.datetime(),
    seenAt: z.iso.datetime(),
    alive: z.boolean(),
    load: z.object({
      running: z.int(),
      processed: z.int(),
      cpuPercent: z.number(),
      memoryMegabytes: z.number(),
      stopping: z.boolean(),
    }),
    jobs: z.array(RunningJobView).nullable().meta({ description: 'null while the job store is away' }),
  })
  .meta({ id: 'Worker' });

const count = z.int().nullable().meta({ description: 'null while the job store is away' });

export const QueueView = z
  .object({
    queue: z.string(),
    name: z.string(),
    paused: z.boolean(),
    priority: z.int(),
    concurrency: z.int().nullable(),
    rateLimit: z.object({ jobs: z.int(), seconds: z.int() }).nullable(),
    ready: count,
    scheduled: count,
    retrying: count,
    running: count,
    dead: count,
    succeededLastMinute: count,
    failedLastMinute: count,
    oldestReadyAt: z.iso.datetime().nullable(),
  })
  .meta({ id: 'Queue' });

export const presentWorker = (worker: WorkerState): z.input<typeof WorkerView> => ({
  id: worker.id,
  role: worker.role,
  host: worker.host,
  pid: worker.pid,
  version: worker.version,
  queues: [...worker.queues],
  concurrency: worker.concurrency,
  startedAt: worker.startedAt.toISOString(),
  seenAt: worker.seenAt.toISOString(),
  alive: worker.alive,
  load: { ...worker.load },
  jobs:
    worker.jobs?.map(({ id, name, queue, startedAt }) => ({ id, name, queue, startedAt: iso(startedAt) })) ??
    null,
});

export const presentQueue = (queue: Queue): z.input<typeof QueueView> => ({
  queue: queue.queue,
  name: queue.name,
  paused: queue.paused,
  priority: queue.priority,
  concurrency: queue.concurrency ?? null,
  rateLimit: queue.rateLimit ? { ...queue.rateLimit } : null,
  ready: queue.ready ?? null,
  scheduled: queue.scheduled ?? null,
  retrying: queue.retrying ?? null,
  running: queue.running ?? null,
  dead: queue.dead ?? null,
  succeededLastMinute: queue.succeededLastMinute ?? null,
  failedLastMinute: queue.failedLastMinute ?? null,
  oldestReadyAt: iso(queue.oldestReadyAt),
});

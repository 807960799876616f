import { z } from 'zod';
import type { ManageQueues } from '../../domain/use-cases/manage-queues.ts';
import type { ManageWorkers } from '../../domain/use-cases/manage-workers.ts';
import { type Route, route } from '../route.ts';
import { presentQueue, presentWorker, QueueView, WorkerView } from './processes.schema.ts';

const ById = z.strictObject({ id: z.string().min(1).max(64) });
const ByName = z.strictObject({ name: z.string().min(1).max(120) });

const ConcurrencyBody = z.strictObject({ concurrency: z.int() });
const QueueBody = z
  .strictObject({
    paused: z.boolean().exactOptional(),
    priority: z.int().exactOptional(),
    concurrency: z.int().nullable().exactOptional(),
    rateLimit: z.strictObject({ jobs: z.int(), seconds: z.int() }).nullable().exactOptional(),
  })
  .refine((body) => Object.keys(body).length > 0, 'give at least one field to change');

export const workerRoutes = (workers: ManageWorkers): Route[] => [
  route({
    method: 'get',
    path: '/workers',
    summary: 'Every process with its queues, load, version, heartbeat and what it runs',
    tags: ['workers'],
    auth: 'staff',
    reply: { status: 200, schema: z.object({ items: z.array(WorkerView) }) },
    handle: async () => ({ items: (await workers.list()).map(presentWorker) }),
  }),
  route({
    method: 'post',
    path: '/workers/{id}/concurrency',
    summary: 'Let a worker run more or fewer jobs at a time',
    tags: ['workers'],
    auth: 'admin',
    params: ById,
    body: ConcurrencyBody,
    reply: { status: 204 },
    errors: ['forbidden', 'conflict'],
    handle: async ({ actor, params, body }) => {
      await workers.setConcurrency(actor, params.id, body.concurrency);
      return undefined;
    },
  }),
  route({
    method: 'post',
    path: '/workers/{id}/shut-down',
    summary: 'Tell a worker to finish what it has and to end',
    tags: ['workers'],
    auth: 'admin',
    params: ById,
    reply: { status: 204 },
    errors: ['forbidden', 'conflict'],
    handle: async ({ actor, params }) => {
      await workers.shutDown(actor, params.id);
      return undefined;
    },
  }),
];

export const queueRoutes = (queues: ManageQueues): Route[] => [
  route({
    method: 'get',
    path: '/queues',
    summary: 'Every queue with what waits, runs and failed, and how fast it moves',
    tags: ['queues'],
    auth: 'staff',
    reply: { status: 200, schema: z.object({ items: z.array(QueueView) }) },
    handle: async () => ({ items: (await queues.list()).map(presentQueue) }),
  }),
  route({
    method: 'patch',
    path: '/queues/{name}',
    summary: 'Pause or resume a queue, or set its priority and limits; null takes a limit away',
    tags: ['queues'],
    auth: 'admin',
    params: ByName,
    body: QueueBody,
    reply: { status: 204 },
    errors: ['forbidden'],
    handle: async ({ actor, params, body }) => {
      await queues.set(actor, params.name, body);
      return undefined;
    },
  }),
];

import { z } from 'zod';
import type { ManageJobs } from '../../domain/use-cases/manage-jobs.ts';
import { type Route, route } from '../route.ts';
import {
  ChangedJobsView,
  EnqueueBody,
  EnqueuedView,
  JobActionBody,
  JobDetailView,
  JobListParams,
  JobPageView,
  jobIdField,
  presentJob,
  presentJobDetail,
} from './jobs.schema.ts';

const tags = ['jobs'];

export const jobRoutes = (jobs: ManageJobs): Route[] => [
  route({
    method: 'get',
    path: '/jobs',
    summary: 'Jobs, newest first, by state, queue, name or text',
    tags,
    auth: 'staff',
    query: JobListParams,
    reply: { status: 200, schema: JobPageView },
    errors: ['invalid_cursor', 'forbidden'],
    handle: async ({ query: { limit, cursor, ...filter } }) => {
      const page = await jobs.page(filter, { limit, ...(cursor === undefined ? {} : { cursor }) });
      return { ...page, items: page.items.map(presentJob) };
    },
  }),
  route({
    method: 'get',
    path: '/jobs/{id}',
    summary: 'One job with its result and the tries that are kept',
    tags,
    auth: 'staff',
    params: z.strictObject({ id: jobIdField }),
    reply: { status: 200, schema: JobDetailView },
    errors: ['forbidden'],
    handle: async ({ params }) => presentJobDetail(await jobs.get(params.id)),
  }),
  route({
    method: 'post',
    path: '/jobs',
    summary: 'Enqueue a job by its name',
    description:
      'Found by its unique key, which is answered. A name that no job has is 404, and names those there are.',
    tags,
    auth: 'admin',
    body: EnqueueBody,
    reply: { status: 202, schema: EnqueuedView },
    errors: ['forbidden', 'not_found'],
    handle: ({ actor, body: { name, data = {}, key } }) => jobs.enqueue(actor, name, data, key),
  }),
  route({
    method: 'post',
    path: '/jobs/actions',
    summary: 'Retry, cancel, delete or run now, up to 1,000 jobs at once',
    description: 'Each job by itself: those whose state does not allow it are named in `unchanged`.',
    tags,
    auth: 'admin',
    body: JobActionBody,
    reply: { status: 200, schema: ChangedJobsView },
    errors: ['forbidden'],
    handle: async ({ actor, body }) => {
      const { changed, unchanged } = await jobs.change(actor, body.action, body.ids);
      return { changed: [...changed], unchanged: [...unchanged] };
    },
  }),
];

import { z } from 'zod';
import { MISSED_POLICIES, type ScheduleRun } from '../../domain/jobs/schedule.store.ts';
import type { ManageSchedules, ScheduleView as View } from '../../domain/use-cases/manage-schedules.ts';
import { pageParams, pageView } from '../fields.ts';
import { type Route, route } from '../route.ts';
import { iso } from './jobs.schema.ts';

const tags = ['schedules'];
const ByName = z.strictObject({ name: z.string().min(1).max(60) });
const instant = z.iso.datetime().nullable();

const timing = { cron: z.string(), timezone: z.string(), missed: z.enum(MISSED_POLICIES), data: z.unknown() };

const ScheduleView = z
  .object({
    name: z.string(),
    job: z.string(),
    ...timing,
    enabled: z.boolean(),
    nextRunAt: z.iso.datetime(),
    lastRunAt: instant,
    changed: z.boolean().meta({ description: 'differs from what the program declares' }),
    declared: z.object(timing).nullable(),
  })
  .meta({ id: 'Schedule' });

const EditBody = z
  .strictObject({
    cron: z.string().trim().min(1).max(120).exactOptional(),
    timezone: z.string().min(1).max(60).exactOptional(),
    missed: z.enum(MISSED_POLICIES).exactOptional(),
    data: z.record(z.string(), z.unknown()).exactOptional(),
    enabled: z.boolean().exactOptional(),
  })
  .refine((body) => Object.keys(body).length > 0, 'give at least one field to change');

const RunView = z.object({
  id: z.string(),
  schedule: z.string(),
  tickAt: z.iso.datetime(),
  firedAt: z.iso.datetime(),
  outcome: z.enum(['fired', 'late', 'skipped', 'manual']),
  jobKey: z.string().nullable(),
});

export const scheduleRoutes = (schedules: ManageSchedules): Route[] => [
  route({
    method: 'get',
    path: '/schedules',
    summary: 'Every schedule, as it is and as the program declares it',
    tags,
    auth: 'staff',
    reply: { status: 200, schema: z.object({ items: z.array(ScheduleView) }) },
    handle: async () => ({ items: (await schedules.list()).map(presentSchedule) }),
  }),
  route({
    method: 'get',
    path: '/schedules/{name}/runs',
    summary: 'What became of its ticks, newest first',
    tags,
    auth: 'staff',
    params: ByName,
    query: z.strictObject(pageParams),
    reply: { status: 200, schema: pageView(RunView) },
    errors: ['invalid_cursor'],
    handle: async ({ params, query: { limit, cursor } }) => {
      const page = await schedules.history(params.name, {
        limit,
        ...(cursor === undefined ? {} : { cursor }),
      });
      return { ...page, items: page.items.map(presentRun) };
    },
  }),
  ...scheduleActions(schedules),
];

const scheduleActions = (schedules: ManageSchedules): Route[] => [
  route({
    method: 'patch',
    path: '/schedules/{name}',
    summary: 'Change when it runs, with what, and whether',
    tags,
    auth: 'admin',
    params: ByName,
    body: EditBody,
    reply: { status: 200, schema: ScheduleView },
    errors: ['forbidden', 'conflict'],
    handle: async ({ actor, params, body }) =>
      presentSchedule(await schedules.edit(actor, params.name, body)),
  }),
  route({
    method: 'post',
    path: '/schedules/{name}/restore',
    summary: 'Back to what the program declares',
    tags,
    auth: 'admin',
    params: ByName,
    reply: { status: 200, schema: ScheduleView },
    errors: ['forbidden', 'conflict'],
    handle: async ({ actor, params }) => presentSchedule(await schedules.restore(actor, params.name)),
  }),
  route({
    method: 'post',
    path: '/schedules/{name}/run',
    summary: 'Run it once now, beside its ticks',
    tags,
    auth: 'admin',
    params: ByName,
    reply: { status: 202, schema: z.object({ jobKey: z.string() }) },
    errors: ['forbidden', 'conflict'],
    handle: ({ actor, params }) => schedules.runNow(actor, params.name),
  }),
];

export const presentSchedule = (s: View): z.input<typeof ScheduleView> => ({
  name: s.name,
  job: s.job,
  cron: s.cron,
  timezone: s.timezone,
  missed: s.missed,
  data: s.data,
  enabled: s.enabled,
  nextRunAt: s.nextRunAt.toISOString(),
  lastRunAt: iso(s.lastRunAt),
  changed: s.changed,
  declared:
    s.declared === undefined
      ? null
      : {
          cron: s.declared.cron,
          timezone: s.declared.timezone,
          missed: s.declared.missed,
          data: s.declared.data,
        },
});

const presentRun = (run: ScheduleRun): z.input<typeof RunView> => ({
  id: run.id,
  schedule: run.schedule,
  tickAt: run.tickAt.toISOString(),
  firedAt: run.firedAt.toISOString(),
  outcome: run.outcome,
  jobKey: run.jobKey ?? null,
});

import { z } from 'zod';
import type { AuditReadModel } from '../../domain/audit/audit.ts';
import { pageParams, pageView } from '../fields.ts';
import { type Route, route } from '../route.ts';
import type { Live } from './live.ts';
import { type Overview, OverviewView } from './overview.ts';

const OUTCOMES = ['succeeded', 'failed', 'asked'] as const;

const AuditView = z.object({
  id: z.string(),
  at: z.iso.datetime(),
  actor: z.string(),
  action: z.string(),
  subject: z.string(),
  outcome: z.enum(OUTCOMES).meta({ description: '`asked`: what became of it is a later entry' }),
  details: z.unknown(),
});

interface Deps {
  readonly look: () => Promise<Overview>;
  readonly live: Live;
  readonly audit: AuditReadModel;
  /** Whether a token is still one of a session that lives. */
  readonly verify: (token: string) => Promise<unknown>;
}

export const activityRoutes = ({ look, live, audit, verify }: Deps): Route[] => [
  route({
    method: 'get',
    path: '/overview',
    summary: 'Processes, queues, outbox, schedules and health at this moment',
    tags: ['overview'],
    auth: 'staff',
    reply: { status: 200, schema: OverviewView },
    handle: look,
  }),
  route({
    method: 'get',
    path: '/stream',
    summary: 'The overview every two seconds, as server-sent events',
    description: 'It ends with the access token: go on with a new one.',
    tags: ['overview'],
    auth: 'staff',
    reply: { status: 200 },
    handle: async ({ req, res }) => {
      const token = (req.get('authorization') ?? '').slice('Bearer '.length);
      await live.watch(res, () => verify(token));
      return undefined;
    },
  }),
  route({
    method: 'get',
    path: '/audit',
    summary: 'Who did what, newest first',
    tags: ['audit'],
    auth: 'staff',
    query: z.strictObject(pageParams),
    reply: { status: 200, schema: pageView(AuditView) },
    errors: ['invalid_cursor'],
    handle: async ({ query: { limit, cursor } }) => {
      const page = await audit.page({ limit, ...(cursor === undefined ? {} : { cursor }) });
      const items = page.items.map(({ at, details, ...rest }) => ({
        ...rest,
        at: at.toISOString(),
        // What changes the database is on record with its change, or not at all.
        outcome: OUTCOMES.find((outcome) => outcome === details?.outcome) ?? 'succeeded',
        details: details ?? null,
      }));
      return { ...page, items };
    },
  }),
];

import { z } from 'zod';
import {
  OUTBOX_STATUSES,
  type OutboxItem,
  type OutboxReadModel,
} from '../../domain/eventstream/outbox.store.ts';
import { notFound } from '../../domain/shared/errors.ts';
import { TOPICS } from '../../domain/shared/event.ts';
import type { ManageOutbox } from '../../domain/use-cases/manage-outbox.ts';
import { idField, pageParams, pageView, plainText } from '../fields.ts';
import { type Route, route } from '../route.ts';

const tags = ['outbox'];
const ById = z.strictObject({ id: idField });

const OutboxParams = z.strictObject({
  ...pageParams,
  status: z.enum(OUTBOX_STATUSES).exactOptional(),
  aggregateId: idField.exactOptional(),
});

export const OutboxItemView = z
  .object({
    id: z.string(),
    type: z.string(),
    topic: z.enum(TOPICS),
    aggregateType: z.string(),
    aggregateId: z.string(),
    sequence: z.int(),
    status: z.enum(OUTBOX_STATUSES),
    attempts: z.int().meta({ description: 'refusals so far' }),
    occurredAt: z.iso.datetime(),
    availableAt: z.iso.datetime().meta({ description: 'when it is tried next, or was skipped' }),
    sentAt: z.iso.datetime().nullable(),
    lastError: z.string().nullable(),
  })
  .meta({ id: 'OutboxItem' });

const OutboxDetailView = OutboxItemView.extend({
  correlationId: z.string().nullable(),
  blockedBy: z
    .string()
    .nullable()
    .meta({ description: 'the older event of its aggregate that keeps it back' }),
  payload: z.unknown(),
}).meta({ id: 'OutboxDetail' });

const ReasonBody = z.strictObject({ reason: plainText(200) });

interface Deps {
  readonly outbox: OutboxReadModel;
  readonly manage: ManageOutbox;
}

export const outboxRoutes = ({ outbox, manage }: Deps): Route[] => [
  route({
    method: 'get',
    path: '/outbox',
    summary: 'Events of the outbox, newest first',
    tags,
    auth: 'staff',
    query: OutboxParams,
    reply: { status: 200, schema: pageView(OutboxItemView) },
    errors: ['invalid_cursor'],
    handle: async ({ query: { limit, cursor, ...filter } }) => {
      const page = await outbox.list(filter, { limit, ...(cursor === undefined ? {} : { cursor }) });
      return { ...page, items: page.items.map(presentItem) };
    },
  }),
  route({
    method: 'get',
    path: '/outbox/{id}',
    summary: 'One of them, with its payload and what keeps it back',
    tags,
    auth: 'staff',
    params: ById,
    reply: { status: 200, schema: OutboxDetailView },
    handle: async ({ params }) => {
      const found = await outbox.find(params.id);
      if (found === undefined) throw notFound(`event ${params.id}`);
      const { correlationId, blockedBy, payload } = found;
      return {
        ...presentItem(found),
        correlationId: correlationId ?? null,
        blockedBy: blockedBy ?? null,
        payload,
      };
    },
  }),
  ...outboxActions(manage),
];

const outboxActions = (manage: ManageOutbox): Route[] => [
  route({
    method: 'post',
    path: '/outbox/{id}/replay',
    summary: 'Publish a refused event again, with all its attempts',
    tags,
    auth: 'admin',
    params: ById,
    reply: { status: 204 },
    errors: ['forbidden', 'conflict'],
    handle: async ({ actor, params }) => {
      await manage.replay(actor, params.id);
      return undefined;
    },
  }),
  route({
    method: 'post',
    path: '/outbox/{id}/skip',
    summary: 'Give a refused event up: the later ones of its aggregate go on without it',
    tags,
    auth: 'admin',
    params: ById,
    body: ReasonBody,
    reply: { status: 204 },
    errors: ['forbidden', 'conflict'],
    handle: async ({ actor, params, body }) => {
      await manage.skip(actor, params.id, body.reason);
      return undefined;
    },
  }),
];

const presentItem = (item: OutboxItem): z.input<typeof OutboxItemView> => ({
  id: item.id,
  type: item.type,
  topic: item.topic,
  aggregateType: item.aggregateType,
  aggregateId: item.aggregateId,
  sequence: item.sequence,
  status: item.status,
  attempts: item.attempts,
  occurredAt: item.occurredAt.toISOString(),
  availableAt: item.availableAt.toISOString(),
  sentAt: item.sentAt?.toISOString() ?? null,
  lastError: item.lastError ?? null,
});

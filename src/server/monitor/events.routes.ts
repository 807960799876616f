import { z } from 'zod';
import {
  DEAD_LETTER_STATUSES,
  type DeadLetter,
  type DeadLetterReadModel,
} from '../../domain/eventstream/dead-letter.ts';
import type { ConsumerLag } from '../../domain/eventstream/event-log.ts';
import { notFound } from '../../domain/shared/errors.ts';
import { TOPICS } from '../../domain/shared/event.ts';
import type { ManageDeadLetters } from '../../domain/use-cases/manage-dead-letters.ts';
import { idField, pageParams, pageView, plainText } from '../fields.ts';
import { type Route, route } from '../route.ts';

const tags = ['events'];
const ById = z.strictObject({ id: idField });

const LagView = z
  .object({
    group: z.string(),
    topic: z.enum(TOPICS),
    partition: z.int(),
    position: z.int(),
    end: z.int(),
    lag: z.int().meta({ description: 'messages that the group has still to handle' }),
  })
  .meta({ id: 'ConsumerLag' });

const LetterParams = z.strictObject({
  ...pageParams,
  group: z.string().min(1).max(60).exactOptional(),
  status: z.enum(DEAD_LETTER_STATUSES).exactOptional(),
});

const LetterView = z
  .object({
    id: z.string(),
    group: z.string(),
    topic: z.string(),
    partition: z.int(),
    position: z.string(),
    eventId: z.string().nullable(),
    eventType: z.string().nullable(),
    status: z.enum(DEAD_LETTER_STATUSES),
    cause: z.string(),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: 'DeadLetter' });

const LetterDetailView = LetterView.extend({
  key: z.string().nullable(),
  headers: z.record(z.string(), z.string()),
  value: z.string().meta({ description: 'the message as it came' }),
}).meta({ id: 'DeadLetterDetail' });

const ReasonBody = z.strictObject({ reason: plainText(200) });

interface Deps {
  readonly letters: DeadLetterReadModel;
  readonly manage: ManageDeadLetters;
  /** @throws DomainError unavailable */
  readonly lag: () => Promise<readonly ConsumerLag[]>;
}

export const eventRoutes = ({ letters, manage, lag }: Deps): Route[] => [
  route({
    method: 'get',
    path: '/lag',
    summary: 'How far each consumer group is behind',
    tags,
    auth: 'staff',
    reply: { status: 200, schema: z.object({ items: z.array(LagView) }) },
    errors: ['unavailable'],
    handle: async () => ({ items: (await lag()).map((of) => ({ ...of })) }),
  }),
  route({
    method: 'get',
    path: '/dead-letters',
    summary: 'Messages that a consumer could not handle, oldest first',
    tags,
    auth: 'staff',
    query: LetterParams,
    reply: { status: 200, schema: pageView(LetterView) },
    errors: ['invalid_cursor'],
    handle: async ({ query: { limit, cursor, ...filter } }) => {
      const page = await letters.page(filter, { limit, ...(cursor === undefined ? {} : { cursor }) });
      return { ...page, items: page.items.map(presentLetter) };
    },
  }),
  route({
    method: 'get',
    path: '/dead-letters/{id}',
    summary: 'One of them, with the message as it came',
    tags,
    auth: 'staff',
    params: ById,
    reply: { status: 200, schema: LetterDetailView },
    handle: async ({ params }) => {
      const letter = await letters.find(params.id);
      if (letter === undefined) throw notFound('dead letter');
      return {
        ...presentLetter(letter),
        key: letter.key ?? null,
        headers: { ...letter.headers },
        value: letter.value,
      };
    },
  }),
  ...letterActions(manage),
];

const letterActions = (manage: ManageDeadLetters): Route[] => [
  route({
    method: 'post',
    path: '/dead-letters/{id}/replay',
    summary: 'Handle it now, once its reason is gone',
    description: '`handled` is false where the group had handled the event after all.',
    tags,
    auth: 'admin',
    params: ById,
    reply: { status: 200, schema: z.object({ handled: z.boolean() }) },
    errors: ['forbidden', 'conflict'],
    handle: async ({ actor, params }) => ({ handled: await manage.replay(actor, params.id) }),
  }),
  route({
    method: 'post',
    path: '/dead-letters/{id}/skip',
    summary: 'Give it up for good',
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

const presentLetter = (letter: DeadLetter): z.input<typeof LetterView> => ({
  id: letter.id,
  group: letter.group,
  topic: letter.topic,
  partition: letter.partition,
  position: letter.position,
  eventId: letter.eventId ?? null,
  eventType: letter.eventType ?? null,
  status: letter.status,
  cause: letter.cause,
  createdAt: letter.createdAt.toISOString(),
});

import { z } from 'zod';
import { notFound } from '../../domain/shared/errors.ts';
import type { SetUserAccess } from '../../domain/use-cases/set-user-access.ts';
import { normaliseEmail } from '../../domain/users/email.ts';
import type { UsersReadModel } from '../../domain/users/users.read-model.ts';
import { idField } from '../fields.ts';
import { type Route, route } from '../route.ts';
import { AccessBody, presentUser, UserListParams, UserPageView, UserView } from './users.schema.ts';

const tags = ['users: staff'];
const ById = z.strictObject({ id: idField });

export const staffUserRoutes = (deps: {
  readonly users: UsersReadModel;
  readonly setUserAccess: SetUserAccess;
}): Route[] => [
  route({
    method: 'get',
    path: '/staff/users',
    summary: 'Accounts, newest first',
    tags,
    auth: 'admin',
    query: UserListParams,
    reply: { status: 200, schema: UserPageView },
    errors: ['invalid_cursor', 'forbidden'],
    handle: async ({ query: { limit, cursor, email, ...filter } }) => {
      const page = await deps.users.list(
        { ...filter, ...(email === undefined ? {} : { email: normaliseEmail(email) }) },
        { limit, ...(cursor === undefined ? {} : { cursor }) },
      );
      return { ...page, items: page.items.map(presentUser) };
    },
  }),
  route({
    method: 'get',
    path: '/staff/users/{id}',
    summary: 'One account',
    tags,
    auth: 'admin',
    params: ById,
    reply: { status: 200, schema: UserView },
    errors: ['forbidden'],
    handle: async ({ params }) => {
      const user = await deps.users.find(params.id);
      if (user === undefined) throw notFound('user');
      return presentUser(user);
    },
  }),
  route({
    method: 'patch',
    path: '/staff/users/{id}',
    summary: 'Give a role, disable an account or enable it again',
    description:
      "Nobody changes their own access, and one active admin always remains. A disabled account's sessions end.",
    tags,
    auth: 'admin',
    params: ById,
    body: AccessBody,
    reply: { status: 200, schema: UserView },
    errors: ['forbidden', 'conflict'],
    handle: async ({ actor, params, body }) =>
      presentUser(await deps.setUserAccess.run(actor, params.id, body)),
  }),
];

import { z } from 'zod';
import type { IdentitiesReadModel } from '../../domain/identity/identities.read-model.ts';
import { KIND_BY_COUNTRY } from '../../domain/identity/importer-identity.ts';
import type { NumberVault } from '../../domain/identity/number-vault.ts';
import { notFound } from '../../domain/shared/errors.ts';
import type { ManageIdentities } from '../../domain/use-cases/manage-identities.ts';
import { idField } from '../fields.ts';
import { type Route, route } from '../route.ts';
import {
  DecisionBody,
  IdentityBody,
  IdentityListView,
  IdentityView,
  presentIdentity,
  presentStaffIdentity,
  StaffIdentityPageView,
  StaffIdentityParams,
  StaffIdentityView,
} from './identities.schema.ts';

const tags = ['identities'];
const ById = z.strictObject({ id: idField });

export interface IdentityRouteDeps {
  readonly identities: IdentitiesReadModel;
  readonly manageIdentities: ManageIdentities;
  readonly vault: NumberVault;
}

export const identityRoutes = ({ identities, manageIdentities, vault }: IdentityRouteDeps): Route[] => [
  route({
    method: 'get',
    path: '/identities',
    summary: "One's own importer identities, newest first",
    tags,
    auth: 'customer',
    reply: { status: 200, schema: IdentityListView },
    handle: async ({ actor }) => ({ items: (await identities.listOf(actor.userId)).map(presentIdentity) }),
  }),
  route({
    method: 'post',
    path: '/identities',
    summary: 'Submit the identity of the person who imports ("real name")',
    description: 'The number is stored encrypted and only ever shown masked. Staff verify or reject it.',
    tags,
    auth: 'customer',
    idempotent: true,
    body: IdentityBody,
    fingerprint: (body) => ({
      ...body,
      number: vault.fingerprint(KIND_BY_COUNTRY[body.country], body.number),
    }),
    reply: { status: 201, schema: IdentityView },
    errors: ['already_exists', 'unknown_country', 'conflict'],
    handle: async ({ actor, body, once, res }) => {
      const identity = await manageIdentities.submit(actor, body, once(presentIdentity));
      res.setHeader('Location', `/api/v1/identities/${identity.id}`);
      return presentIdentity(identity);
    },
  }),
  route({
    method: 'get',
    path: '/identities/{id}',
    summary: "One of one's own importer identities, with its status",
    tags,
    auth: 'customer',
    params: ById,
    reply: { status: 200, schema: IdentityView },
    handle: async ({ actor, params }) => {
      const identity = await identities.find(actor.userId, params.id);
      if (identity === undefined) throw notFound('identity');
      return presentIdentity(identity);
    },
  }),
  route({
    method: 'delete',
    path: '/identities/{id}',
    summary: 'Delete an importer identity',
    description:
      'Not while an order that was placed with it has not ended (facts.orders), unless it was rejected.',
    tags,
    auth: 'customer',
    params: ById,
    reply: { status: 204 },
    errors: ['conflict'],
    handle: async ({ actor, params }) => {
      await manageIdentities.remove(actor, params.id);
      return undefined;
    },
  }),
];

export const staffIdentityRoutes = ({
  identities,
  manageIdentities,
}: Omit<IdentityRouteDeps, 'vault'>): Route[] => [
  route({
    method: 'get',
    path: '/staff/identities',
    summary: 'Importer identities by status, the longest waiting first',
    tags: ['identities: staff'],
    auth: 'staff',
    query: StaffIdentityParams,
    reply: { status: 200, schema: StaffIdentityPageView },
    errors: ['invalid_cursor', 'forbidden'],
    handle: async ({ query: { limit, cursor, status } }) => {
      const page = await identities.listForStaff(status, {
        limit,
        ...(cursor === undefined ? {} : { cursor }),
      });
      return { ...page, items: page.items.map(presentStaffIdentity) };
    },
  }),
  route({
    method: 'put',
    path: '/staff/identities/{id}/status',
    summary: 'Verify or reject an importer identity that is pending',
    tags: ['identities: staff'],
    auth: 'staff',
    params: ById,
    body: DecisionBody,
    reply: { status: 200, schema: StaffIdentityView },
    errors: ['forbidden', 'transition_not_allowed', 'conflict'],
    handle: async ({ actor, params, body }) =>
      presentStaffIdentity(await manageIdentities.decide(actor, params.id, body.status)),
  }),
];

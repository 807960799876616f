import { z } from 'zod';
import type { AddressesReadModel } from '../../domain/addresses/addresses.read-model.ts';
import { notFound } from '../../domain/shared/errors.ts';
import type { ManageAddresses } from '../../domain/use-cases/manage-addresses.ts';
import { idField } from '../fields.ts';
import { type Route, route } from '../route.ts';
import {
  AddressBody,
  AddressListView,
  AddressPatch,
  AddressView,
  NO_PARTS,
  presentAddress,
} from './addresses.schema.ts';

const tags = ['addresses'];
const ById = z.strictObject({ id: idField });

export interface AddressRouteDeps {
  readonly addresses: AddressesReadModel;
  readonly manageAddresses: ManageAddresses;
}

export const addressRoutes = ({ addresses, manageAddresses }: AddressRouteDeps): Route[] => [
  route({
    method: 'get',
    path: '/addresses',
    summary: "One's own addresses, the default first",
    tags,
    auth: 'customer',
    reply: { status: 200, schema: AddressListView },
    handle: async ({ actor }) => ({ items: (await addresses.listOf(actor.userId)).map(presentAddress) }),
  }),
  route({
    method: 'post',
    path: '/addresses',
    summary: 'Add an address; the first becomes the default',
    tags,
    auth: 'customer',
    idempotent: true,
    body: AddressBody,
    reply: { status: 201, schema: AddressView },
    errors: ['unknown_country', 'conflict'],
    handle: async ({ actor, body: { isDefault, ...fields }, once, res }) => {
      const address = await manageAddresses.add(
        actor,
        { ...NO_PARTS, ...fields },
        isDefault,
        once(presentAddress),
      );
      res.setHeader('Location', `/api/v1/addresses/${address.id}`);
      return presentAddress(address);
    },
  }),
  route({
    method: 'get',
    path: '/addresses/{id}',
    summary: "One of one's own addresses",
    tags,
    auth: 'customer',
    params: ById,
    reply: { status: 200, schema: AddressView },
    handle: async ({ actor, params }) => {
      const address = await addresses.find(actor.userId, params.id);
      if (address === undefined) throw notFound('address');
      return presentAddress(address);
    },
  }),
  route({
    method: 'patch',
    path: '/addresses/{id}',
    summary: 'Change an address; what is absent stays, null takes a part away',
    tags,
    auth: 'customer',
    params: ById,
    body: AddressPatch,
    reply: { status: 200, schema: AddressView },
    errors: ['unknown_country', 'conflict'],
    handle: async ({ actor, params, body }) =>
      presentAddress(await manageAddresses.change(actor, params.id, body)),
  }),
  route({
    method: 'delete',
    path: '/addresses/{id}',
    summary: 'Delete an address; when it was the default, the newest takes its place',
    tags,
    auth: 'customer',
    params: ById,
    reply: { status: 204 },
    handle: async ({ actor, params }) => {
      await manageAddresses.remove(actor, params.id);
      return undefined;
    },
  }),
];

import { z } from 'zod';
import type { ShippingReadModel } from '../../domain/shipping/shipping.store.ts';
import type { ShippingZone } from '../../domain/shipping/shipping.ts';
import type { ManageShipping } from '../../domain/use-cases/manage-shipping.ts';
import { type Route, route } from '../route.ts';
import {
  MethodBody,
  MethodPatch,
  MethodView,
  presentMethod,
  ShippingParams,
  toMethodChange,
  toMethodInput,
  ZoneBody,
  ZonePatch,
  ZoneView,
} from './shipping.schema.ts';

const common = { tags: ['shipping: staff'], auth: 'staff' } as const;
const presentZone = (zone: ShippingZone): z.input<typeof ZoneView> => ({
  ...zone,
  countries: [...zone.countries],
});

const zoneRoutes = (shipping: ShippingReadModel, manage: ManageShipping): Route[] => [
  route({
    ...common,
    method: 'get',
    path: '/shipping-zones',
    summary: 'All shipping zones with their countries',
    reply: { status: 200, schema: z.object({ items: z.array(ZoneView) }) },
    handle: async () => ({ items: (await shipping.zones()).map(presentZone) }),
  }),
  route({
    ...common,
    method: 'post',
    path: '/shipping-zones',
    summary: 'Add a shipping zone; a country belongs to at most one',
    idempotent: true,
    body: ZoneBody,
    reply: { status: 201, schema: ZoneView },
    errors: ['already_exists', 'unknown_country'],
    handle: async ({ actor, body, once }) =>
      presentZone(await manage.createZone(actor, body, once(presentZone))),
  }),
  route({
    ...common,
    method: 'patch',
    path: '/shipping-zones/{id}',
    summary: 'Change a shipping zone; its countries are replaced as a whole',
    params: ShippingParams,
    body: ZonePatch,
    reply: { status: 200, schema: ZoneView },
    errors: ['version_conflict', 'already_exists', 'unknown_country'],
    handle: async ({ actor, params, body: { version, ...change } }) =>
      presentZone(await manage.updateZone(actor, params.id, version, change)),
  }),
  route({
    ...common,
    method: 'delete',
    path: '/shipping-zones/{id}',
    summary: 'Delete a shipping zone that has no methods',
    params: ShippingParams,
    reply: { status: 204 },
    errors: ['conflict'],
    handle: async ({ actor, params }) => {
      await manage.deleteZone(actor, params.id);
      return undefined;
    },
  }),
];

const methodRoutes = (shipping: ShippingReadModel, manage: ManageShipping): Route[] => [
  route({
    ...common,
    method: 'get',
    path: '/shipping-methods',
    summary: 'All shipping methods with their rates',
    reply: { status: 200, schema: z.object({ items: z.array(MethodView) }) },
    handle: async () => ({ items: (await shipping.methods()).map(presentMethod) }),
  }),
  route({
    ...common,
    method: 'post',
    path: '/shipping-methods',
    summary: 'Add a shipping method to a zone',
    description: 'From the first active method on, every checkout must name one.',
    idempotent: true,
    body: MethodBody,
    reply: { status: 201, schema: MethodView },
    errors: ['already_exists', 'not_found', 'unknown_currency'],
    handle: async ({ actor, body, once }) =>
      presentMethod(await manage.createMethod(actor, toMethodInput(body), once(presentMethod))),
  }),
  route({
    ...common,
    method: 'patch',
    path: '/shipping-methods/{id}',
    summary: 'Change a shipping method; its rates are replaced as a whole',
    params: ShippingParams,
    body: MethodPatch,
    reply: { status: 200, schema: MethodView },
    errors: ['version_conflict', 'already_exists', 'unknown_currency'],
    handle: async ({ actor, params, body: { version, ...change } }) =>
      presentMethod(await manage.updateMethod(actor, params.id, version, toMethodChange(change))),
  }),
  route({
    ...common,
    method: 'delete',
    path: '/shipping-methods/{id}',
    summary: 'Delete a shipping method; orders keep what they froze of it',
    params: ShippingParams,
    reply: { status: 204 },
    handle: async ({ actor, params }) => {
      await manage.deleteMethod(actor, params.id);
      return undefined;
    },
  }),
];

/** What staff do with zones and methods. */
export const shippingRoutes = (shipping: ShippingReadModel, manage: ManageShipping): Route[] => [
  ...zoneRoutes(shipping, manage),
  ...methodRoutes(shipping, manage),
];

import { z } from 'zod';
import { parseMoney } from '../../domain/shared/money.ts';
import type { ManageProducts } from '../../domain/use-cases/manage-products.ts';
import { idField } from '../fields.ts';
import { type Route, route } from '../route.ts';
import { presentStaffProduct, toVariantChange, toVariantInput } from './product.present.ts';
import { NewVariantBody, PricesBody, StaffProductView, VariantPatch } from './product-input.schema.ts';

const tags = ['catalog: staff'];
const ById = z.strictObject({ id: idField });

/** Every answer is the whole product: its version is the one to send with the next change. */
export const variantRoutes = (products: ManageProducts): Route[] => [
  route({
    method: 'post',
    path: '/products/{id}/variants',
    summary: 'Add a variant to a product',
    tags,
    auth: 'staff',
    idempotent: true,
    params: ById,
    body: NewVariantBody,
    reply: { status: 201, schema: StaffProductView },
    errors: ['already_exists', 'version_conflict', 'unknown_currency'],
    handle: async ({ actor, params, body: { version, ...body }, once }) =>
      presentStaffProduct(
        await products.addVariant(actor, params.id, version, toVariantInput(body), once(presentStaffProduct)),
      ),
  }),
  route({
    method: 'patch',
    path: '/variants/{id}',
    summary: 'Change or withdraw a variant',
    tags,
    auth: 'staff',
    params: ById,
    body: VariantPatch,
    reply: { status: 200, schema: StaffProductView },
    errors: ['already_exists', 'version_conflict'],
    handle: async ({ actor, params, body: { version, ...change } }) =>
      presentStaffProduct(await products.updateVariant(actor, params.id, version, toVariantChange(change))),
  }),
  route({
    method: 'put',
    path: '/variants/{id}/prices',
    summary: 'Set all prices of a variant, one per currency',
    tags,
    auth: 'staff',
    params: ById,
    body: PricesBody,
    reply: { status: 200, schema: StaffProductView },
    errors: ['version_conflict', 'unknown_currency'],
    handle: async ({ actor, params, body }) =>
      presentStaffProduct(
        await products.setPrices(actor, params.id, body.version, body.prices.map(parseMoney)),
      ),
  }),
];

import { z } from 'zod';
import type { StaffCatalogReadModel } from '../../domain/catalog/catalog.read-model.ts';
import { notFound } from '../../domain/shared/errors.ts';
import type { ManageProducts } from '../../domain/use-cases/manage-products.ts';
import { idField } from '../fields.ts';
import { type Route, route } from '../route.ts';
import { presentStaffProduct, toProductChange, toVariantInput } from './product.present.ts';
import {
  ProductBody,
  ProductPatch,
  StaffListParams,
  StaffProductPageView,
  StaffProductView,
} from './product-input.schema.ts';

const tags = ['catalog: staff'];
const ById = z.strictObject({ id: idField });

export const staffProductRoutes = (catalog: StaffCatalogReadModel, products: ManageProducts): Route[] => [
  route({
    method: 'get',
    path: '/staff/products',
    summary: 'List all products, drafts and the withdrawn too, newest first',
    tags,
    auth: 'staff',
    query: StaffListParams,
    reply: { status: 200, schema: StaffProductPageView },
    errors: ['invalid_cursor'],
    handle: async ({ query: { limit, cursor, ...filter } }) => {
      const page = await catalog.products(filter, { limit, ...(cursor === undefined ? {} : { cursor }) });
      const items = page.items.map((item) => ({
        ...item,
        createdAt: item.createdAt.toISOString(),
        updatedAt: item.updatedAt.toISOString(),
      }));
      return { ...page, items };
    },
  }),
  route({
    method: 'get',
    path: '/staff/products/{id}',
    summary: 'One product as staff edit it',
    tags,
    auth: 'staff',
    params: ById,
    reply: { status: 200, schema: StaffProductView },
    handle: async ({ params }) => {
      const product = await catalog.findProduct(params.id);
      if (product === undefined) throw notFound('product');
      return presentStaffProduct(product);
    },
  }),
  route({
    method: 'post',
    path: '/products',
    summary: 'Create a product with its variants, a draft unless said otherwise',
    tags,
    auth: 'staff',
    idempotent: true,
    body: ProductBody,
    reply: { status: 201, schema: StaffProductView },
    errors: ['already_exists', 'unknown_currency', 'unknown_country'],
    handle: async ({ actor, body, once, res }) => {
      const { translations, variants, ...rest } = body;
      const input = { ...rest, texts: translations, variants: variants.map(toVariantInput) };
      const product = await products.create(actor, input, once(presentStaffProduct));
      res.setHeader('Location', `/api/v1/products/${product.id}`);
      return presentStaffProduct(product);
    },
  }),
  route({
    method: 'patch',
    path: '/products/{id}',
    summary: 'Change a product; what is absent stays, lists and translations are replaced whole',
    tags,
    auth: 'staff',
    params: ById,
    body: ProductPatch,
    reply: { status: 200, schema: StaffProductView },
    errors: ['version_conflict', 'already_exists', 'transition_not_allowed', 'unknown_country'],
    handle: async ({ actor, params, body: { version, ...change } }) =>
      presentStaffProduct(await products.update(actor, params.id, version, toProductChange(change))),
  }),
  route({
    method: 'delete',
    path: '/products/{id}',
    summary: 'Withdraw a product from sale; its orders keep it',
    tags,
    auth: 'staff',
    params: ById,
    reply: { status: 204 },
    handle: async ({ actor, params }) => {
      await products.withdraw(actor, params.id);
      return undefined;
    },
  }),
];

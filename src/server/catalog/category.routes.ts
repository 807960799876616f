import type { z } from 'zod';
import type { CatalogReadModel, StaffCatalogReadModel } from '../../domain/catalog/catalog.read-model.ts';
import { type Category, toTree } from '../../domain/catalog/category.ts';
import type { ManageCategories } from '../../domain/use-cases/manage-categories.ts';
import { localeOf } from '../fields.ts';
import { type Route, route } from '../route.ts';
import {
  CategoryBody,
  CategoryParams,
  CategoryPatch,
  CategoryTreeParams,
  CategoryTreeView,
  StaffCategoryListView,
  StaffCategoryView,
} from './category.schema.ts';

interface Ports {
  readonly catalog: CatalogReadModel;
  readonly staffCatalog: StaffCatalogReadModel;
  readonly manageCategories: ManageCategories;
}

const present = ({ names, ...category }: Category): z.input<typeof StaffCategoryView> => ({
  ...category,
  names: { ...names },
});

export const categoryRoutes = ({ catalog, staffCatalog, manageCategories }: Ports): Route[] => [
  route({
    method: 'get',
    path: '/categories',
    summary: 'The category tree',
    tags: ['catalog'],
    auth: 'public',
    query: CategoryTreeParams,
    reply: { status: 200, schema: CategoryTreeView },
    handle: async ({ query, req, res }) => {
      const locale = localeOf(query.lang, req.get('accept-language'));
      res.setHeader('Content-Language', locale);
      res.vary('Accept-Language');
      return { items: toTree(await catalog.categories(locale)) };
    },
  }),
  route({
    method: 'get',
    path: '/staff/categories',
    summary: 'Every category with its names in every language',
    tags: ['catalog: staff'],
    auth: 'staff',
    reply: { status: 200, schema: StaffCategoryListView },
    handle: async () => ({ items: (await staffCatalog.categories()).map(present) }),
  }),
  route({
    method: 'post',
    path: '/categories',
    summary: 'Create a category',
    tags: ['catalog: staff'],
    auth: 'staff',
    idempotent: true,
    body: CategoryBody,
    reply: { status: 201, schema: StaffCategoryView },
    errors: ['already_exists'],
    handle: async ({ actor, body, once }) =>
      present(await manageCategories.create(actor, body, once(present))),
  }),
  route({
    method: 'patch',
    path: '/categories/{id}',
    summary: 'Change or move a category; the paths below it follow',
    tags: ['catalog: staff'],
    auth: 'staff',
    params: CategoryParams,
    body: CategoryPatch,
    reply: { status: 200, schema: StaffCategoryView },
    errors: ['version_conflict', 'already_exists', 'conflict'],
    handle: async ({ actor, params, body: { version, ...change } }) =>
      present(await manageCategories.update(actor, params.id, version, change)),
  }),
  route({
    method: 'delete',
    path: '/categories/{id}',
    summary: 'Delete a category that has neither children nor products',
    tags: ['catalog: staff'],
    auth: 'staff',
    params: CategoryParams,
    reply: { status: 204 },
    errors: ['conflict'],
    handle: async ({ actor, params }) => {
      await manageCategories.delete(actor, params.id);
      return undefined;
    },
  }),
];

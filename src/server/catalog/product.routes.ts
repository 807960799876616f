import type { CatalogReadModel, ProductFilter } from '../../domain/catalog/catalog.read-model.ts';
import { notFound } from '../../domain/shared/errors.ts';
import { localeOf } from '../fields.ts';
import { type Route, route } from '../route.ts';
import { presentDetail, presentSummary } from './product.present.ts';
import {
  DetailParams,
  ProductDetailView,
  ProductListParams,
  ProductPageView,
  ProductParams,
} from './product.schema.ts';

const tags = ['catalog'];

/** What anybody may read. */
export const productRoutes = (catalog: CatalogReadModel): Route[] => [
  route({
    method: 'get',
    path: '/products',
    summary: 'List, filter and search the products on sale',
    tags,
    auth: 'public',
    query: ProductListParams,
    reply: { status: 200, schema: ProductPageView },
    errors: ['unknown_currency', 'invalid_cursor'],
    handle: async ({ query, req, res }) => {
      const { limit, cursor, lang, brand, sort, ...rest } = query;
      const locale = localeOf(lang, req.get('accept-language'));
      const filter: ProductFilter = {
        ...rest,
        locale,
        brands: brand,
        sort: sort ?? (rest.q === undefined ? 'newest' : 'relevance'),
      };
      const page = await catalog.products(filter, { limit, ...(cursor === undefined ? {} : { cursor }) });
      res.setHeader('Content-Language', locale);
      res.vary('Accept-Language');
      return { ...page, items: page.items.map(presentSummary) };
    },
  }),
  route({
    method: 'get',
    path: '/products/{id}',
    summary: 'One product on sale, by id or slug',
    tags,
    auth: 'public',
    params: ProductParams,
    query: DetailParams,
    reply: { status: 200, schema: ProductDetailView },
    handle: async ({ params, query, req, res }) => {
      const product = await catalog.findProduct(params.id, localeOf(query.lang, req.get('accept-language')));
      if (product === undefined) throw notFound('product');
      res.setHeader('Content-Language', product.locale);
      res.vary('Accept-Language');
      return presentDetail(product);
    },
  }),
];

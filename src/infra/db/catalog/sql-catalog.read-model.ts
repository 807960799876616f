import type {
  CatalogReadModel,
  ProductDetail,
  ProductFilter,
  ProductSummary,
} from '../../../domain/catalog/catalog.read-model.ts';
import type { FlatCategory } from '../../../domain/catalog/category.ts';
import { invalidField } from '../../../domain/shared/errors.ts';
import type { Locale } from '../../../domain/shared/locale.ts';
import {
  type CursorKey,
  encodeCursor,
  type Page,
  type PageRequest,
  toPage,
} from '../../../domain/shared/page.ts';
import type { Sql } from '../sql.ts';
import {
  type RawBoolean,
  type RawDate,
  type RawInteger,
  toBigint,
  toBool,
  toDate,
  toInt,
} from '../values.ts';
import { loadDetail } from './product-detail.ts';
import { productListQuery } from './product-list-query.ts';
import { cursorSort } from './product-order.ts';

interface ListRow {
  id: string;
  slug: string;
  brand: string;
  is_hot: RawBoolean;
  is_new: RawBoolean;
  image_url: string | null;
  created_at: RawDate;
  name: string;
  sort_name: string;
  category_slug: string;
  category_name: string | null;
  min_amount: RawInteger | null;
  max_amount: RawInteger | null;
  in_stock: RawInteger;
  k0: unknown;
}

export class SqlCatalogReadModel implements CatalogReadModel {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  categories(locale: Locale): Promise<FlatCategory[]> {
    return this.#sql.query<FlatCategory>(
      "SELECT c.id, c.parent_id AS parentId, c.slug, c.path, COALESCE(t.name, en.name, c.slug) AS name FROM categories c LEFT JOIN category_translations t ON t.category_id = c.id AND t.locale = ? LEFT JOIN category_translations en ON en.category_id = c.id AND en.locale = 'en' ORDER BY c.position, c.slug",
      [locale],
    );
  }

  async products(filter: ProductFilter, page: PageRequest): Promise<Page<ProductSummary>> {
    const categoryIds = filter.category === undefined ? undefined : await this.#categoryIds(filter.category);
    const { text, params } = productListQuery(filter, page, categoryIds, this.#sql.kind);
    const rows = await this.#sql.query<ListRow>(text, params);
    const cut = toPage(rows, page.limit, (row) => encodeCursor(cursorSort(filter), cursorKey(filter, row)));
    return { ...cut, items: cut.items.map((row) => toSummary(row, filter.currency)) };
  }

  findProduct(idOrSlug: string, locale: Locale): Promise<ProductDetail | undefined> {
    return loadDetail(this.#sql, idOrSlug, locale);
  }

  /** The category and everything below it: their paths begin with its path. */
  async #categoryIds(slug: string): Promise<string[]> {
    const rows = await this.#sql.query<{ id: string }>(
      "SELECT c.id FROM categories top JOIN categories c ON c.path >= top.path AND c.path < CONCAT(top.path, '~') WHERE top.slug = ?",
      [slug],
    );
    if (rows.length === 0) throw invalidField('category', 'there is no category with this slug');
    return rows.map((row) => row.id);
  }
}

function cursorKey(filter: ProductFilter, row: ListRow): CursorKey {
  const newest = [toDate(row.created_at).getTime(), row.id] as const;
  switch (filter.sort) {
    case 'newest':
      return newest;
    case 'price':
    case '-price':
      return [toBigint(row.min_amount ?? 0).toString(), row.id];
    case 'name':
      return [row.sort_name, row.id];
    case 'relevance':
      return [Number(row.k0), ...newest];
  }
}

function toSummary(row: ListRow, currency: string): ProductSummary {
  return {
    id: row.id,
    slug: row.slug,
    name: row.name,
    brand: row.brand,
    category: { slug: row.category_slug, name: row.category_name ?? row.category_slug },
    imageUrl: row.image_url,
    price:
      row.min_amount === null || row.max_amount === null
        ? null
        : {
            from: { amount: toBigint(row.min_amount), currency },
            to: { amount: toBigint(row.max_amount), currency },
          },
    inStock: toInt(row.in_stock) === 1,
    isHot: toBool(row.is_hot),
    isNew: toBool(row.is_new),
  };
}

import type {
  StaffCatalogReadModel,
  StaffProductFilter,
  StaffProductSummary,
} from '../../../domain/catalog/catalog.read-model.ts';
import type { Category } from '../../../domain/catalog/category.ts';
import type { Product, ProductStatus } from '../../../domain/catalog/product.ts';
import {
  decodeCursor,
  encodeCursor,
  type Page,
  type PageRequest,
  toPage,
} from '../../../domain/shared/page.ts';
import type { Sql } from '../sql.ts';
import { type RawDate, type RawInteger, type SqlParam, toDate, toInt } from '../values.ts';
import { loadCategories } from './category-loader.ts';
import { instant, text } from './cursor-parts.ts';
import { loadProduct } from './product-loader.ts';

interface Row {
  id: string;
  slug: string;
  name: string;
  brand: string;
  status: ProductStatus;
  variant_count: RawInteger;
  created_at: RawDate;
  updated_at: RawDate;
  version: RawInteger;
}

const SORT = 'staff-newest';

export class SqlStaffCatalogReadModel implements StaffCatalogReadModel {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  async products(filter: StaffProductFilter, page: PageRequest): Promise<Page<StaffProductSummary>> {
    const where: string[] = ["t.locale = 'en'"];
    const params: SqlParam[] = [];
    if (filter.status !== undefined) {
      where.push('p.status = ?');
      params.push(filter.status);
    }
    if (filter.q !== undefined) {
      const prefix = `${filter.q.replace(/[%_\\]/g, '')}%`;
      where.push(
        '(p.slug LIKE ? OR p.brand LIKE ? OR p.id IN (SELECT v.product_id FROM variants v WHERE v.sku LIKE ?))',
      );
      params.push(prefix, prefix, prefix);
    }
    if (page.cursor !== undefined) {
      const [at, id] = decodeCursor(page.cursor, SORT, 2);
      const date = instant(at);
      where.push('p.created_at <= ? AND (p.created_at < ? OR p.id < ?)');
      params.push(date, date, text(id));
    }
    const rows = await this.#sql.query<Row>(
      `SELECT p.id, p.slug, t.name, p.brand, p.status, p.created_at, p.updated_at, p.version, (SELECT COUNT(*) FROM variants v WHERE v.product_id = p.id) AS variant_count FROM products p JOIN product_translations t ON t.product_id = p.id WHERE ${where.join(' AND ')} ORDER BY p.created_at DESC, p.id DESC LIMIT ${page.limit + 1}`,
      params,
    );
    return toPage(rows.map(toSummary), page.limit, (item) =>
      encodeCursor(SORT, [item.createdAt.getTime(), item.id]),
    );
  }

  findProduct(id: string): Promise<Product | undefined> {
    return loadProduct(this.#sql, id);
  }

  categories(): Promise<Category[]> {
    return loadCategories(this.#sql);
  }
}

const toSummary = (row: Row): StaffProductSummary => ({
  id: row.id,
  slug: row.slug,
  name: row.name,
  brand: row.brand,
  status: row.status,
  variantCount: toInt(row.variant_count),
  createdAt: toDate(row.created_at),
  updatedAt: toDate(row.updated_at),
  version: toInt(row.version),
});

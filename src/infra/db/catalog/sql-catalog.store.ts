import type { CatalogStore } from '../../../domain/catalog/catalog.store.ts';
import type { Category, Names } from '../../../domain/catalog/category.ts';
import { type Product, versionConflict } from '../../../domain/catalog/product.ts';
import { DomainError } from '../../../domain/shared/errors.ts';
import { insertRows } from '../insert-rows.ts';
import { list, type Sql } from '../sql.ts';
import { violatedKey, violatesReference } from '../unique-violation.ts';
import { ensurePriceLists, insertDerived, insertProducts } from './catalog-inserts.ts';
import { loadCategory, loadNames } from './category-loader.ts';
import { CategoryWriter } from './category-writer.ts';
import { loadProduct } from './product-loader.ts';
import * as rows from './product-rows.ts';

export class SqlCatalogStore implements CatalogStore {
  readonly #sql: Sql;
  readonly #categories: CategoryWriter;

  constructor(sql: Sql) {
    this.#sql = sql;
    this.#categories = new CategoryWriter(sql);
  }

  findProduct(id: string): Promise<Product | undefined> {
    return loadProduct(this.#sql, id);
  }

  async findProductOfVariant(variantId: string): Promise<Product | undefined> {
    const [row] = await this.#sql.query<{ product_id: string }>(
      'SELECT product_id FROM variants WHERE id = ?',
      [variantId],
    );
    return row && loadProduct(this.#sql, row.product_id);
  }

  async insertProduct(product: Product): Promise<void> {
    await named(async () =>
      insertProducts(this.#sql, [product], await this.#categoryNames(product.categoryId)),
    );
  }

  async updateProduct(product: Product): Promise<void> {
    await named(async () => {
      await this.#updateRow(product);
      await ensurePriceLists(this.#sql, [product]);
      await this.#writeVariants(product);
      const belongings = ['product_translations', 'product_images', 'product_prices', 'product_search'];
      for (const table of belongings)
        await this.#sql.run(`DELETE FROM ${table} WHERE product_id = ?`, [product.id]);
      await insertRows(
        this.#sql,
        'product_translations',
        rows.TRANSLATION_COLUMNS,
        rows.translationRows(product),
      );
      await insertRows(this.#sql, 'product_images', rows.IMAGE_COLUMNS, rows.imageRows(product));
      await insertDerived(this.#sql, [product], await this.#categoryNames(product.categoryId));
    });
  }

  /** First, because it takes the row's lock and decides between two writers. */
  async #updateRow(product: Product): Promise<void> {
    const columns = rows.PRODUCT_COLUMNS.filter((c) => c !== 'version');
    const { affected } = await this.#sql.run(
      `UPDATE products SET ${columns.map((c) => `${c} = ?`).join(', ')}, version = version + 1 WHERE id = ? AND version = ?`,
      [...rows.productRow(product).slice(0, columns.length), product.id, product.version],
    );
    if (affected !== 1) throw versionConflict('product');
  }

  async #writeVariants(product: Product): Promise<void> {
    const known = await this.#sql.query<{ id: string }>('SELECT id FROM variants WHERE product_id = ?', [
      product.id,
    ]);
    const ids = new Set(known.map((row) => row.id));
    const isKnown = ([id]: readonly unknown[]): boolean => typeof id === 'string' && ids.has(id);
    const written = rows.variantRows(product);
    const columns = rows.VARIANT_COLUMNS;
    for (const row of written.filter(isKnown)) {
      await this.#sql.run(`UPDATE variants SET ${columns.map((c) => `${c} = ?`).join(', ')} WHERE id = ?`, [
        ...row,
        row[0],
      ]);
    }
    await insertRows(
      this.#sql,
      'variants',
      columns,
      written.filter((row) => !isKnown(row)),
    );
    if (ids.size > 0)
      await this.#sql.run(`DELETE FROM prices WHERE variant_id IN (${list(ids.size)})`, [...ids]);
    await insertRows(this.#sql, 'prices', rows.PRICE_COLUMNS, rows.priceRows(product));
  }

  async #categoryNames(categoryId: string): Promise<Map<string, Names>> {
    return loadNames(this.#sql, [categoryId]);
  }

  findCategory(id: string): Promise<Category | undefined> {
    return loadCategory(this.#sql, id);
  }

  insertCategory(category: Category, parent: Category | undefined): Promise<void> {
    return named(() => this.#categories.insert(category, parent));
  }

  updateCategory(before: Category, after: Category, parent: Category | undefined): Promise<void> {
    return named(() => this.#categories.update(before, after, parent));
  }

  deleteCategory(category: Category): Promise<void> {
    return this.#categories.delete(category);
  }
}

/** Says which field is taken, or that the category is gone. */
async function named(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (violatesReference(error)) {
      throw new DomainError('conflict', 'the category was deleted meanwhile: read the tree again', {
        cause: error,
      });
    }
    const key = violatedKey(error);
    if (key === undefined) throw error;
    const field = key.includes('sku') ? 'sku' : 'slug';
    throw new DomainError('already_exists', `this ${field} is taken`, {
      issues: [{ path: field, message: 'is taken' }],
      cause: error,
    });
  }
}

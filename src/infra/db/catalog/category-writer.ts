import type { Category } from '../../../domain/catalog/category.ts';
import { versionConflict } from '../../../domain/catalog/product.ts';
import { DomainError } from '../../../domain/shared/errors.ts';
import { LOCALES } from '../../../domain/shared/locale.ts';
import { insertRows } from '../insert-rows.ts';
import { list, type Sql } from '../sql.ts';
import { insertCategories } from './catalog-inserts.ts';
import { loadProduct } from './product-loader.ts';
import * as rows from './product-rows.ts';

/** Past every character of a path: the end of the range of paths below one. */
const AFTER_PATHS = '~';
const REINDEX_BATCH = 200;

/**
 * Writes the category tree. Each write first locks the parent's row, as it was
 * read, so that no move can cross another.
 */
export class CategoryWriter {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  async insert(category: Category, parent: Category | undefined): Promise<void> {
    await this.#lock(parent);
    await insertCategories(this.#sql, [category]);
  }

  async update(before: Category, after: Category, parent: Category | undefined): Promise<void> {
    if (before.path !== after.path) await this.#lock(parent);
    const { affected } = await this.#sql.run(
      'UPDATE categories SET parent_id = ?, slug = ?, path = ?, position = ?, version = version + 1 WHERE id = ? AND version = ? AND path = ?',
      [after.parentId, after.slug, after.path, after.position, after.id, before.version, before.path],
    );
    if (affected !== 1) throw versionConflict('category');
    if (before.path !== after.path) await this.#moveDescendants(before, after);
    if (LOCALES.some((locale) => before.names[locale] !== after.names[locale])) await this.#rename(after);
  }

  async delete(category: Category): Promise<void> {
    await this.#lock(category);
    const [used] = await this.#sql.query<{ used: number }>(
      'SELECT 1 AS used FROM categories WHERE parent_id = ? UNION ALL SELECT 1 AS used FROM products WHERE category_id = ? LIMIT 1',
      [category.id, category.id],
    );
    if (used)
      throw new DomainError(
        'conflict',
        `category ${category.slug} still has children or products: move them first`,
      );
    await this.#sql.run('DELETE FROM category_translations WHERE category_id = ?', [category.id]);
    const { affected } = await this.#sql.run('DELETE FROM categories WHERE id = ? AND version = ?', [
      category.id,
      category.version,
    ]);
    if (affected !== 1) throw versionConflict('category');
  }

  async #lock(parent: Category | undefined): Promise<void> {
    if (parent === undefined) return;
    const { affected } = await this.#sql.run(
      'UPDATE categories SET position = position WHERE id = ? AND path = ?',
      [parent.id, parent.path],
    );
    if (affected !== 1)
      throw new DomainError('conflict', `category ${parent.slug} was changed meanwhile: try again`);
  }

  async #moveDescendants(before: Category, after: Category): Promise<void> {
    await this.#sql.run(
      'UPDATE categories SET path = CONCAT(?, SUBSTR(path, ?)), version = version + 1 WHERE path > ? AND path < ?',
      [after.path, before.path.length + 1, before.path, `${before.path}${AFTER_PATHS}`],
    );
  }

  async #rename(category: Category): Promise<void> {
    await this.#sql.run('DELETE FROM category_translations WHERE category_id = ?', [category.id]);
    await insertRows(
      this.#sql,
      'category_translations',
      ['category_id', 'locale', 'name'],
      LOCALES.flatMap((l) => (category.names[l] === undefined ? [] : [[category.id, l, category.names[l]]])),
    );
    await this.#reindexProducts(category);
  }

  /** Products are found by their category's name, so a new name goes into the search terms of each. */
  async #reindexProducts(category: Category): Promise<void> {
    const ids = await this.#sql.query<{ id: string }>('SELECT id FROM products WHERE category_id = ?', [
      category.id,
    ]);
    for (let start = 0; start < ids.length; start += REINDEX_BATCH) {
      const batch = ids.slice(start, start + REINDEX_BATCH).map((row) => row.id);
      const products = [];
      for (const id of batch) products.push(await loadProduct(this.#sql, id));
      await this.#sql.run(`DELETE FROM product_search WHERE product_id IN (${list(batch.length)})`, batch);
      await insertRows(
        this.#sql,
        'product_search',
        rows.SEARCH_COLUMNS,
        products.flatMap((p) => (p ? rows.searchRows(p, category.names) : [])),
      );
    }
  }
}

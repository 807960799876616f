import type { Category } from './category.ts';
import type { Product } from './product.ts';

/** Part of the transaction: see use-cases/tx.ts. */
export interface CatalogStore {
  findProduct(id: string): Promise<Product | undefined>;
  /** The product that has this variant. */
  findProductOfVariant(variantId: string): Promise<Product | undefined>;
  /** @throws DomainError already_exists when the slug or a SKU is taken */
  insertProduct(product: Product): Promise<void>;
  /**
   * Writes the whole aggregate, and what is derived from it (price ranges, search terms), as version + 1.
   * Variants are added and changed, never deleted: orders, carts and stock name them.
   * @throws DomainError version_conflict when the stored version is not `product.version`, already_exists as above
   */
  updateProduct(product: Product): Promise<void>;

  findCategory(id: string): Promise<Category | undefined>;
  /** @throws DomainError already_exists when the slug is taken, conflict when the parent moved meanwhile */
  insertCategory(category: Category, parent: Category | undefined): Promise<void>;
  /**
   * Writes the category as version + 1; a changed path is carried to every descendant, a changed name to the
   * search terms of its products.
   * @throws DomainError version_conflict, already_exists, conflict (as for insert)
   */
  updateCategory(before: Category, after: Category, parent: Category | undefined): Promise<void>;
  /** @throws DomainError conflict when it has children or products */
  deleteCategory(category: Category): Promise<void>;
}

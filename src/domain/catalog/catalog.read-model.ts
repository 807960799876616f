import type { Currency } from '../shared/currency.ts';
import type { Locale } from '../shared/locale.ts';
import type { Money } from '../shared/money.ts';
import type { Page, PageRequest } from '../shared/page.ts';
import type { Category, FlatCategory } from './category.ts';
import type { Product, ProductImage, ProductStatus, Variant } from './product.ts';

export const PRODUCT_SORTS = ['relevance', 'newest', 'price', '-price', 'name'] as const;
export type ProductSort = (typeof PRODUCT_SORTS)[number];

export interface ProductFilter {
  readonly locale: Locale;
  /** Of the prices shown, sorted by and compared. */
  readonly currency: Currency;
  /** Slug; stands for its descendants too. */
  readonly category?: string;
  /** Any of them. */
  readonly brands: readonly string[];
  /** Bounds of the price, both included, in minor units: a product fits when one of its prices may. */
  readonly minPrice?: bigint;
  readonly maxPrice?: bigint;
  readonly inStock?: boolean;
  readonly hot?: boolean;
  readonly new?: boolean;
  /** Words that must all occur, each as the beginning of a word. */
  readonly q?: string;
  /** `relevance` only with `q`. Sorting by price leaves out what has no price in the currency. */
  readonly sort: ProductSort;
}

export interface ProductSummary {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly brand: string;
  readonly category: { readonly slug: string; readonly name: string };
  readonly imageUrl: string | null;
  /** Null when it is not sold in the currency. */
  readonly price: { readonly from: Money; readonly to: Money } | null;
  readonly inStock: boolean;
  readonly isHot: boolean;
  readonly isNew: boolean;
}

export interface VariantDetail extends Omit<Variant, 'status'> {
  /** On hand and not reserved, over all warehouses. */
  readonly available: number;
}

export interface ProductDetail {
  readonly id: string;
  readonly slug: string;
  readonly locale: Locale;
  readonly name: string;
  readonly description: string;
  readonly brand: string;
  readonly hsCode: string;
  readonly originCountry: string;
  readonly category: { readonly slug: string; readonly path: string; readonly name: string };
  readonly isHot: boolean;
  readonly isNew: boolean;
  readonly images: readonly ProductImage[];
  readonly variants: readonly VariantDetail[];
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** What anybody may see: products on sale, variants on sale. */
export interface CatalogReadModel {
  /** In the order of siblings. */
  categories(locale: Locale): Promise<FlatCategory[]>;
  /** @throws DomainError invalid_cursor, or validation_failed when the category does not exist */
  products(filter: ProductFilter, page: PageRequest): Promise<Page<ProductSummary>>;
  findProduct(idOrSlug: string, locale: Locale): Promise<ProductDetail | undefined>;
}

export interface StaffProductFilter {
  readonly status?: ProductStatus;
  /** The beginning of a slug, a SKU or a brand. */
  readonly q?: string;
}

export interface StaffProductSummary {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly brand: string;
  readonly status: ProductStatus;
  readonly variantCount: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly version: number;
}

/** What staff see: drafts and the withdrawn too, in every language. */
export interface StaffCatalogReadModel {
  products(filter: StaffProductFilter, page: PageRequest): Promise<Page<StaffProductSummary>>;
  findProduct(id: string): Promise<Product | undefined>;
  categories(): Promise<Category[]>;
}

import type { Currency } from '../shared/currency.ts';
import { DomainError, notFound } from '../shared/errors.ts';
import type { Locale } from '../shared/locale.ts';
import type { Money } from '../shared/money.ts';

/** Drafts are seen by staff only; a withdrawn product keeps its orders and may come back. */
export const PRODUCT_STATUSES = ['draft', 'active', 'withdrawn'] as const;
export type ProductStatus = (typeof PRODUCT_STATUSES)[number];
export const VARIANT_STATUSES = ['active', 'withdrawn'] as const;
export type VariantStatus = (typeof VARIANT_STATUSES)[number];

export interface ProductText {
  readonly name: string;
  readonly description: string;
}
/** English is always there: every other language falls back to it. */
export type ProductTexts = Readonly<Partial<Record<Locale, ProductText>>> & { readonly en: ProductText };

export interface ProductImage {
  readonly id: string;
  readonly url: string;
  readonly alt: string;
}

/** What is sold: one combination of options, with its own SKU, measures and prices. */
export interface Variant {
  readonly id: string;
  /** Unique over the whole catalogue. */
  readonly sku: string;
  /** `{ "colour": "black", "size": "M" }` */
  readonly options: Readonly<Record<string, string>>;
  readonly weightGrams: number;
  readonly lengthMm: number;
  readonly widthMm: number;
  readonly heightMm: number;
  readonly status: VariantStatus;
  /** At most one per currency. */
  readonly prices: readonly Money[];
}

/** The aggregate: written as a whole, guarded by its version. Images and variants are in their order. */
export interface Product {
  readonly id: string;
  readonly slug: string;
  readonly categoryId: string;
  readonly brand: string;
  /** Harmonized System, 6 digits, or up to 10 with a national extension. */
  readonly hsCode: string;
  /** ISO 3166-1 alpha-2. */
  readonly originCountry: string;
  readonly isHot: boolean;
  readonly isNew: boolean;
  readonly status: ProductStatus;
  readonly texts: ProductTexts;
  readonly images: readonly ProductImage[];
  readonly variants: readonly Variant[];
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly version: number;
}

export interface PriceRange {
  readonly currency: Currency;
  readonly min: bigint;
  readonly max: bigint;
}

/** The lowest and highest price of the variants on sale, per currency: what lists sort and filter by. */
export function priceRanges(product: Pick<Product, 'variants'>): PriceRange[] {
  const ranges = new Map<Currency, PriceRange>();
  for (const variant of product.variants) {
    if (variant.status !== 'active') continue;
    for (const { amount, currency } of variant.prices) {
      const seen = ranges.get(currency) ?? { currency, min: amount, max: amount };
      ranges.set(currency, {
        currency,
        min: amount < seen.min ? amount : seen.min,
        max: amount > seen.max ? amount : seen.max,
      });
    }
  }
  return [...ranges.values()];
}

export const textIn = (texts: ProductTexts, locale: Locale): ProductText => texts[locale] ?? texts.en;

/** Where a product may go; a draft becomes visible once, and what was visible is never a draft again. */
export const PRODUCT_TRANSITIONS: Readonly<Record<ProductStatus, readonly ProductStatus[]>> = {
  draft: ['active', 'withdrawn'],
  active: ['withdrawn'],
  withdrawn: ['active'],
};

/** @throws DomainError transition_not_allowed */
export function checkTransition(from: ProductStatus, to: ProductStatus): void {
  if (from !== to && !PRODUCT_TRANSITIONS[from].includes(to)) {
    throw new DomainError('transition_not_allowed', `a product cannot go from ${from} to ${to}`);
  }
}

/** @throws DomainError version_conflict, with the current version, when somebody else has changed it since */
export function checkVersion(what: string, current: number, expected: number | undefined): void {
  if (expected !== undefined && expected !== current) throw versionConflict(what, current);
}

export const versionConflict = (what: string, current?: number): DomainError =>
  new DomainError('version_conflict', `the ${what} has been changed since: read it again`, {
    ...(current === undefined ? {} : { facts: { currentVersion: current } }),
  });

/** The product with one of its variants replaced. @throws DomainError not_found */
export function withVariant(product: Product, id: string, change: (variant: Variant) => Variant): Product {
  if (!product.variants.some((v) => v.id === id)) throw notFound('variant');
  return { ...product, variants: product.variants.map((v) => (v.id === id ? change(v) : v)) };
}

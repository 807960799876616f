import { isCountry } from '../shared/country.ts';
import { currencyExponent } from '../shared/currency.ts';
import { DomainError, invalidField } from '../shared/errors.ts';
import { newId } from '../shared/ids.ts';
import type { Money } from '../shared/money.ts';
import type { Nomenclature } from './nomenclature.ts';
import type { Product, ProductImage, ProductStatus, Variant, VariantStatus } from './product.ts';

export const SLUG = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;
/** Upper case, so that two SKUs never differ by case alone. */
export const SKU = /^[A-Z0-9](?:[A-Z0-9._-]{0,38}[A-Z0-9])?$/;
export const HS_CODE = /^\d{6,10}$/;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** Far above any price, and low enough that an order's total stays an exact integer everywhere. */
const MAX_PRICE = 999_999_999_999n;

export type VariantInput = Omit<Variant, 'id' | 'status'>;
export type VariantChange = Partial<Omit<Variant, 'id' | 'prices'>>;

export interface ProductInput
  extends Omit<Product, 'id' | 'images' | 'variants' | 'createdAt' | 'updatedAt' | 'version' | 'status'> {
  readonly status: Exclude<ProductStatus, 'withdrawn'>;
  readonly images: readonly Omit<ProductImage, 'id'>[];
  readonly variants: readonly VariantInput[];
}

/** What is absent stays as it is. */
export type ProductChange = Partial<Omit<ProductInput, 'variants' | 'status'>> & {
  readonly status?: ProductStatus;
};

export const newVariant = (input: VariantInput, status: VariantStatus = 'active'): Variant => ({
  id: newId(),
  ...input,
  status,
});

export const newProduct = (input: ProductInput, at: Date): Product => ({
  ...input,
  id: newId(),
  images: withIds(input.images),
  variants: input.variants.map((v) => newVariant(v)),
  createdAt: at,
  updatedAt: at,
  version: 1,
});

const withIds = (images: readonly Omit<ProductImage, 'id'>[]): ProductImage[] =>
  images.map((image) => ({ id: newId(), url: image.url, alt: image.alt }));

export function changeProduct(product: Product, change: ProductChange, at: Date): Product {
  const { images, ...rest } = change;
  return { ...product, ...rest, ...(images ? { images: withIds(images) } : {}), updatedAt: at };
}

/** The rules that need nothing but the product. @throws DomainError with the path of the field */
export function checkProduct(product: Product): void {
  if (!SLUG.test(product.slug) || UUID.test(product.slug)) {
    throw invalidField('slug', 'a slug is lower-case letters and digits with single hyphens, and no id');
  }
  if (product.brand.includes(',')) throw invalidField('brand', 'a brand has no comma: lists of brands do');
  if (!HS_CODE.test(product.hsCode)) throw invalidField('hsCode', 'an HS code has 6 to 10 digits');
  if (!isCountry(product.originCountry)) {
    throw invalidField('originCountry', 'not an assigned ISO 3166-1 alpha-2 code', 'unknown_country');
  }
  for (const variant of product.variants) checkVariant(variant);
  checkDistinctOptions(product.variants);
}

function checkVariant(variant: Variant): void {
  if (!SKU.test(variant.sku)) {
    throw invalidField('sku', 'a SKU is up to 40 upper-case letters, digits, dots, hyphens and underscores');
  }
  checkPrices(variant.prices);
}

function checkPrices(prices: readonly Money[]): void {
  const seen = new Set<string>();
  for (const { amount, currency } of prices) {
    currencyExponent(currency);
    if (amount <= 0n || amount > MAX_PRICE)
      throw invalidField('prices', `the price in ${currency} is out of bounds`);
    if (seen.has(currency)) throw invalidField('prices', `two prices in ${currency}`);
    seen.add(currency);
  }
}

/** @throws DomainError already_exists when two variants offer the same options: a buyer could not tell them apart */
function checkDistinctOptions(variants: readonly Variant[]): void {
  const seen = new Set<string>();
  for (const variant of variants) {
    if (variant.status !== 'active') continue;
    const key = JSON.stringify(Object.entries(variant.options).sort(([a], [b]) => (a < b ? -1 : 1)));
    if (seen.has(key)) {
      throw new DomainError('already_exists', `variant ${variant.sku} has the options of another`, {
        issues: [{ path: 'options', message: 'another variant on sale has the same options' }],
      });
    }
    seen.add(key);
  }
}

/** @throws DomainError validation_failed when the Harmonized System has no such subheading */
export async function checkHsCode(nomenclature: Nomenclature, hsCode: string): Promise<void> {
  if (!(await nomenclature.hasSubheading(hsCode.slice(0, 6)))) {
    throw invalidField('hsCode', `HS 2022 has no subheading ${hsCode.slice(0, 6)}`);
  }
}

import type { Names } from '../../../domain/catalog/category.ts';
import { type Product, priceRanges, textIn } from '../../../domain/catalog/product.ts';
import { documentTerms, foldedName } from '../../../domain/catalog/search-terms.ts';
import { LOCALES, type Locale } from '../../../domain/shared/locale.ts';
import type { SqlParam } from '../values.ts';

type Row = readonly SqlParam[];

export const PRODUCT_COLUMNS = [
  'id',
  'slug',
  'category_id',
  'brand',
  'hs_code',
  'origin_country',
  'is_hot',
  'is_new',
  'status',
  'image_url',
  'created_at',
  'updated_at',
  'version',
] as const;

export const productRow = (p: Product): Row => [
  p.id,
  p.slug,
  p.categoryId,
  p.brand,
  p.hsCode,
  p.originCountry,
  p.isHot,
  p.isNew,
  p.status,
  p.images[0]?.url ?? null,
  p.createdAt,
  p.updatedAt,
  p.version,
];

export const TRANSLATION_COLUMNS = ['product_id', 'locale', 'name', 'description'] as const;
export const translationRows = (p: Product): Row[] =>
  LOCALES.flatMap((locale) => {
    const text = p.texts[locale];
    return text ? [[p.id, locale, text.name, text.description]] : [];
  });

export const IMAGE_COLUMNS = ['id', 'product_id', 'url', 'alt', 'position'] as const;
export const imageRows = (p: Product): Row[] =>
  p.images.map((image, i) => [image.id, p.id, image.url, image.alt, i]);

export const VARIANT_COLUMNS = [
  'id',
  'product_id',
  'sku',
  'options',
  'weight_grams',
  'length_mm',
  'width_mm',
  'height_mm',
  'status',
  'position',
] as const;
export const variantRows = (p: Product): Row[] =>
  p.variants.map((v, i) => [
    v.id,
    p.id,
    v.sku,
    JSON.stringify(v.options),
    v.weightGrams,
    v.lengthMm,
    v.widthMm,
    v.heightMm,
    v.status,
    i,
  ]);

export const PRICE_COLUMNS = ['variant_id', 'currency', 'amount'] as const;
export const priceRows = (p: Product): Row[] =>
  p.variants.flatMap((v) => v.prices.map((price) => [v.id, price.currency, price.amount]));

export const PRICE_RANGE_COLUMNS = ['product_id', 'currency', 'min_amount', 'max_amount'] as const;
export const priceRangeRows = (p: Product): Row[] =>
  priceRanges(p).map((range) => [p.id, range.currency, range.min, range.max]);

export const SEARCH_COLUMNS = ['product_id', 'locale', 'name', 'sort_name', 'body'] as const;

/** One row for every language the shop speaks, so that lists need no fallback of their own. */
export const searchRows = (p: Product, category: Names): Row[] =>
  LOCALES.map((locale) => {
    const { name } = textIn(p.texts, locale);
    return [p.id, locale, name, foldedName(name).slice(0, 200), searchBody(p, category, locale)];
  });

function searchBody(p: Product, category: Names, locale: Locale): string {
  const { name, description } = textIn(p.texts, locale);
  const skus = p.variants.filter((v) => v.status === 'active').map((v) => v.sku);
  const text = [name, p.brand, ...skus, category[locale] ?? category.en, description].join(' ');
  return documentTerms(text, locale).join(' ');
}

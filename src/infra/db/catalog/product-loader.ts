import type {
  Product,
  ProductImage,
  ProductStatus,
  ProductText,
  ProductTexts,
  Variant,
  VariantStatus,
} from '../../../domain/catalog/product.ts';
import { isLocale, type Locale } from '../../../domain/shared/locale.ts';
import type { Money } from '../../../domain/shared/money.ts';
import type { Sql } from '../sql.ts';
import {
  type RawBoolean,
  type RawDate,
  type RawInteger,
  type RawJson,
  toBigint,
  toBool,
  toDate,
  toInt,
  toJson,
} from '../values.ts';

interface ProductRow {
  id: string;
  slug: string;
  category_id: string;
  brand: string;
  hs_code: string;
  origin_country: string;
  is_hot: RawBoolean;
  is_new: RawBoolean;
  status: ProductStatus;
  created_at: RawDate;
  updated_at: RawDate;
  version: RawInteger;
}

interface VariantRow {
  id: string;
  sku: string;
  options: RawJson;
  weight_grams: RawInteger;
  length_mm: RawInteger;
  width_mm: RawInteger;
  height_mm: RawInteger;
  status: VariantStatus;
}

interface PriceRow {
  variant_id: string;
  currency: string;
  amount: RawInteger;
}

/** The whole aggregate, withdrawn variants and every language included. */
export async function loadProduct(sql: Sql, id: string): Promise<Product | undefined> {
  const [row] = await sql.query<ProductRow>('SELECT * FROM products WHERE id = ?', [id]);
  if (row === undefined) return undefined;
  return {
    id: row.id,
    slug: row.slug,
    categoryId: row.category_id,
    brand: row.brand,
    hsCode: row.hs_code,
    originCountry: row.origin_country,
    isHot: toBool(row.is_hot),
    isNew: toBool(row.is_new),
    status: row.status,
    texts: await loadTexts(sql, id),
    images: await sql.query<ProductImage>(
      'SELECT id, url, alt FROM product_images WHERE product_id = ? ORDER BY position',
      [id],
    ),
    variants: await loadVariants(sql, id),
    createdAt: toDate(row.created_at),
    updatedAt: toDate(row.updated_at),
    version: toInt(row.version),
  };
}

async function loadTexts(sql: Sql, id: string): Promise<ProductTexts> {
  const rows = await sql.query<ProductText & { locale: string }>(
    'SELECT locale, name, description FROM product_translations WHERE product_id = ?',
    [id],
  );
  const texts: Partial<Record<Locale, ProductText>> = {};
  for (const { locale, name, description } of rows)
    if (isLocale(locale)) texts[locale] = { name, description };
  if (texts.en === undefined) throw new Error(`product ${id} has no English text`);
  return { ...texts, en: texts.en };
}

async function loadVariants(sql: Sql, id: string): Promise<Variant[]> {
  const rows = await sql.query<VariantRow>('SELECT * FROM variants WHERE product_id = ? ORDER BY position', [
    id,
  ]);
  const prices = await sql.query<PriceRow>(
    'SELECT p.variant_id, p.currency, p.amount FROM prices p JOIN variants v ON v.id = p.variant_id WHERE v.product_id = ? ORDER BY p.currency',
    [id],
  );
  const byVariant = new Map<string, Money[]>(rows.map((row) => [row.id, []]));
  for (const p of prices)
    byVariant.get(p.variant_id)?.push({ amount: toBigint(p.amount), currency: p.currency });
  return rows.map((row) => ({
    id: row.id,
    sku: row.sku,
    ...toMeasures(row),
    options: toOptions(row.options),
    status: row.status,
    prices: byVariant.get(row.id) ?? [],
  }));
}

type MeasureRow = Pick<VariantRow, 'weight_grams' | 'length_mm' | 'width_mm' | 'height_mm'>;
type Measures = Pick<Variant, 'weightGrams' | 'lengthMm' | 'widthMm' | 'heightMm'>;

export const toMeasures = (row: MeasureRow): Measures => ({
  weightGrams: toInt(row.weight_grams),
  lengthMm: toInt(row.length_mm),
  widthMm: toInt(row.width_mm),
  heightMm: toInt(row.height_mm),
});

/** Options are written by this program only, as an object of strings. */
export const toOptions = (value: RawJson): Variant['options'] => toJson(value) as Variant['options'];

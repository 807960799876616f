import type { ProductDetail, VariantDetail } from '../../../domain/catalog/catalog.read-model.ts';
import type { ProductImage } from '../../../domain/catalog/product.ts';
import type { Locale } from '../../../domain/shared/locale.ts';
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
} from '../values.ts';
import { toMeasures, toOptions } from './product-loader.ts';

interface HeadRow {
  id: string;
  slug: string;
  brand: string;
  hs_code: string;
  origin_country: string;
  is_hot: RawBoolean;
  is_new: RawBoolean;
  created_at: RawDate;
  updated_at: RawDate;
  text_locale: Locale;
  name: string;
  description: string;
  category_slug: string;
  category_path: string;
  category_name: string | null;
  image_id: string | null;
  image_url: string | null;
  image_alt: string | null;
}

interface VariantRow {
  id: string;
  sku: string;
  options: RawJson;
  weight_grams: RawInteger;
  length_mm: RawInteger;
  width_mm: RawInteger;
  height_mm: RawInteger;
  available: RawInteger;
  currency: string | null;
  amount: RawInteger | null;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** A row per image. */
const HEAD = `SELECT p.id, p.slug, p.brand, p.hs_code, p.origin_country, p.is_hot, p.is_new, p.created_at, p.updated_at,
  t.locale AS text_locale, t.name, t.description, c.slug AS category_slug, c.path AS category_path,
  COALESCE(ct.name, ce.name) AS category_name, i.id AS image_id, i.url AS image_url, i.alt AS image_alt
FROM products p
JOIN product_translations t ON t.product_id = p.id AND t.locale IN (?, 'en')
JOIN categories c ON c.id = p.category_id
LEFT JOIN category_translations ct ON ct.category_id = c.id AND ct.locale = ?
LEFT JOIN category_translations ce ON ce.category_id = c.id AND ce.locale = 'en'
LEFT JOIN product_images i ON i.product_id = p.id`;

/** A row per variant and currency. */
const VARIANTS = `SELECT v.id, v.sku, v.options, v.weight_grams, v.length_mm, v.width_mm, v.height_mm,
  (SELECT COALESCE(SUM(s.on_hand - s.reserved), 0) FROM stock_levels s WHERE s.variant_id = v.id) AS available,
  pr.currency, pr.amount
FROM variants v LEFT JOIN prices pr ON pr.variant_id = v.id
WHERE v.product_id = ? AND v.status = 'active' ORDER BY v.position, pr.currency`;

/** Two statements, whatever the number of variants, prices, images and warehouses. */
export async function loadDetail(
  sql: Sql,
  idOrSlug: string,
  locale: Locale,
): Promise<ProductDetail | undefined> {
  const column = UUID.test(idOrSlug) ? 'id' : 'slug';
  const all = await sql.query<HeadRow>(
    `${HEAD} WHERE p.${column} = ? AND p.status = 'active' ORDER BY i.position`,
    [locale, locale, idOrSlug],
  );
  const translated = all.filter((row) => row.text_locale === locale);
  const rows = translated.length > 0 ? translated : all;
  const [head] = rows;
  if (head === undefined) return undefined;
  const variants = await sql.query<VariantRow>(VARIANTS, [head.id]);
  return {
    id: head.id,
    slug: head.slug,
    locale: head.text_locale,
    name: head.name,
    description: head.description,
    brand: head.brand,
    hsCode: head.hs_code,
    originCountry: head.origin_country,
    category: {
      slug: head.category_slug,
      path: head.category_path,
      name: head.category_name ?? head.category_slug,
    },
    isHot: toBool(head.is_hot),
    isNew: toBool(head.is_new),
    images: rows.flatMap(toImage),
    variants: toVariants(variants),
    createdAt: toDate(head.created_at),
    updatedAt: toDate(head.updated_at),
  };
}

const toImage = (row: HeadRow): ProductImage[] =>
  row.image_id === null ? [] : [{ id: row.image_id, url: row.image_url ?? '', alt: row.image_alt ?? '' }];

function toVariants(rows: readonly VariantRow[]): VariantDetail[] {
  const variants = new Map<string, VariantDetail & { prices: Money[] }>();
  for (const row of rows) {
    let variant = variants.get(row.id);
    if (variant === undefined) {
      variant = {
        id: row.id,
        sku: row.sku,
        options: toOptions(row.options),
        ...toMeasures(row),
        prices: [],
        available: toInt(row.available),
      };
      variants.set(row.id, variant);
    }
    if (row.currency !== null && row.amount !== null) {
      variant.prices.push({ amount: toBigint(row.amount), currency: row.currency });
    }
  }
  return [...variants.values()];
}

import { z } from 'zod';
import { PRODUCT_STATUSES, VARIANT_STATUSES } from '../../domain/catalog/product.ts';
import { HS_CODE, SKU, SLUG } from '../../domain/catalog/product-input.ts';
import { countryField, currencyField, idField, pageParams, pageView, patchOf, textField } from '../fields.ts';
import { ImageView, StaffVariantView } from './product.schema.ts';

export const slugField = (max: number) =>
  z.string().max(max).regex(SLUG, 'lower-case letters and digits with single hyphens, such as oak-table');

export const versionField = z
  .int()
  .positive()
  .meta({ description: 'The version you read; 409 version_conflict when it has changed since' });

const ProductTextBody = z.strictObject({ name: textField(200), description: z.string().max(10_000) });
const TextsBody = z.strictObject({
  en: ProductTextBody,
  zh: ProductTextBody.exactOptional(),
  es: ProductTextBody.exactOptional(),
  de: ProductTextBody.exactOptional(),
});

const PriceBody = z.strictObject({
  amount: z.string().regex(/^[1-9]\d{0,11}$/, 'whole minor units above zero, such as 1999'),
  currency: currencyField,
});
const pricesField = z
  .array(PriceBody)
  .max(50)
  .refine(
    (prices) => new Set(prices.map((p) => p.currency)).size === prices.length,
    'one price per currency',
  );

const millimetres = z.int().min(1).max(100_000);
const variantFields = {
  sku: z.string().regex(SKU, 'up to 40 upper-case letters, digits, dots, hyphens and underscores'),
  options: z
    .record(textField(40), textField(80))
    .refine((options) => Object.keys(options).length <= 10, 'at most 10 options')
    .meta({ description: 'What tells this variant from the others', example: { colour: 'black' } }),
  weightGrams: z.int().min(1).max(1_000_000),
  dimensions: z.strictObject({ lengthMm: millimetres, widthMm: millimetres, heightMm: millimetres }),
};
export const VariantBody = z.strictObject({
  ...variantFields,
  options: variantFields.options.default({}),
  prices: pricesField.default([]),
});
export const NewVariantBody = VariantBody.extend({ version: versionField.exactOptional() });
export const VariantPatch = z.strictObject({
  ...patchOf(variantFields),
  status: z.enum(VARIANT_STATUSES).exactOptional(),
  version: versionField,
});
export const PricesBody = z.strictObject({ prices: pricesField, version: versionField.exactOptional() });

/** An absolute http(s) address, or a path on this server (`/media/...`). */
const imageUrl = z
  .string()
  .max(500)
  .refine((url) => /^\/(?!\/)[^\s]*$/.test(url) || (/^https?:\/\//.test(url) && URL.canParse(url)), {
    error: 'an http(s) address, or a path that begins with /',
  });
const imagesField = z.array(z.strictObject({ url: imageUrl, alt: z.string().max(200).default('') })).max(20);

const productFields = {
  slug: slugField(120),
  categoryId: idField,
  brand: textField(80),
  hsCode: z
    .string()
    .regex(HS_CODE, '6 to 10 digits')
    .meta({ description: 'Harmonized System 2022', example: '851830' }),
  originCountry: countryField,
  isHot: z.boolean(),
  isNew: z.boolean(),
  translations: TextsBody,
};

export const ProductBody = z.strictObject({
  ...productFields,
  isHot: productFields.isHot.default(false),
  isNew: productFields.isNew.default(false),
  status: z.enum(['draft', 'active']).default('draft'),
  images: imagesField.default([]),
  variants: z.array(VariantBody).max(100).default([]),
});

export const ProductPatch = z.strictObject({
  ...patchOf(productFields),
  status: z.enum(PRODUCT_STATUSES).exactOptional(),
  images: imagesField.exactOptional(),
  version: versionField,
});

const TextView = z.object({ name: z.string(), description: z.string() });

/** What staff see and edit: every language, every variant, the version. */
export const StaffProductView = z
  .object({
    id: z.string(),
    slug: z.string(),
    categoryId: z.string(),
    brand: z.string(),
    hsCode: z.string(),
    originCountry: z.string(),
    isHot: z.boolean(),
    isNew: z.boolean(),
    status: z.enum(PRODUCT_STATUSES),
    translations: z.object({
      en: TextView,
      zh: TextView.exactOptional(),
      es: TextView.exactOptional(),
      de: TextView.exactOptional(),
    }),
    images: z.array(ImageView),
    variants: z.array(StaffVariantView),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
    version: z.int(),
  })
  .meta({ id: 'StaffProduct' });

export const StaffListParams = z.strictObject({
  ...pageParams,
  status: z.enum(PRODUCT_STATUSES).exactOptional(),
  q: textField(100).exactOptional().meta({ description: 'The beginning of a slug, a SKU or a brand' }),
});

export const StaffProductPageView = pageView(
  z.object({
    id: z.string(),
    slug: z.string(),
    name: z.string(),
    brand: z.string(),
    status: z.enum(PRODUCT_STATUSES),
    variantCount: z.int(),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
    version: z.int(),
  }),
).meta({ id: 'StaffProductPage' });

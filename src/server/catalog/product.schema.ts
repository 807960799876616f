import { z } from 'zod';
import { PRODUCT_SORTS } from '../../domain/catalog/catalog.read-model.ts';
import { SEARCH_MAX_LENGTH } from '../../domain/catalog/search-terms.ts';
import { booleanParam, currencyField, localeField, MoneyView, pageParams, pageView } from '../fields.ts';

const slugParam = z.string().min(1).max(120);
const priceBound = z
  .string()
  .regex(/^\d{1,15}$/, 'whole minor units, such as 1999')
  .transform(BigInt)
  .exactOptional();

const brands = z
  .union([z.string().max(1000), z.array(z.string().max(1000)).max(50)])
  .transform((value) => [
    ...new Set([value].flat().flatMap((v) => v.split(',').map((brand) => brand.trim()))),
  ])
  .transform((values) => values.filter((v) => v !== ''))
  .refine((values) => values.length <= 50, 'at most 50 brands')
  .default([])
  .meta({ description: 'Repeatable, or separated by commas: any of them' });

export const ProductListParams = z
  .strictObject({
    ...pageParams,
    lang: localeField.exactOptional(),
    category: slugParam
      .exactOptional()
      .meta({ description: 'Slug of a category; its descendants count too' }),
    brand: brands,
    currency: currencyField.default('EUR'),
    minPrice: priceBound.meta({ description: 'Lowest price, minor units of `currency`, included' }),
    maxPrice: priceBound.meta({ description: 'Highest price, minor units of `currency`, included' }),
    inStock: booleanParam.exactOptional(),
    hot: booleanParam.exactOptional(),
    new: booleanParam.exactOptional(),
    q: z.string().trim().min(1).max(SEARCH_MAX_LENGTH).exactOptional().meta({
      description:
        'Words that must all occur, each as the beginning of a word (a single letter as a whole one); the first ten count',
    }),
    sort: z.enum(PRODUCT_SORTS).exactOptional().meta({
      description:
        'Default: relevance with `q`, newest without. By price: only products that have a price in `currency`.',
    }),
  })
  .refine((query) => query.sort !== 'relevance' || query.q !== undefined, {
    path: ['sort'],
    error: 'relevance needs q',
  })
  .refine(
    ({ minPrice, maxPrice }) => minPrice === undefined || maxPrice === undefined || minPrice <= maxPrice,
    {
      path: ['minPrice'],
      error: 'is above maxPrice',
    },
  );

export const ProductParams = z.strictObject({
  id: z.string().min(1).max(120).meta({ description: 'Id; for reading, the slug as well' }),
});
export const DetailParams = z.strictObject({ lang: localeField.exactOptional() });

export const ProductSummaryView = z
  .object({
    id: z.string(),
    slug: z.string(),
    name: z.string(),
    brand: z.string(),
    category: z.object({ slug: z.string(), name: z.string() }),
    imageUrl: z.string().nullable(),
    price: z
      .object({ from: MoneyView, to: MoneyView })
      .nullable()
      .meta({ description: 'The range over the variants; null when it is not sold in this currency' }),
    inStock: z.boolean(),
    isHot: z.boolean(),
    isNew: z.boolean(),
  })
  .meta({ id: 'ProductSummary' });

export const ProductPageView = pageView(ProductSummaryView).meta({ id: 'ProductPage' });

export const DimensionsView = z.object({ lengthMm: z.int(), widthMm: z.int(), heightMm: z.int() });
const OptionsView = z.record(z.string(), z.string());
export const ImageView = z.object({ id: z.string(), url: z.string(), alt: z.string() });

const variantFields = {
  id: z.string(),
  sku: z.string(),
  options: OptionsView,
  prices: z.array(MoneyView),
  weightGrams: z.int(),
  dimensions: DimensionsView,
};

export const ProductDetailView = z
  .object({
    id: z.string(),
    slug: z.string(),
    locale: z.string().meta({ description: 'the language of name and description' }),
    name: z.string(),
    description: z.string(),
    brand: z.string(),
    hsCode: z.string(),
    originCountry: z.string(),
    category: z.object({ slug: z.string(), path: z.string(), name: z.string() }),
    isHot: z.boolean(),
    isNew: z.boolean(),
    images: z.array(ImageView),
    variants: z.array(
      z.object({
        ...variantFields,
        available: z.int().meta({ description: 'not reserved, over all warehouses' }),
      }),
    ),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .meta({ id: 'ProductDetail' });

export const StaffVariantView = z.object({ ...variantFields, status: z.string() });

import type { Product, ProductText } from '../domain/catalog/product.ts';
import type { StockLevel } from '../domain/inventory/stock.ts';
import { LOCALES, type Locale } from '../domain/shared/locale.ts';
import { type Random, randomOf } from './random.ts';
import { SAMPLE_EPOCH, sampleId } from './sample-id.ts';
import type { SampleSource, SourceProduct } from './sample-source.ts';
import { sampleVariants } from './sample-variants.ts';

export const SAMPLE_SIZES = ['small', 'medium', 'large'] as const;
export type SampleSize = (typeof SAMPLE_SIZES)[number];

/** Products of a size: `small` is exactly what is written by hand. */
export const sampleCount = (source: SampleSource, size: SampleSize): number =>
  ({ small: source.products.length, medium: 1_000, large: 50_000 })[size];

export interface SampleProduct {
  readonly product: Product;
  readonly stock: readonly StockLevel[];
}

/** Coprime to the number of series and variations, so that a small size meets all of them. */
const STRIDE = 89;
const MINUTE = 60_000;

interface Edition {
  readonly series: string;
  readonly key: string;
  readonly name: Readonly<Record<Locale, string>>;
}

/**
 * The first `count` products: those written by hand, then their series. A product's identity (slug, SKUs, ids)
 * does not depend on the seed; prices, stock, flags and brands of the series do.
 */
export function* sampleProducts(source: SampleSource, count: number, seed: number): Generator<SampleProduct> {
  const most = source.products.length * (1 + editionCount(source));
  if (count > most) throw new Error(`the sample has ${most} products at most, not ${count}`);
  for (let index = 0; index < count; index++) yield sampleProduct(source, index, seed);
}

const editionCount = (source: SampleSource): number =>
  source.variations.series.length * source.variations.finish.length;

function sampleProduct(source: SampleSource, index: number, seed: number): SampleProduct {
  const base = source.products[index % source.products.length];
  if (base === undefined) throw new Error('the sample has no products');
  const round = Math.floor(index / source.products.length);
  const edition = round === 0 ? undefined : editionOf(source, base, round - 1);
  const slug =
    edition === undefined ? base.slug : `${base.slug}-${edition.series.toLowerCase()}-${edition.key}`;
  const random = randomOf(`${seed}:${slug}`);
  const at = new Date(SAMPLE_EPOCH.getTime() + index * MINUTE);
  const product: Product = {
    id: sampleId(`product:${slug}`, at),
    slug,
    categoryId: sampleId(`category:${base.category}`),
    brand: brandOf(source, base, edition, random),
    hsCode: base.hs,
    originCountry: base.origin,
    isHot: edition === undefined ? base.hot : random.chance(4),
    isNew: edition === undefined ? base.new : random.chance(8),
    status: 'active',
    texts: texts(source, base, edition),
    images: [
      { id: sampleId(`image:${slug}`, at), url: sampleImageUrl(base.category), alt: textOf(base.name, 'en') },
    ],
    variants: sampleVariants(base, {
      slug,
      skuPrefix: `${base.category
        .replace(/[^a-z]/g, '')
        .slice(0, 3)
        .toUpperCase()}-${String(index + 1).padStart(5, '0')}`,
      options: optionsOf(base, edition),
      pricePercent: edition === undefined ? 100 : random.between(80, 135),
      at,
      shop: source.shop,
    }),
    createdAt: at,
    updatedAt: at,
    version: 1,
  };
  return { product, stock: stockOf(source, product, edition !== undefined, random) };
}

export const sampleImageUrl = (category: string): string => `/media/sample/${category}.svg`;

function editionOf(source: SampleSource, base: SourceProduct, number: number): Edition {
  const { series, [base.variation]: variations } = source.variations;
  const scattered = (number * STRIDE) % editionCount(source);
  const variation = variations[Math.floor(scattered / series.length)];
  if (variation === undefined) throw new Error(`the sample has too few ${base.variation} variations`);
  return { series: series[scattered % series.length] ?? '', key: variation.key, name: variation.name };
}

function brandOf(
  source: SampleSource,
  base: SourceProduct,
  edition: Edition | undefined,
  random: Random,
): string {
  if (edition === undefined) return base.brand;
  const { brandSuffixes } = source.variations;
  return `${base.brand} ${brandSuffixes[random.between(0, brandSuffixes.length - 1)] ?? ''}`.trim();
}

/** A series comes in one colour: the written colours would contradict it. */
function optionsOf(base: SourceProduct, edition: Edition | undefined): SourceProduct['options'] {
  if (edition === undefined || base.variation !== 'finish') return base.options;
  const kept = base.options.filter((o) => o.name !== 'colour' && o.name !== 'finish');
  return [...kept, { name: 'colour', values: [textOf(edition.name, 'en')], step: 0 }];
}

const textOf = (texts: Readonly<Record<Locale, string>>, locale: Locale): string => texts[locale];

function texts(
  source: SampleSource,
  base: SourceProduct,
  edition: Edition | undefined,
): Record<Locale, ProductText> {
  const of = (locale: Locale): ProductText => {
    const name = textOf(base.name, locale);
    const description = textOf(base.description, locale);
    if (edition === undefined) return { name, description };
    const variation = textOf(edition.name, locale);
    const sentence = textOf(source.variations.sentence[base.variation], locale);
    const blank = locale === 'zh' ? '' : ' ';
    return {
      name:
        locale === 'zh'
          ? `${name} ${edition.series} ${variation}`
          : `${name} ${edition.series}, ${variation}`,
      description: `${description}${blank}${sentence.replace('{series}', edition.series).replace('{variation}', variation)}`,
    };
  };
  const [en, zh, es, de] = LOCALES.map(of);
  if (!en || !zh || !es || !de) throw new Error('the sample lacks a language');
  return { en, zh, es, de };
}

/** What is written by hand is always in stock, so that a tour never meets an empty shelf. */
function stockOf(source: SampleSource, product: Product, isSeries: boolean, random: Random): StockLevel[] {
  return product.variants.flatMap((variant) => {
    const soldOut = isSeries && random.chance(7);
    return source.shop.warehouses.map(({ code }) => ({
      id: sampleId(`stock:${variant.sku}:${code}`, product.createdAt),
      variantId: variant.id,
      warehouseId: sampleId(`warehouse:${code}`),
      onHand: soldOut ? 0 : random.between(40, 240),
      reserved: 0,
      lowStockThreshold: 5,
      eventSequence: 0,
      updatedAt: product.updatedAt,
    }));
  });
}

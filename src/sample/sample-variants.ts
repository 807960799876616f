import type { Variant } from '../domain/catalog/product.ts';
import { divideHalfEven, money } from '../domain/shared/money.ts';
import { convert, pricePoint } from './price-points.ts';
import { sampleId } from './sample-id.ts';
import type { SampleSource, SourceProduct } from './sample-source.ts';

type Option = SourceProduct['options'][number];
type PriceLists = SampleSource['shop']['priceLists'];

export interface VariantContext {
  readonly slug: string;
  readonly skuPrefix: string;
  readonly options: readonly Option[];
  /** Per cent of the written price. */
  readonly pricePercent: number;
  readonly at: Date;
  readonly shop: SampleSource['shop'];
}

/** One combination of option values, with what they add to price and weight. */
interface Combination {
  readonly options: Readonly<Record<string, string>>;
  readonly pricePercent: number;
  readonly gramsPercent: number;
}

function combinations(options: readonly Option[]): Combination[] {
  let all: Combination[] = [{ options: {}, pricePercent: 100, gramsPercent: 100 }];
  for (const { name, values, step, gramsStep = step } of options) {
    all = all.flatMap((c) =>
      values.map((value, i) => ({
        options: { ...c.options, [name]: value },
        pricePercent: c.pricePercent + i * step,
        gramsPercent: c.gramsPercent + i * gramsStep,
      })),
    );
  }
  return all;
}

export function sampleVariants(product: SourceProduct, context: VariantContext): Variant[] {
  return combinations(context.options).map((c, i) => ({
    id: sampleId(`variant:${context.slug}:${i}`, context.at),
    sku: `${context.skuPrefix}-${i + 1}`,
    options: c.options,
    weightGrams: Math.trunc((product.grams * c.gramsPercent) / 100),
    lengthMm: product.mm[0],
    widthMm: product.mm[1],
    heightMm: product.mm[2],
    status: 'active',
    prices: prices(BigInt(product.price), c.pricePercent * context.pricePercent, context.shop),
  }));
}

/** @param perTenThousand of the written price */
function prices(
  written: bigint,
  perTenThousand: number,
  shop: { baseCurrency: string; priceLists: PriceLists },
) {
  const base = money(divideHalfEven(written * BigInt(perTenThousand), 10_000n), shop.baseCurrency);
  return shop.priceLists.map(({ currency, rate: [numerator, denominator] }) =>
    pricePoint(convert(base, currency, [BigInt(numerator), BigInt(denominator)])),
  );
}

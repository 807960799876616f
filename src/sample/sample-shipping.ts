import { type Money, money } from '../domain/shared/money.ts';
import type { ShippingMethod, ShippingRate, ShippingZone } from '../domain/shipping/shipping.ts';
import { convert } from './price-points.ts';
import { SAMPLE_EPOCH, sampleId } from './sample-id.ts';
import type { SampleSource } from './sample-source.ts';

type SourceMethod = SampleSource['shop']['shipping'][number]['methods'][number];

export interface SampleZone {
  readonly zone: ShippingZone;
  readonly methods: readonly ShippingMethod[];
  /** When they were made. */
  readonly at: Date;
}

/** Zones with their methods; the rates of other currencies follow from the price lists' fixed rates. */
export const sampleShipping = (source: SampleSource): SampleZone[] =>
  source.shop.shipping.map(({ methods, ...zone }) => {
    const zoneId = sampleId(`shipping-zone:${zone.code}`);
    return {
      at: SAMPLE_EPOCH,
      zone: { ...zone, id: zoneId, version: 1 },
      methods: methods.map((method, position) => ({
        id: sampleId(`shipping-method:${method.code}`),
        zoneId,
        code: method.code,
        name: method.name,
        basis: method.basis,
        minDays: method.days[0],
        maxDays: method.days[1],
        position,
        active: true,
        rates: ratesOf(source, method),
        version: 1,
      })),
    };
  });

function ratesOf({ shop }: SampleSource, { basis, freeOver, bands }: SourceMethod): ShippingRate[] {
  return shop.priceLists.map(({ currency, rate }) => {
    const there = (digits: string): bigint => {
      const base: Money = money(BigInt(digits), shop.baseCurrency);
      return convert(base, currency, [BigInt(rate[0]), BigInt(rate[1])]).amount;
    };
    const measure = (digits: string): bigint => (basis === 'weight' ? BigInt(digits) : there(digits));
    return {
      currency,
      freeOver: freeOver === null ? undefined : there(freeOver),
      bands: bands.map(([upTo, price]) => ({
        upTo: upTo === null ? undefined : measure(upTo),
        price: there(price),
      })),
    };
  });
}

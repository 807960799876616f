import type { ShippingBasis, ShippingMethod, ShippingRate } from '../../../domain/shipping/shipping.ts';
import { type RawBoolean, type RawJson, type SqlParam, toBool, toJson } from '../values.ts';

export interface MethodRow {
  id: string;
  zone_id: string;
  code: string;
  name: string;
  basis: ShippingBasis;
  min_days: number | null;
  max_days: number | null;
  position: number;
  active: RawBoolean;
  rates: RawJson;
  version: number;
}

/** For SELECTs with the alias `m`. */
export const METHOD_SELECT =
  'm.id, m.zone_id, m.code, m.name, m.basis, m.min_days, m.max_days, m.position, m.active, m.rates, m.version';

export const METHOD_COLUMNS = [
  'id',
  'zone_id',
  'code',
  'name',
  'basis',
  'min_days',
  'max_days',
  'position',
  'active',
  'rates',
  'updated_at',
  'version',
] as const;

/** Rates are read and replaced as a whole, so they are one JSON value; its amounts are text, which keeps every digit. */
interface RateJson {
  readonly currency: string;
  readonly freeOver: string | null;
  readonly bands: readonly { readonly upTo: string | null; readonly price: string }[];
}

const optionalBigint = (text: string | null): bigint | undefined =>
  text === null ? undefined : BigInt(text);

export const ratesJson = (rates: readonly ShippingRate[]): string =>
  JSON.stringify(
    rates.map(
      ({ currency, freeOver, bands }): RateJson => ({
        currency,
        freeOver: freeOver?.toString() ?? null,
        bands: bands.map(({ upTo, price }) => ({ upTo: upTo?.toString() ?? null, price: price.toString() })),
      }),
    ),
  );

const toRates = (raw: RawJson): ShippingRate[] =>
  (toJson(raw) as RateJson[]).map(({ currency, freeOver, bands }) => ({
    currency,
    freeOver: optionalBigint(freeOver),
    bands: bands.map(({ upTo, price }) => ({ upTo: optionalBigint(upTo), price: BigInt(price) })),
  }));

export const methodParams = (m: ShippingMethod, at: Date): SqlParam[] => [
  m.id,
  m.zoneId,
  m.code,
  m.name,
  m.basis,
  m.minDays,
  m.maxDays,
  m.position,
  m.active,
  ratesJson(m.rates),
  at,
  m.version,
];

export const toMethod = (row: MethodRow): ShippingMethod => ({
  id: row.id,
  zoneId: row.zone_id,
  code: row.code,
  name: row.name,
  basis: row.basis,
  minDays: row.min_days ?? undefined,
  maxDays: row.max_days ?? undefined,
  position: row.position,
  active: toBool(row.active),
  rates: toRates(row.rates),
  version: row.version,
});

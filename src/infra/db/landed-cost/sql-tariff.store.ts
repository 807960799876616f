import type { TariffStore } from '../../../domain/landed-cost/landed-cost.store.ts';
import type { Market } from '../../../domain/landed-cost/market.ts';
import {
  ANY_ORIGIN,
  type PerUnit,
  type TariffRate,
  type TariffUnit,
} from '../../../domain/landed-cost/tariff-rate.ts';
import { insertRows } from '../insert-rows.ts';
import { list, type Sql } from '../sql.ts';
import { type RawDate, type RawInteger, type SqlParam, toBigint, toDate, toOptionalDate } from '../values.ts';

interface Row {
  id: string;
  market: Market;
  hs_prefix: string;
  origin: string;
  programme: string;
  ad_valorem_ppm: RawInteger;
  currency: string | null;
  unit: TariffUnit | null;
  specific_micros: RawInteger | null;
  min_micros: RawInteger | null;
  max_micros: RawInteger | null;
  valid_from: RawDate;
  valid_to: RawDate | null;
  source: string;
}

const COLUMNS = [
  'id',
  'market',
  'hs_prefix',
  'origin',
  'programme',
  'ad_valorem_ppm',
  'currency',
  'unit',
  'specific_micros',
  'min_micros',
  'max_micros',
  'valid_from',
  'valid_to',
  'source',
] as const;

/** Rates per statement that is searched by key. */
const CHUNK = 100;

const KEY = 'market = ? AND hs_prefix = ? AND origin = ? AND programme = ? AND valid_from = ?';

export class SqlTariffStore implements TariffStore {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  async forGoods(
    market: Market,
    { hsCodes, origins }: { readonly hsCodes: readonly string[]; readonly origins: readonly string[] },
    at: Date,
  ): Promise<TariffRate[]> {
    const prefixes = [...new Set(hsCodes.flatMap(beginnings))];
    const from = [ANY_ORIGIN, ...new Set(origins)];
    if (prefixes.length === 0) return [];
    const rows = await this.#sql.query<Row>(
      `SELECT ${COLUMNS.join(', ')} FROM tariff_rates
       WHERE market = ? AND hs_prefix IN (${list(prefixes.length)}) AND origin IN (${list(from.length)})
         AND programme = '' AND valid_from <= ? AND (valid_to IS NULL OR valid_to > ?)`,
      [market, ...prefixes, ...from, at, at],
    );
    return rows.map(toTariff);
  }

  async put(rates: readonly TariffRate[]): Promise<void> {
    for (let start = 0; start < rates.length; start += CHUNK) {
      const chunk = rates.slice(start, start + CHUNK);
      await this.#sql.run(
        `DELETE FROM tariff_rates WHERE ${chunk.map(() => `(${KEY})`).join(' OR ')}`,
        chunk.flatMap((r) => [r.market, r.hsPrefix, r.origin, r.programme, r.validFrom]),
      );
      await insertRows(this.#sql, 'tariff_rates', COLUMNS, chunk.map(params));
    }
  }
}

/** Every prefix that a rate for it can have. */
const beginnings = (hsCode: string): string[] =>
  Array.from({ length: hsCode.length - 1 }, (_, i) => hsCode.slice(0, i + 2));

const params = (r: TariffRate): SqlParam[] => [
  r.id,
  r.market,
  r.hsPrefix,
  r.origin,
  r.programme,
  r.adValorem,
  r.perUnit?.currency,
  r.perUnit?.unit,
  r.perUnit?.specific,
  r.perUnit?.min,
  r.perUnit?.max,
  r.validFrom,
  r.validTo,
  r.source,
];

const toTariff = (row: Row): TariffRate => ({
  id: row.id,
  market: row.market,
  hsPrefix: row.hs_prefix,
  origin: row.origin,
  programme: row.programme,
  adValorem: toBigint(row.ad_valorem_ppm),
  perUnit: toPerUnit(row),
  validFrom: toDate(row.valid_from),
  validTo: toOptionalDate(row.valid_to),
  source: row.source,
});

function toPerUnit(row: Row): PerUnit | undefined {
  const { currency, unit } = row;
  if (currency === null || unit === null) return undefined;
  const optional = (value: RawInteger | null) => (value === null ? undefined : toBigint(value));
  return {
    currency,
    unit,
    specific: optional(row.specific_micros) ?? 0n,
    min: optional(row.min_micros),
    max: optional(row.max_micros),
  };
}

import { isCountry } from '../shared/country.ts';
import { type CsvRecord, readCsv } from '../shared/csv.ts';
import { isCurrency } from '../shared/currency.ts';
import { DomainError, type FieldIssue } from '../shared/errors.ts';
import type { Market } from './market.ts';
import { ANY_ORIGIN, type PerUnit, TARIFF_UNITS, type TariffRate } from './tariff-rate.ts';

/** The columns of a tariff file, in this order; the first line names them. */
export const TARIFF_COLUMNS = [
  'hsCode',
  'origin',
  'programme',
  'adValorem',
  'specific',
  'currency',
  'unit',
  'min',
  'max',
  'validFrom',
  'validTo',
  'source',
] as const;
type Column = (typeof TARIFF_COLUMNS)[number];
type Row = Readonly<Record<Column, string>>;

/** More would not be read by anybody. */
const MOST_ISSUES = 20;
const DAY = 86_400_000;

type Check = (value: string, row: Row) => string | undefined;
const expects =
  (what: string, accepts: (value: string, row: Row) => boolean): Check =>
  (value, row) =>
    accepts(value, row) ? undefined : `should be ${what}`;
const optional =
  (check: Check): Check =>
  (value, row) =>
    value === '' ? undefined : check(value, row);

const isDay = (text: string): boolean =>
  /^\d{4}-\d{2}-\d{2}$/.test(text) &&
  !Number.isNaN(Date.parse(text)) &&
  new Date(text).toISOString().startsWith(text);
const amount = expects(
  'a decimal such as 0.38, of at most 6 decimals, with currency and unit beside it',
  (value, row) => /^\d{1,9}(?:\.\d{1,6})?$/.test(value) && row.currency !== '' && row.unit !== '',
);

const CHECKS: Readonly<Record<Column, Check>> = {
  hsCode: expects('2 to 10 digits', (value) => /^\d{2,10}$/.test(value)),
  origin: expects('* or an ISO 3166-1 alpha-2 code', (value) => value === ANY_ORIGIN || isCountry(value)),
  programme: optional(
    expects('a name of at most 40 letters, digits and -', (value) => /^[\w-]{1,40}$/.test(value)),
  ),
  adValorem: expects(
    'per cent from 0 to 2000, with at most 4 decimals',
    (value) => /^\d{1,4}(?:\.\d{1,4})?$/.test(value) && decimal(value, 4) <= 20_000_000n,
  ),
  specific: optional(amount),
  currency: optional(
    expects('an ISO 4217 code, with a unit beside it', (value, row) => isCurrency(value) && row.unit !== ''),
  ),
  unit: optional(
    expects(
      TARIFF_UNITS.join(' or '),
      (value, row) => TARIFF_UNITS.some((unit) => unit === value) && row.currency !== '',
    ),
  ),
  min: optional(amount),
  max: optional(amount),
  validFrom: expects('a day such as 2026-01-01', isDay),
  validTo: optional(
    expects('the last day, not before the first', (value, row) => isDay(value) && value >= row.validFrom),
  ),
  source: expects('1 to 200 characters', (value) => value.length > 0 && value.length <= 200),
};

/**
 * The rates of a CSV file, all of them or none.
 * @param idOf makes the id of the rate with this key
 * @throws DomainError validation_failed with the line and the column of each wrong field
 */
export function readTariffFile(text: string, market: Market, idOf: (key: string) => string): TariffRate[] {
  const [head, ...records] = readCsv(text);
  if (head?.fields.join(',') !== TARIFF_COLUMNS.join(',')) {
    throw refused([{ path: 'line 1', message: `should be ${TARIFF_COLUMNS.join(',')}` }]);
  }
  const issues = records.flatMap(issuesOf);
  const rates = issues.length > 0 ? [] : records.map(({ fields }) => toRate(rowOf(fields), market, idOf));
  const seen = new Set<string>();
  rates.forEach((rate, i) => {
    const key = keyOf(rate);
    if (seen.has(key))
      issues.push({ path: `line ${records[i]?.line ?? 0}`, message: 'names the same rate again' });
    seen.add(key);
  });
  if (records.length === 0) issues.push({ path: 'line 2', message: 'should be a rate: the file has none' });
  if (issues.length > 0) throw refused(issues);
  return rates;
}

function issuesOf({ line, fields }: CsvRecord): FieldIssue[] {
  if (fields.length !== TARIFF_COLUMNS.length)
    return [
      { path: `line ${line}`, message: `should have ${TARIFF_COLUMNS.length} fields, not ${fields.length}` },
    ];
  const row = rowOf(fields);
  return TARIFF_COLUMNS.flatMap((column) => {
    const message = CHECKS[column](row[column], row);
    return message === undefined ? [] : [{ path: `line ${line}, ${column}`, message }];
  });
}

const rowOf = (fields: readonly string[]): Row =>
  Object.fromEntries(TARIFF_COLUMNS.map((column, i) => [column, fields[i]?.trim() ?? ''])) as Row;

const keyOf = ({ market, hsPrefix, origin, programme, validFrom }: TariffRate): string =>
  [market, hsPrefix, origin, programme, validFrom.toISOString().slice(0, 10)].join(':');

/** `1.25` with 4 digits is 12500n. */
function decimal(text: string, digits: number): bigint {
  const [whole = '', decimals = ''] = text.split('.');
  return BigInt(`${whole}${decimals.padEnd(digits, '0')}`);
}

function toRate(row: Row, market: Market, idOf: (key: string) => string): TariffRate {
  const rate = {
    market,
    hsPrefix: row.hsCode,
    origin: row.origin,
    programme: row.programme,
    adValorem: decimal(row.adValorem, 4),
    perUnit: perUnitOf(row),
    validFrom: new Date(row.validFrom),
    // The last day is in force to its end.
    validTo: row.validTo === '' ? undefined : new Date(Date.parse(row.validTo) + DAY),
    source: row.source,
  };
  return { ...rate, id: idOf(keyOf({ ...rate, id: '' })) };
}

function perUnitOf({ currency, unit, specific, min, max }: Row): PerUnit | undefined {
  const known = TARIFF_UNITS.find((one) => one === unit);
  if (known === undefined) return undefined;
  const micros = (text: string) => (text === '' ? undefined : decimal(text, 6));
  return { currency, unit: known, specific: micros(specific) ?? 0n, min: micros(min), max: micros(max) };
}

const refused = (issues: readonly FieldIssue[]): DomainError =>
  new DomainError(
    'validation_failed',
    `the tariff file is not right in ${issues.length} places: nothing was imported`,
    {
      issues: issues.slice(0, MOST_ISSUES),
    },
  );

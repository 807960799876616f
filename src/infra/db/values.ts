/**
 * What drivers return and take differs: SQLite gives text for dates, numbers for booleans and text for JSON where
 * MySQL gives Date, number and parsed JSON. Hand-written queries pass through these, so that a row means the same
 * on every database.
 */
export type SqlValue = string | number | bigint | boolean | Date | null;
export type SqlParam = SqlValue | undefined;

/** Driver values of an instant: SQLite text (`2026-01-02 03:04:05.678`, UTC) or a Date. */
export type RawDate = string | Date;
export type RawInteger = number | string | bigint;
export type RawBoolean = number | boolean;
export type RawJson = string | object;

export function toDate(value: RawDate): Date {
  const date = value instanceof Date ? value : new Date(`${value.replace(' ', 'T')}Z`);
  if (Number.isNaN(date.getTime())) throw new Error('the database holds a date that cannot be read');
  return date;
}

export const toOptionalDate = (value: RawDate | null): Date | undefined =>
  value === null ? undefined : toDate(value);

/** @throws Error on a number past 2^53, which has already lost digits */
export function toBigint(value: RawInteger): bigint {
  if (typeof value === 'number' && !Number.isSafeInteger(value))
    throw new Error('an integer past 2^53 lost its digits');
  return BigInt(value);
}

/** For counts and quantities: an aggregate may come as a string or as a bigint. */
export function toInt(value: RawInteger): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number)) throw new Error('not a safe integer');
  return number;
}

export const toBool = (value: RawBoolean): boolean => value === true || value === 1;

export function toJson(value: RawJson): unknown {
  return typeof value === 'string' ? (JSON.parse(value) as unknown) : value;
}

/** `2026-01-02 03:04:05.678`: sorts as text, and is what TypeORM writes on SQLite. */
export const sqliteDate = (date: Date): string => date.toISOString().replace('T', ' ').slice(0, 23);

/** What libsql can bind. */
export function sqliteParam(value: SqlParam): string | number | bigint | null {
  if (value === undefined) return null;
  if (value instanceof Date) return sqliteDate(value);
  if (typeof value === 'boolean') return value ? 1 : 0;
  return value;
}

/** mysql2 formats dates with the pool's time zone (Z); bigints travel as decimal text. */
export function mysqlParam(value: SqlParam): string | number | boolean | Date | null {
  if (value === undefined) return null;
  return typeof value === 'bigint' ? value.toString() : value;
}

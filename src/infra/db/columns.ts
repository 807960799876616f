import type { EntitySchemaColumnOptions, ValueTransformer } from 'typeorm';
import { type RawInteger, toBigint } from './values.ts';

/** Portable column types for EntitySchema: the same tables on SQLite, MySQL and MariaDB. */
type Column = EntitySchemaColumnOptions;

const bigintTransformer: ValueTransformer = {
  to: (value: bigint | null | undefined) => (typeof value === 'bigint' ? value.toString() : value),
  from: (value: RawInteger | null) => (value === null ? null : toBigint(value)),
};

export const text = (length: number, options: Partial<Column> = {}): Column => ({
  type: 'varchar',
  length,
  ...options,
});
export const id = (options: Partial<Column> = {}): Column => text(36, options);
export const primaryId = (): Column => id({ primary: true });
/** Without a bound that a reply could reach; MySQL's `text` ends at 64 KiB. */
export const largeText = (options: Partial<Column> = {}): Column => ({ type: 'longtext', ...options });
export const longText = (options: Partial<Column> = {}): Column => ({ type: 'text', ...options });
export const int = (options: Partial<Column> = {}): Column => ({ type: 'int', ...options });
/** A count that may pass two thousand million. */
export const bigInteger = (options: Partial<Column> = {}): Column => ({
  type: 'bigint',
  transformer: bigintTransformer,
  ...options,
});
/** Minor units of a currency, as bigint. */
export const amount = (options: Partial<Column> = {}): Column => bigInteger(options);
export const bool = (options: Partial<Column> = {}): Column => ({ type: 'boolean', ...options });
/** UTC, milliseconds. The precision exists on MySQL only and is added by `entities()`. */
export const datetime = (options: Partial<Column> = {}): Column => ({ type: 'datetime', ...options });
export const json = (options: Partial<Column> = {}): Column => ({ type: 'json', ...options });
export const nullable = { nullable: true } as const;

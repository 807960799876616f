import {
  type QueryRunner,
  Table,
  type TableColumnOptions,
  type TableForeignKeyOptions,
  type TableIndexOptions,
} from 'typeorm';

/**
 * The vocabulary of migrations: each is written once, and runs on every database. A migration never uses an
 * EntitySchema, which may change after it.
 */
type Column = TableColumnOptions;
type Extra = Partial<Column>;

export const isSqlite = (runner: QueryRunner): boolean => runner.dataSource.options.type === 'better-sqlite3';

export const varchar = (name: string, length: number, extra: Extra = {}): Column => ({
  name,
  type: 'varchar',
  length: String(length),
  ...extra,
});
export const uuid = (name: string, extra: Extra = {}): Column => varchar(name, 36, extra);
export const primaryUuid = (name = 'id'): Column => uuid(name, { isPrimary: true });
export const text = (name: string, extra: Extra = {}): Column => ({ name, type: 'text', ...extra });
export const largeText = (name: string, extra: Extra = {}): Column => ({ name, type: 'longtext', ...extra });
export const int = (name: string, extra: Extra = {}): Column => ({ name, type: 'int', ...extra });
export const bigint = (name: string, extra: Extra = {}): Column => ({ name, type: 'bigint', ...extra });
export const boolean = (name: string, extra: Extra = {}): Column => ({ name, type: 'boolean', ...extra });
export const json = (name: string, extra: Extra = {}): Column => ({ name, type: 'json', ...extra });
export const datetime = (name: string, extra: Extra = {}): Column => ({ name, type: 'datetime', ...extra });
export const NULL = { isNullable: true } as const;
export const PRIMARY = { isPrimary: true } as const;

export const index = (name: string, columnNames: string[], isUnique = false): TableIndexOptions => ({
  name,
  columnNames,
  isUnique,
});
export const unique = (name: string, columnNames: string[]): TableIndexOptions =>
  index(name, columnNames, true);

export const references = (
  name: string,
  columnName: string,
  table: string,
  onDelete: 'CASCADE' | 'NO ACTION' | 'SET NULL' = 'NO ACTION',
): TableForeignKeyOptions => ({
  name,
  columnNames: [columnName],
  referencedTableName: table,
  referencedColumnNames: ['id'],
  onDelete,
  onUpdate: 'NO ACTION',
});

interface Definition {
  readonly columns: Column[];
  readonly indices?: TableIndexOptions[];
  readonly foreignKeys?: TableForeignKeyOptions[];
}

export async function createTable(runner: QueryRunner, name: string, definition: Definition): Promise<void> {
  const columns = definition.columns.map((c) => spell(isSqlite(runner), c));
  await runner.createTable(
    new Table({
      name,
      columns,
      indices: definition.indices ?? [],
      foreignKeys: definition.foreignKeys ?? [],
    }),
  );
}

/** Each database spells some types in its own way, and TypeORM compares spellings when it looks for drift. */
function spell(sqlite: boolean, column: Column): Column {
  if (sqlite) return { ...column, type: SQLITE_SPELLING[column.type] ?? column.type };
  if (column.type === 'boolean') return { ...column, type: 'tinyint' };
  return column.type === 'datetime' ? { ...column, precision: 6 } : column;
}

const SQLITE_SPELLING: Readonly<Record<string, string>> = { int: 'integer', longtext: 'text' };

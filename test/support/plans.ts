import type { Connections } from '../../src/infra/db/sql.ts';
import type { SqlParam } from '../../src/infra/db/values.ts';

/** How one table of a statement is read; without a key all of it is. */
export interface Step {
  readonly table: string;
  readonly key: string;
  /** No row of the table itself is read. */
  readonly indexOnly: boolean;
  /** What was read has to be sorted. */
  readonly sorts: boolean;
}

/** As the database says that it would run the statement. */
export async function planOf(
  { kind, read }: Connections,
  { text, params }: { readonly text: string; readonly params: readonly SqlParam[] },
): Promise<Step[]> {
  if (kind === 'sqlite') {
    const rows = await read.query<{ detail: string }>(`EXPLAIN QUERY PLAN ${text}`, params);
    const sorts = rows.some(({ detail }) => detail.startsWith('USE TEMP B-TREE'));
    return rows.flatMap(({ detail }) => {
      const match = /^(?:SCAN|SEARCH) (\w+)(?: USING (COVERING )?(?:INDEX (\w+)|INTEGER PRIMARY KEY))?/.exec(
        detail,
      );
      if (match === null) return [];
      const [, table = '', covering, key = ''] = match;
      return [{ table, key, indexOnly: covering !== undefined, sorts }];
    });
  }
  const rows = await read.query<{ table: string | null; key: string | null; Extra: string | null }>(
    `EXPLAIN ${text}`,
    params,
  );
  return rows.map(({ table, key, Extra }) => ({
    table: table ?? '',
    key: key ?? '',
    indexOnly: /Using index(?! condition)/.test(Extra ?? ''),
    sorts: (Extra ?? '').includes('filesort'),
  }));
}

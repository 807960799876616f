import type { Category, Names } from '../../../domain/catalog/category.ts';
import { isLocale, type Locale } from '../../../domain/shared/locale.ts';
import { list, type Sql } from '../sql.ts';
import { type RawInteger, toInt } from '../values.ts';

interface CategoryRow {
  id: string;
  parent_id: string | null;
  slug: string;
  path: string;
  position: RawInteger;
  version: RawInteger;
}

const COLUMNS = 'id, parent_id, slug, path, position, version';

export async function loadCategory(sql: Sql, id: string): Promise<Category | undefined> {
  const [row] = await sql.query<CategoryRow>(`SELECT ${COLUMNS} FROM categories WHERE id = ?`, [id]);
  if (row === undefined) return undefined;
  return toCategory(row, await loadNames(sql, [id]));
}

/** The whole tree, in the order of siblings. */
export async function loadCategories(sql: Sql): Promise<Category[]> {
  const rows = await sql.query<CategoryRow>(`SELECT ${COLUMNS} FROM categories ORDER BY position, slug`);
  const names = await loadNames(
    sql,
    rows.map((row) => row.id),
  );
  return rows.map((row) => toCategory(row, names));
}

/** Names by category id. */
export async function loadNames(sql: Sql, ids: readonly string[]): Promise<Map<string, Names>> {
  const names = new Map<string, Partial<Record<Locale, string>>>(ids.map((id) => [id, {}]));
  if (ids.length > 0) {
    const rows = await sql.query<{ category_id: string; locale: string; name: string }>(
      `SELECT category_id, locale, name FROM category_translations WHERE category_id IN (${list(ids.length)})`,
      [...ids],
    );
    for (const { category_id, locale, name } of rows) {
      const found = names.get(category_id);
      if (found && isLocale(locale)) found[locale] = name;
    }
  }
  return new Map(
    [...names].flatMap(([id, found]) => (found.en === undefined ? [] : [[id, { ...found, en: found.en }]])),
  );
}

function toCategory(row: CategoryRow, names: ReadonlyMap<string, Names>): Category {
  return {
    id: row.id,
    parentId: row.parent_id,
    slug: row.slug,
    path: row.path,
    position: toInt(row.position),
    names: names.get(row.id) ?? { en: row.slug },
    version: toInt(row.version),
  };
}

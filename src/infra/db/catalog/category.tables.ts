import { EntitySchema } from 'typeorm';
import { id, int, nullable, primaryId, text } from '../columns.ts';

interface CategoryRow {
  id: string;
  parentId: string | null;
  slug: string;
  path: string;
  position: number;
  version: number;
}

const categoryTable = new EntitySchema<CategoryRow>({
  name: 'Category',
  tableName: 'categories',
  columns: {
    id: primaryId(),
    parentId: id(nullable),
    slug: text(60),
    path: text(500),
    position: int(),
    version: int(),
  },
  indices: [
    { name: 'uq_categories_slug', columns: ['slug'], unique: true },
    { name: 'uq_categories_path', columns: ['path'], unique: true },
    { name: 'idx_categories_parent', columns: ['parentId', 'position'] },
  ],
  foreignKeys: [
    {
      name: 'fk_categories_parent',
      target: 'Category',
      columnNames: ['parentId'],
      referencedColumnNames: ['id'],
      onDelete: 'NO ACTION',
      onUpdate: 'NO ACTION',
    },
  ],
});

interface CategoryTranslationRow {
  categoryId: string;
  locale: string;
  name: string;
}

const categoryTranslationTable = new EntitySchema<CategoryTranslationRow>({
  name: 'CategoryTranslation',
  tableName: 'category_translations',
  columns: { categoryId: id({ primary: true }), locale: text(5, { primary: true }), name: text(120) },
  foreignKeys: [
    {
      name: 'fk_category_translations_category',
      target: 'Category',
      columnNames: ['categoryId'],
      referencedColumnNames: ['id'],
      onDelete: 'CASCADE',
      onUpdate: 'NO ACTION',
    },
  ],
});

export const categoryTables = [categoryTable, categoryTranslationTable] as const;

import { z } from 'zod';
import { CATEGORY_SLUG_MAX } from '../../domain/catalog/category.ts';
import { idField, localeField, patchOf, textField } from '../fields.ts';
import { slugField, versionField } from './product-input.schema.ts';

interface CategoryNodeJson {
  id: string;
  slug: string;
  path: string;
  name: string;
  children: CategoryNodeJson[];
}

const CategoryNodeView: z.ZodType<CategoryNodeJson> = z
  .object({
    id: z.string(),
    slug: z.string(),
    path: z.string().meta({ description: 'the slugs from the root', example: 'home/kitchen/' }),
    name: z.string(),
    get children() {
      return z.array(CategoryNodeView);
    },
  })
  .meta({ id: 'CategoryNode' });

export const CategoryTreeParams = z.strictObject({ lang: localeField.exactOptional() });
export const CategoryTreeView = z.object({ items: z.array(CategoryNodeView) }).meta({ id: 'CategoryTree' });

const NamesBody = z.strictObject({
  en: textField(120),
  zh: textField(120).exactOptional(),
  es: textField(120).exactOptional(),
  de: textField(120).exactOptional(),
});
const categoryFields = {
  parentId: idField.nullable(),
  slug: slugField(CATEGORY_SLUG_MAX),
  position: z.int().min(0).max(1_000_000),
  names: NamesBody,
};

export const CategoryBody = z.strictObject({
  ...categoryFields,
  parentId: categoryFields.parentId.default(null),
  position: categoryFields.position.default(0),
});
export const CategoryPatch = z.strictObject({ ...patchOf(categoryFields), version: versionField });
export const CategoryParams = z.strictObject({ id: idField });

/** What staff see and edit. */
export const StaffCategoryView = z
  .object({
    id: z.string(),
    parentId: z.string().nullable(),
    slug: z.string(),
    path: z.string(),
    position: z.int(),
    names: z.object({
      en: z.string(),
      zh: z.string().exactOptional(),
      es: z.string().exactOptional(),
      de: z.string().exactOptional(),
    }),
    version: z.int(),
  })
  .meta({ id: 'StaffCategory' });

export const StaffCategoryListView = z
  .object({ items: z.array(StaffCategoryView) })
  .meta({ id: 'StaffCategoryList' });

import { DomainError, invalidField } from '../shared/errors.ts';
import type { Locale } from '../shared/locale.ts';

/** A name per language; English is always there, because every other language falls back to it. */
export type Names = Readonly<Partial<Record<Locale, string>>> & { readonly en: string };

export interface Category {
  readonly id: string;
  readonly parentId: string | null;
  /** Unique over the whole tree. */
  readonly slug: string;
  /** The slugs from the root, each followed by a slash: `home/kitchen/`. A descendant's path starts with it. */
  readonly path: string;
  readonly position: number;
  readonly names: Names;
  readonly version: number;
}

export const CATEGORY_SLUG_MAX = 60;
const MAX_DEPTH = 8;

export const childPath = (parent: Pick<Category, 'path'> | undefined, slug: string): string => {
  const path = `${parent?.path ?? ''}${slug}/`;
  if (path.split('/').length - 1 > MAX_DEPTH) {
    throw invalidField('parentId', `the category tree is at most ${MAX_DEPTH} levels deep`);
  }
  return path;
};

/** @throws DomainError conflict when the new parent is the category itself or lies below it */
export function checkNoCycle(category: Category, parent: Category | undefined): void {
  if (parent?.path.startsWith(category.path)) {
    throw new DomainError('conflict', `category ${category.slug} cannot be moved below itself`, {
      issues: [{ path: 'parentId', message: 'is the category itself or one of its descendants' }],
    });
  }
}

/** A category as clients see it, in one language, with its children in their order. */
export interface CategoryNode {
  readonly id: string;
  readonly slug: string;
  readonly path: string;
  readonly name: string;
  readonly children: CategoryNode[];
}

export type FlatCategory = Omit<CategoryNode, 'children'> & { readonly parentId: string | null };

const toNode = ({ id, slug, path, name }: FlatCategory): CategoryNode => ({
  id,
  slug,
  path,
  name,
  children: [],
});

/** Builds the tree from rows that are already in the order of siblings. */
export function toTree(rows: readonly FlatCategory[]): CategoryNode[] {
  const nodes = new Map(rows.map((row) => [row.id, toNode(row)]));
  const roots: CategoryNode[] = [];
  for (const { id, parentId } of rows) {
    const node = nodes.get(id);
    if (node) (parentId === null ? roots : (nodes.get(parentId)?.children ?? roots)).push(node);
  }
  return roots;
}

import { type Category, childPath } from '../domain/catalog/category.ts';
import type { Warehouse } from '../domain/inventory/stock.ts';
import { sampleId } from './sample-id.ts';
import type { SampleSource } from './sample-source.ts';

/** Parents before their children, siblings in the order in which they are written. */
export function sampleCategories(source: SampleSource): Category[] {
  const bySlug = new Map<string, Category>();
  source.categories.forEach(({ slug, parent: parentSlug, name }, position) => {
    const parent = parentSlug === null ? undefined : bySlug.get(parentSlug);
    if (parentSlug !== null && parent === undefined)
      throw new Error(`category ${slug} stands before its parent`);
    bySlug.set(slug, {
      id: sampleId(`category:${slug}`),
      parentId: parent?.id ?? null,
      slug,
      path: childPath(parent, slug),
      position,
      names: name,
      version: 1,
    });
  });
  return [...bySlug.values()];
}

export const sampleWarehouses = (source: SampleSource): Warehouse[] =>
  source.shop.warehouses.map((w) => ({ id: sampleId(`warehouse:${w.code}`), ...w }));

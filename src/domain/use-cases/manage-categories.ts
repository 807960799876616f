import { type Category, checkNoCycle, childPath, type Names } from '../catalog/category.ts';
import { checkVersion } from '../catalog/product.ts';
import { type Actor, actorLabel } from '../shared/actor.ts';
import type { Clock } from '../shared/clock.ts';
import { invalidField, notFound } from '../shared/errors.ts';
import { newId } from '../shared/ids.ts';
import type { Once } from '../shared/once.ts';
import type { Database, Tx } from './tx.ts';

export interface CategoryInput {
  readonly parentId: string | null;
  readonly slug: string;
  readonly position: number;
  readonly names: Names;
}

/** What staff do to the category tree. */
export class ManageCategories {
  readonly #db: Database;
  readonly #clock: Clock;

  constructor(ports: { readonly db: Database; readonly clock: Clock }) {
    this.#db = ports.db;
    this.#clock = ports.clock;
  }

  create(actor: Actor, input: CategoryInput, once?: Once<Category>): Promise<Category> {
    return this.#db.transaction(async (tx) => {
      const parent = await findParent(tx, input.parentId);
      const category = { ...input, id: newId(), path: childPath(parent, input.slug), version: 1 };
      await tx.catalog.insertCategory(category, parent);
      await this.#audit(tx, actor, 'category.create', category);
      return category;
    }, once);
  }

  /** Moving or renaming it changes the path of everything below. */
  update(actor: Actor, id: string, version: number, change: Partial<CategoryInput>): Promise<Category> {
    return this.#db.transaction(async (tx) => {
      const before = await mustFind(tx, id);
      checkVersion('category', before.version, version);
      const merged = { ...before, ...change };
      const parent = await findParent(tx, merged.parentId);
      checkNoCycle(before, parent);
      const after = { ...merged, path: childPath(parent, merged.slug) };
      await tx.catalog.updateCategory(before, after, parent);
      await this.#audit(tx, actor, 'category.update', after);
      return { ...after, version: after.version + 1 };
    });
  }

  /** @throws DomainError conflict when it has children or products */
  delete(actor: Actor, id: string): Promise<void> {
    return this.#db.transaction(async (tx) => {
      const category = await mustFind(tx, id);
      await tx.catalog.deleteCategory(category);
      await this.#audit(tx, actor, 'category.delete', category);
    });
  }

  #audit(tx: Tx, actor: Actor, action: string, category: Category): Promise<void> {
    return tx.audit.append({
      at: this.#clock.now(),
      actor: actorLabel(actor),
      action,
      subject: `category:${category.id}`,
      details: { path: category.path },
    });
  }
}

async function mustFind(tx: Tx, id: string): Promise<Category> {
  const category = await tx.catalog.findCategory(id);
  if (category === undefined) throw notFound('category');
  return category;
}

async function findParent(tx: Tx, parentId: string | null): Promise<Category | undefined> {
  if (parentId === null) return undefined;
  const parent = await tx.catalog.findCategory(parentId);
  if (parent === undefined) throw invalidField('parentId', 'there is no such category');
  return parent;
}

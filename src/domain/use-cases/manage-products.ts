import type { Nomenclature } from '../catalog/nomenclature.ts';
import { checkTransition, checkVersion, type Product, withVariant } from '../catalog/product.ts';
import {
  changeProduct,
  checkHsCode,
  checkProduct,
  newProduct,
  newVariant,
  type ProductChange,
  type ProductInput,
  type VariantChange,
  type VariantInput,
} from '../catalog/product-input.ts';
import { type Actor, actorLabel } from '../shared/actor.ts';
import type { Clock } from '../shared/clock.ts';
import { invalidField, notFound } from '../shared/errors.ts';
import type { Money } from '../shared/money.ts';
import type { Once } from '../shared/once.ts';
import type { Database, Tx } from './tx.ts';

interface Ports {
  readonly db: Database;
  readonly clock: Clock;
  readonly nomenclature: Nomenclature;
}

type Find = (tx: Tx) => Promise<Product | undefined>;

/**
 * What staff do to products. Every change reads the aggregate, checks the version the caller saw, applies the
 * change, and writes the whole guarded by that version: two editors cannot overwrite each other unseen.
 */
export class ManageProducts {
  readonly #ports: Ports;

  constructor(ports: Ports) {
    this.#ports = ports;
  }

  async create(actor: Actor, input: ProductInput, once?: Once<Product>): Promise<Product> {
    const product = newProduct(input, this.#ports.clock.now());
    checkProduct(product);
    await checkHsCode(this.#ports.nomenclature, product.hsCode);
    return this.#ports.db.transaction(async (tx) => {
      await mustHaveCategory(tx, product.categoryId);
      await tx.catalog.insertProduct(product);
      await this.#audit(tx, actor, 'product.create', product);
      return product;
    }, once);
  }

  async update(actor: Actor, id: string, version: number, change: ProductChange): Promise<Product> {
    if (change.hsCode !== undefined) await checkHsCode(this.#ports.nomenclature, change.hsCode);
    return this.#change(
      actor,
      'product.update',
      (tx) => tx.catalog.findProduct(id),
      version,
      async (product, tx) => {
        if (change.status !== undefined) checkTransition(product.status, change.status);
        if (change.categoryId !== undefined) await mustHaveCategory(tx, change.categoryId);
        return changeProduct(product, change, this.#ports.clock.now());
      },
    );
  }

  /** Takes it off the shelves; orders and histories keep it. Withdrawing twice is one withdrawal. */
  async withdraw(actor: Actor, id: string): Promise<void> {
    await this.#change(
      actor,
      'product.withdraw',
      (tx) => tx.catalog.findProduct(id),
      undefined,
      (product) => changeProduct(product, { status: 'withdrawn' }, this.#ports.clock.now()),
    );
  }

  async addVariant(
    actor: Actor,
    productId: string,
    version: number | undefined,
    input: VariantInput,
    once?: Once<Product>,
  ): Promise<Product> {
    const find: Find = (tx) => tx.catalog.findProduct(productId);
    const add = (product: Product): Product =>
      this.#touched({ ...product, variants: [...product.variants, newVariant(input)] });
    return this.#change(actor, 'variant.create', find, version, add, once);
  }

  async updateVariant(actor: Actor, id: string, version: number, change: VariantChange): Promise<Product> {
    return this.#change(
      actor,
      'variant.update',
      (tx) => tx.catalog.findProductOfVariant(id),
      version,
      (product) => this.#touched(withVariant(product, id, (variant) => ({ ...variant, ...change }))),
    );
  }

  /** Replaces all prices of a variant. */
  async setPrices(
    actor: Actor,
    variantId: string,
    version: number | undefined,
    prices: readonly Money[],
  ): Promise<Product> {
    return this.#change(
      actor,
      'variant.prices',
      (tx) => tx.catalog.findProductOfVariant(variantId),
      version,
      (product) => this.#touched(withVariant(product, variantId, (variant) => ({ ...variant, prices }))),
    );
  }

  #touched(product: Product): Product {
    return { ...product, updatedAt: this.#ports.clock.now() };
  }

  #change(
    actor: Actor,
    action: string,
    find: Find,
    version: number | undefined,
    apply: (product: Product, tx: Tx) => Product | Promise<Product>,
    once?: Once<Product>,
  ): Promise<Product> {
    return this.#ports.db.transaction(async (tx) => {
      const product = await find(tx);
      if (product === undefined)
        throw notFound(action.startsWith('variant.') ? 'product or variant' : 'product');
      checkVersion('product', product.version, version);
      const changed = await apply(product, tx);
      checkProduct(changed);
      await tx.catalog.updateProduct(changed);
      await this.#audit(tx, actor, action, changed);
      return { ...changed, version: changed.version + 1 };
    }, once);
  }

  #audit(tx: Tx, actor: Actor, action: string, product: Product): Promise<void> {
    return tx.audit.append({
      at: this.#ports.clock.now(),
      actor: actorLabel(actor),
      action,
      subject: `product:${product.id}`,
      details: { slug: product.slug, status: product.status },
    });
  }
}

async function mustHaveCategory(tx: Tx, id: string): Promise<void> {
  if ((await tx.catalog.findCategory(id)) === undefined)
    throw invalidField('categoryId', 'there is no such category');
}

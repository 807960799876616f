import type { Category } from '../../src/domain/catalog/category.ts';
import type { Product } from '../../src/domain/catalog/product.ts';
import type { ProductInput, VariantInput } from '../../src/domain/catalog/product-input.ts';
import type { Warehouse } from '../../src/domain/inventory/stock.ts';
import type { Actor } from '../../src/domain/shared/actor.ts';
import { ManageCategories } from '../../src/domain/use-cases/manage-categories.ts';
import { ManageProducts } from '../../src/domain/use-cases/manage-products.ts';
import { ManageStock } from '../../src/domain/use-cases/manage-stock.ts';
import { HsNomenclature } from '../../src/infra/reference/hs-nomenclature.ts';
import type { TestApp } from './setup-app.ts';

const system: Actor = { type: 'system', name: 'test' };
const nomenclature = new HsNomenclature();

export type ProductOverrides = Partial<Omit<ProductInput, 'variants'>> & {
  readonly name?: string;
  readonly variants?: readonly Partial<VariantInput>[];
  /** Units of each variant put into the default warehouse. */
  readonly stock?: number;
};

/** Makes catalogue data through the use cases that staff use, with values nobody cares about filled in. */
export class CatalogMaker {
  readonly #products: ManageProducts;
  readonly #categories: ManageCategories;
  readonly #stock: ManageStock;
  #count = 0;
  #category: Promise<Category> | undefined;
  #warehouse: Promise<Warehouse> | undefined;

  constructor({ app }: TestApp) {
    const { db, clock } = app;
    this.#products = new ManageProducts({ db, clock, nomenclature });
    this.#categories = new ManageCategories({ db, clock });
    this.#stock = new ManageStock({ db, clock });
  }

  category(slug: string, parent?: Category, names: Category['names'] = { en: slug }): Promise<Category> {
    return this.#categories.create(system, {
      slug,
      parentId: parent?.id ?? null,
      position: ++this.#count,
      names,
    });
  }

  warehouse(code = `W${++this.#count}`, country = 'DE'): Promise<Warehouse> {
    return this.#stock.addWarehouse(system, {
      code: code.padEnd(2, 'X'),
      name: `Warehouse ${code}`,
      country,
    });
  }

  /** A product on sale: by default one variant at EUR 10.00 and USD 11.00, no stock. */
  async product({ name, variants = [{}], stock, ...overrides }: ProductOverrides = {}): Promise<Product> {
    const n = ++this.#count;
    this.#category ??= overrides.categoryId === undefined ? this.category('default-category') : undefined;
    const categoryId = overrides.categoryId ?? (await this.#category)?.id ?? '';
    const product = await this.#products.create(system, {
      slug: `product-${n}`,
      categoryId,
      brand: 'Acme',
      hsCode: '851830',
      originCountry: 'CN',
      isHot: false,
      isNew: false,
      status: 'active',
      texts: { en: { name: name ?? `Product ${n}`, description: `Description ${n}` } },
      images: [],
      ...overrides,
      variants: variants.map((variant, i) => this.#variant(n, i, variant)),
    });
    if (stock !== undefined) for (const variant of product.variants) await this.stock(variant.id, stock);
    return product;
  }

  #variant(product: number, index: number, overrides: Partial<VariantInput>): VariantInput {
    return {
      sku: `SKU-${product}-${index}`,
      options: { model: String(index) },
      weightGrams: 500,
      lengthMm: 200,
      widthMm: 100,
      heightMm: 50,
      prices: [
        { amount: 1000n, currency: 'EUR' },
        { amount: 1100n, currency: 'USD' },
      ],
      ...overrides,
    };
  }

  async stock(variantId: string, delta: number, warehouse?: Warehouse): Promise<void> {
    this.#warehouse ??= this.warehouse('DEFAULT');
    const { id } = warehouse ?? (await this.#warehouse);
    await this.#stock.adjust(system, { variantId, warehouseId: id, delta, reason: 'delivery' });
  }
}

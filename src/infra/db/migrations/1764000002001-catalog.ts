import type { MigrationInterface, QueryRunner } from 'typeorm';
import {
  bigint,
  boolean,
  createTable,
  datetime,
  index,
  int,
  json,
  NULL,
  PRIMARY,
  primaryUuid,
  references,
  text,
  unique,
  uuid,
  varchar,
} from './columns.ts';

export class Catalog1764000002001 implements MigrationInterface {
  readonly name = 'Catalog1764000002001';

  async up(runner: QueryRunner): Promise<void> {
    await createCategories(runner);
    await createProducts(runner);
    await createVariants(runner);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of [
      'product_prices',
      'prices',
      'price_lists',
      'variants',
      'product_images',
      'product_translations',
      'products',
      'category_translations',
      'categories',
    ]) {
      await runner.dropTable(table);
    }
  }
}

async function createCategories(runner: QueryRunner): Promise<void> {
  await createTable(runner, 'categories', {
    columns: [
      primaryUuid(),
      uuid('parent_id', NULL),
      varchar('slug', 60),
      varchar('path', 500),
      int('position'),
      int('version'),
    ],
    indices: [
      unique('uq_categories_slug', ['slug']),
      unique('uq_categories_path', ['path']),
      index('idx_categories_parent', ['parent_id', 'position']),
    ],
    foreignKeys: [references('fk_categories_parent', 'parent_id', 'categories')],
  });
  await createTable(runner, 'category_translations', {
    columns: [uuid('category_id', PRIMARY), varchar('locale', 5, PRIMARY), varchar('name', 120)],
    foreignKeys: [references('fk_category_translations_category', 'category_id', 'categories', 'CASCADE')],
  });
}

async function createProducts(runner: QueryRunner): Promise<void> {
  await createTable(runner, 'products', {
    columns: [
      primaryUuid(),
      varchar('slug', 120),
      uuid('category_id'),
      varchar('brand', 80),
      varchar('hs_code', 10),
      varchar('origin_country', 2),
      boolean('is_hot'),
      boolean('is_new'),
      varchar('status', 20),
      varchar('image_url', 500, NULL),
      datetime('created_at'),
      datetime('updated_at'),
      int('version'),
    ],
    indices: [
      unique('uq_products_slug', ['slug']),
      index('idx_products_newest', ['status', 'created_at', 'id']),
      index('idx_products_created', ['created_at', 'id']),
      index('idx_products_category', ['category_id', 'status', 'created_at', 'id']),
      index('idx_products_brand', ['brand', 'status', 'created_at', 'id']),
    ],
    foreignKeys: [references('fk_products_category', 'category_id', 'categories')],
  });
  await createTable(runner, 'product_translations', {
    columns: [
      uuid('product_id', PRIMARY),
      varchar('locale', 5, PRIMARY),
      varchar('name', 200),
      text('description'),
    ],
    foreignKeys: [references('fk_product_translations_product', 'product_id', 'products', 'CASCADE')],
  });
  await createTable(runner, 'product_images', {
    columns: [primaryUuid(), uuid('product_id'), varchar('url', 500), varchar('alt', 200), int('position')],
    indices: [index('idx_product_images_product', ['product_id', 'position'])],
    foreignKeys: [references('fk_product_images_product', 'product_id', 'products', 'CASCADE')],
  });
}

async function createVariants(runner: QueryRunner): Promise<void> {
  await createTable(runner, 'variants', {
    columns: [
      primaryUuid(),
      uuid('product_id'),
      varchar('sku', 40),
      json('options'),
      int('weight_grams'),
      int('length_mm'),
      int('width_mm'),
      int('height_mm'),
      varchar('status', 20),
      int('position'),
    ],
    indices: [unique('uq_variants_sku', ['sku']), index('idx_variants_product', ['product_id', 'position'])],
    foreignKeys: [references('fk_variants_product', 'product_id', 'products')],
  });
  await createTable(runner, 'price_lists', {
    columns: [varchar('currency', 3, PRIMARY), boolean('tax_inclusive')],
  });
  await createTable(runner, 'prices', {
    columns: [uuid('variant_id', PRIMARY), varchar('currency', 3, PRIMARY), bigint('amount')],
    foreignKeys: [references('fk_prices_variant', 'variant_id', 'variants')],
  });
  await createTable(runner, 'product_prices', {
    columns: [
      uuid('product_id', PRIMARY),
      varchar('currency', 3, PRIMARY),
      bigint('min_amount'),
      bigint('max_amount'),
    ],
    indices: [index('idx_product_prices_lowest', ['currency', 'min_amount', 'product_id'])],
    foreignKeys: [references('fk_product_prices_product', 'product_id', 'products', 'CASCADE')],
  });
}

import { EntitySchema } from 'typeorm';
import { bool, datetime, id, int, longText, nullable, primaryId, text } from '../columns.ts';

interface ProductRow {
  id: string;
  slug: string;
  categoryId: string;
  brand: string;
  hsCode: string;
  originCountry: string;
  isHot: boolean;
  isNew: boolean;
  status: string;
  imageUrl: string | null;
  createdAt: Date;
  updatedAt: Date;
  version: number;
}

const productTable = new EntitySchema<ProductRow>({
  name: 'Product',
  tableName: 'products',
  columns: {
    id: primaryId(),
    slug: text(120),
    categoryId: id(),
    brand: text(80),
    hsCode: text(10),
    originCountry: text(2),
    isHot: bool(),
    isNew: bool(),
    status: text(20),
    imageUrl: text(500, nullable),
    createdAt: datetime(),
    updatedAt: datetime(),
    version: int(),
  },
  indices: [
    { name: 'uq_products_slug', columns: ['slug'], unique: true },
    { name: 'idx_products_newest', columns: ['status', 'createdAt', 'id'] },
    { name: 'idx_products_created', columns: ['createdAt', 'id'] },
    { name: 'idx_products_category', columns: ['categoryId', 'status', 'createdAt', 'id'] },
    { name: 'idx_products_brand', columns: ['brand', 'status', 'createdAt', 'id'] },
  ],
  foreignKeys: [
    {
      name: 'fk_products_category',
      target: 'Category',
      columnNames: ['categoryId'],
      referencedColumnNames: ['id'],
      onDelete: 'NO ACTION',
      onUpdate: 'NO ACTION',
    },
  ],
});

/** A row that belongs to one product and goes with it. */
export const ofProduct = (name: string) => ({
  name,
  target: 'Product',
  columnNames: ['productId'],
  referencedColumnNames: ['id'],
  onDelete: 'CASCADE' as const,
  onUpdate: 'NO ACTION' as const,
});

interface ProductTranslationRow {
  productId: string;
  locale: string;
  name: string;
  description: string;
}

const productTranslationTable = new EntitySchema<ProductTranslationRow>({
  name: 'ProductTranslation',
  tableName: 'product_translations',
  columns: {
    productId: id({ primary: true }),
    locale: text(5, { primary: true }),
    name: text(200),
    description: longText(),
  },
  foreignKeys: [ofProduct('fk_product_translations_product')],
});

interface ProductImageRow {
  id: string;
  productId: string;
  url: string;
  alt: string;
  position: number;
}

const productImageTable = new EntitySchema<ProductImageRow>({
  name: 'ProductImage',
  tableName: 'product_images',
  columns: { id: primaryId(), productId: id(), url: text(500), alt: text(200), position: int() },
  indices: [{ name: 'idx_product_images_product', columns: ['productId', 'position'] }],
  foreignKeys: [ofProduct('fk_product_images_product')],
});

export const productTables = [productTable, productTranslationTable, productImageTable] as const;

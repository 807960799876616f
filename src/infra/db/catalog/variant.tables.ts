import { EntitySchema } from 'typeorm';
import { amount, bool, id, int, json, primaryId, text } from '../columns.ts';
import { ofProduct } from './product.tables.ts';

interface VariantRow {
  id: string;
  productId: string;
  sku: string;
  options: unknown;
  weightGrams: number;
  lengthMm: number;
  widthMm: number;
  heightMm: number;
  status: string;
  position: number;
}

const variantTable = new EntitySchema<VariantRow>({
  name: 'Variant',
  tableName: 'variants',
  columns: {
    id: primaryId(),
    productId: id(),
    sku: text(40),
    options: json(),
    weightGrams: int(),
    lengthMm: int(),
    widthMm: int(),
    heightMm: int(),
    status: text(20),
    position: int(),
  },
  indices: [
    { name: 'uq_variants_sku', columns: ['sku'], unique: true },
    { name: 'idx_variants_product', columns: ['productId', 'position'] },
  ],
  foreignKeys: [{ ...ofProduct('fk_variants_product'), onDelete: 'NO ACTION' }],
});

interface PriceListRow {
  currency: string;
  taxInclusive: boolean;
}

const priceListTable = new EntitySchema<PriceListRow>({
  name: 'PriceList',
  tableName: 'price_lists',
  columns: { currency: text(3, { primary: true }), taxInclusive: bool() },
});

interface PriceRow {
  variantId: string;
  currency: string;
  amount: bigint;
}

const priceTable = new EntitySchema<PriceRow>({
  name: 'Price',
  tableName: 'prices',
  columns: { variantId: id({ primary: true }), currency: text(3, { primary: true }), amount: amount() },
  foreignKeys: [
    {
      name: 'fk_prices_variant',
      target: 'Variant',
      columnNames: ['variantId'],
      referencedColumnNames: ['id'],
      onDelete: 'NO ACTION',
      onUpdate: 'NO ACTION',
    },
  ],
});

interface ProductPriceRow {
  productId: string;
  currency: string;
  minAmount: bigint;
  maxAmount: bigint;
}

const productPriceTable = new EntitySchema<ProductPriceRow>({
  name: 'ProductPrice',
  tableName: 'product_prices',
  columns: {
    productId: id({ primary: true }),
    currency: text(3, { primary: true }),
    minAmount: amount(),
    maxAmount: amount(),
  },
  indices: [{ name: 'idx_product_prices_lowest', columns: ['currency', 'minAmount', 'productId'] }],
  foreignKeys: [ofProduct('fk_product_prices_product')],
});

export const variantTables = [variantTable, priceListTable, priceTable, productPriceTable] as const;

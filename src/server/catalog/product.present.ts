import type { z } from 'zod';
import type { ProductDetail, ProductSummary } from '../../domain/catalog/catalog.read-model.ts';
import type { Product, Variant } from '../../domain/catalog/product.ts';
import type { ProductChange, VariantChange, VariantInput } from '../../domain/catalog/product-input.ts';
import { moneyJson, parseMoney } from '../../domain/shared/money.ts';
import type { ProductDetailView, ProductSummaryView } from './product.schema.ts';
import type { ProductPatch, StaffProductView, VariantBody, VariantPatch } from './product-input.schema.ts';

export const presentSummary = (p: ProductSummary): z.input<typeof ProductSummaryView> => ({
  ...p,
  price: p.price && { from: moneyJson(p.price.from), to: moneyJson(p.price.to) },
});

const presentVariant = (v: Omit<Variant, 'status'>) => ({
  id: v.id,
  sku: v.sku,
  options: { ...v.options },
  prices: v.prices.map(moneyJson),
  weightGrams: v.weightGrams,
  dimensions: { lengthMm: v.lengthMm, widthMm: v.widthMm, heightMm: v.heightMm },
});

export const presentDetail = (p: ProductDetail): z.input<typeof ProductDetailView> => ({
  ...p,
  images: [...p.images],
  variants: p.variants.map((v) => ({ ...presentVariant(v), available: v.available })),
  createdAt: p.createdAt.toISOString(),
  updatedAt: p.updatedAt.toISOString(),
});

export const presentStaffProduct = ({ texts, ...p }: Product): z.input<typeof StaffProductView> => ({
  ...p,
  translations: texts,
  images: [...p.images],
  variants: p.variants.map((v) => ({ ...presentVariant(v), status: v.status })),
  createdAt: p.createdAt.toISOString(),
  updatedAt: p.updatedAt.toISOString(),
});

export const toVariantInput = ({ dimensions, prices, ...v }: z.output<typeof VariantBody>): VariantInput => ({
  sku: v.sku,
  options: v.options,
  weightGrams: v.weightGrams,
  ...dimensions,
  prices: prices.map(parseMoney),
});

export function toVariantChange({
  dimensions,
  ...change
}: Omit<z.output<typeof VariantPatch>, 'version'>): VariantChange {
  return { ...change, ...dimensions };
}

export function toProductChange({
  translations,
  ...change
}: Omit<z.output<typeof ProductPatch>, 'version'>): ProductChange {
  return { ...change, ...(translations ? { texts: translations } : {}) };
}

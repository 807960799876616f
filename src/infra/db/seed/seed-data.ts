import type { Category } from '../../../domain/catalog/category.ts';
import type { Product } from '../../../domain/catalog/product.ts';
import type { StockLevel, Warehouse } from '../../../domain/inventory/stock.ts';
import type { TariffRate } from '../../../domain/landed-cost/tariff-rate.ts';
import type { ExchangeRate } from '../../../domain/pricing/exchange-rate.ts';
import type { ShippingMethod, ShippingZone } from '../../../domain/shipping/shipping.ts';

/** What a shop has before its products. */
export interface SeedShop {
  /** Parents before their children. */
  readonly categories: readonly Category[];
  readonly warehouses: readonly Warehouse[];
  /** Zones with their methods. */
  readonly shipping: readonly SeedZone[];
  readonly exchangeRates: readonly ExchangeRate[];
  readonly tariffs: readonly TariffRate[];
  readonly priceLists: readonly { readonly currency: string; readonly taxInclusive: boolean }[];
}

export interface SeedZone {
  readonly zone: ShippingZone;
  readonly methods: readonly ShippingMethod[];
  readonly at: Date;
}

export interface SeedProduct {
  readonly product: Product;
  readonly stock: readonly StockLevel[];
}

/** Rows that were added; what was there already is not counted. */
export interface SeedCounts {
  readonly categories: number;
  readonly warehouses: number;
  readonly products: number;
  readonly variants: number;
  readonly stockLevels: number;
  /** Products that were there already, and stay as they are. */
  readonly kept: number;
}

import type { Page, PageRequest } from '../shared/page.ts';
import type { StockLevel, Warehouse } from './stock.ts';

export interface StockFilter {
  readonly variantId?: string;
  readonly warehouseId?: string;
}

export interface StockRow extends StockLevel {
  readonly sku: string;
  readonly warehouseCode: string;
}

export interface InventoryReadModel {
  /** In the order of their ids. */
  levels(filter: StockFilter, page: PageRequest): Promise<Page<StockRow>>;
  warehouses(): Promise<Warehouse[]>;
}

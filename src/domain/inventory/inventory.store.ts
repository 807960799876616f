import type { StockAdjustment, StockLevel, Warehouse } from './stock.ts';

/** Part of the transaction: see use-cases/tx.ts. */
export interface InventoryStore {
  /**
   * One conditional update, and the row that says why. The first delivery of a variant makes its stock level.
   * @returns the level after it; its eventSequence is this adjustment's, or the one after where that let it fall low
   * @throws DomainError not_found (variant or warehouse), insufficient_stock when it would fall below what is reserved
   */
  adjust(adjustment: StockAdjustment): Promise<StockLevel>;
  /** @returns the level after it, whose eventSequence is this change's; undefined when there is no such level */
  setThreshold(stockLevelId: string, threshold: number, at: Date): Promise<StockLevel | undefined>;
  /** @throws DomainError already_exists when the code is taken */
  insertWarehouse(warehouse: Warehouse): Promise<void>;
}

import type { StockAdjustment, StockLevel, Warehouse } from './stock.ts';

/** Part of the transaction: see use-cases/tx.ts. */
export interface InventoryStore {
  /**
   * One conditional update, and the row that says why. The first delivery of a variant makes its stock level.
   * @returns the level after it, whose eventSequence is this adjustment's
   * @throws DomainError not_found (variant or warehouse), insufficient_stock when it would fall below what is reserved
   */
  adjust(adjustment: StockAdjustment): Promise<StockLevel>;
  /** @throws DomainError already_exists when the code is taken */
  insertWarehouse(warehouse: Warehouse): Promise<void>;
}

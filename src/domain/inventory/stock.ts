/** What one warehouse holds of one variant. Available is on hand minus reserved, and never below zero. */
export interface StockLevel {
  readonly id: string;
  readonly variantId: string;
  readonly warehouseId: string;
  readonly onHand: number;
  readonly reserved: number;
  readonly lowStockThreshold: number;
  /** The number of the last event about this level. */
  readonly eventSequence: number;
  readonly updatedAt: Date;
}

export interface Warehouse {
  readonly id: string;
  readonly code: string;
  readonly name: string;
  readonly country: string;
}

/** A correction by staff: a delivery, a count, a loss. */
export interface StockAdjustment {
  readonly id: string;
  readonly variantId: string;
  readonly warehouseId: string;
  /** Units added (positive) or taken (negative); never 0. */
  readonly delta: number;
  readonly reason: string;
  readonly actor: string;
  readonly at: Date;
}

/** Units that staff may set as a threshold; 0 turns the warning off. */
export const MAX_THRESHOLD = 1_000_000;

export const available = (level: Pick<StockLevel, 'onHand' | 'reserved'>): number =>
  level.onHand - level.reserved;

/** Whether a change of what is available, by `delta`, has just let it fall to the threshold. */
export function fellLow(level: StockLevel, delta: number): boolean {
  const { lowStockThreshold: threshold } = level;
  return threshold > 0 && available(level) <= threshold && available(level) - delta > threshold;
}

import type { Page, PageRequest } from '../shared/page.ts';

/** What one stock event adds to the numbers of its level. */
export interface StockChange {
  readonly stockLevelId: string;
  readonly onHand: number;
  readonly reserved: number;
  /** Of the event. */
  readonly sequence: number;
  readonly at: Date;
}

/** Over all warehouses. */
export interface Availability {
  readonly variantId: string;
  readonly sku: string;
  readonly onHand: number;
  readonly reserved: number;
  readonly available: number;
  readonly updatedAt: Date;
}

/** Stock per variant as its events tell it: read without touching the rows that checkouts lock; seconds behind. */
export interface StockProjectionReadModel {
  availability(page: PageRequest): Promise<Page<Availability>>;
}

/** Part of the transaction: see use-cases/tx.ts. */
export interface StockProjectionStore {
  /** Adds the change of one event, once for each call. A level that is seen first starts with what it has now. */
  apply(change: StockChange): Promise<void>;
  /**
   * Makes the rows of at most `limit` levels after `afterId` anew from the levels themselves, while events go on.
   * @returns the last level, or undefined when there is none left
   */
  rebuild(afterId: string | undefined, limit: number, at: Date): Promise<string | undefined>;
}

import type { HistoryEntry, Order, OrderLine } from './order.ts';

/** Whose orders: one customer's, or anyone's (staff and the system). */
export type AccountScope = { readonly ownerId: string } | 'any';
/** Or the one that a guest's token opens. */
export type OrderScope = AccountScope | { readonly guestTokenHash: string };

/** Part of the transaction: see use-cases/tx.ts. */
export interface OrderStore {
  /**
   * Stores the order, its lines and the first line of its history: three statements.
   * @returns false when the number is taken: nothing was stored, try another
   */
  insert(order: Order, lines: readonly OrderLine[], first: HistoryEntry): Promise<boolean>;
  /** Whether there is such an order for them: without a lock. */
  exists(id: string, scope: OrderScope): Promise<boolean>;
  /** Reads the order and locks its row until the commit. */
  lock(id: string, scope: OrderScope): Promise<Order | undefined>;
  /** Numbers of the customer's orders that were placed with this identity and have not ended. */
  openWithIdentity(userId: string, identityId: string): Promise<readonly string[]>;
  lines(order: Order): Promise<readonly OrderLine[]>;
  /**
   * Stores what changed, and one version more.
   * @throws DomainError version_conflict when someone else changed it meanwhile
   */
  update(order: Order): Promise<Order>;
  appendHistory(entries: readonly HistoryEntry[]): Promise<void>;
}

import type { Page, PageRequest } from '../shared/page.ts';
import type { OrderReturn } from './return.ts';
import type { ReturnStatus } from './return-machine.ts';

/** Part of the transaction: see use-cases/tx.ts. The order's row is locked around every call but `orderOf`. */
export interface ReturnStore {
  /** The order of a return: whoever may see that, may see this. */
  orderOf(id: string): Promise<string | undefined>;
  ofOrder(order: { readonly id: string; readonly currency: string }): Promise<readonly OrderReturn[]>;
  insert(subject: OrderReturn): Promise<void>;
  /**
   * Stores what changed since `before`: the status, the newest line of history, and what arrived.
   * @throws DomainError version_conflict when someone else moved it meanwhile
   */
  update(before: OrderReturn, after: OrderReturn): Promise<void>;
}

export interface ReturnFilter {
  readonly status?: ReturnStatus | undefined;
}

/** Reads on the read connection. Newest first. */
export interface ReturnReadModel {
  find(id: string, ownerId: string | undefined): Promise<OrderReturn | undefined>;
  page(filter: ReturnFilter, request: PageRequest): Promise<Page<OrderReturn>>;
}

import type { Money } from '../shared/money.ts';

/** Units that were taken out of a paid order before they left the warehouse. */
export interface Cancellation {
  readonly id: string;
  readonly orderId: string;
  readonly actor: string;
  readonly reason: string | undefined;
  /** What is owed to the buyer for it: the sum of its lines. */
  readonly amount: Money;
  readonly at: Date;
  readonly lines: readonly CancelledLine[];
}

export interface CancelledLine {
  readonly orderLineId: string;
  readonly quantity: number;
  readonly amount: Money;
}

/** Part of the transaction: see use-cases/tx.ts. The order's row is locked around every call. */
export interface CancellationStore {
  ofOrder(order: { readonly id: string; readonly currency: string }): Promise<readonly Cancellation[]>;
  insert(cancellation: Cancellation): Promise<void>;
}

import type { Payment } from './payment.ts';

/** A webhook as it came, kept so that the same event has one effect. */
export interface ReceivedWebhook {
  readonly provider: string;
  readonly eventId: string;
  readonly receivedAt: Date;
  /** JSON text as signed. */
  readonly payload: string;
}

/** Part of the transaction: see use-cases/tx.ts. The order's row is locked around every change. */
export interface PaymentStore {
  /** @throws DomainError payment_in_progress when the order has an active attempt */
  insert(payment: Payment): Promise<void>;
  find(id: string): Promise<Payment | undefined>;
  ofOrder(orderId: string): Promise<readonly Payment[]>;
  /** Stores what changed. @throws DomainError version_conflict when someone else changed it meanwhile */
  update(payment: Payment): Promise<Payment>;
  /** @returns false when the provider's event was received before */
  claimWebhook(webhook: ReceivedWebhook): Promise<boolean>;
}

/** Reads on the read connection. */
export interface PaymentReadModel {
  /** Only of the owner's orders, when one is given. */
  find(id: string, ownerId?: string): Promise<Payment | undefined>;
  ofOrder(orderId: string, ownerId?: string): Promise<readonly Payment[]>;
  /** Attempts whose money must go back, oldest first. */
  toGiveBack(limit: number): Promise<readonly Payment[]>;
  /** Attempts without an outcome since before `before`, oldest first. */
  unresolved(before: Date, limit: number): Promise<readonly Payment[]>;
}

import type { Shipment } from './shipment.ts';

/** Part of the transaction: see use-cases/tx.ts. The order's row is locked around every call. */
export interface ShipmentStore {
  ofOrder(orderId: string): Promise<readonly Shipment[]>;
  insert(shipment: Shipment): Promise<void>;
  /** Stores the delivery. @throws DomainError version_conflict when it was delivered meanwhile */
  markDelivered(shipment: Shipment): Promise<void>;
}

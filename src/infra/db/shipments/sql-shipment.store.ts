import { DomainError } from '../../../domain/shared/errors.ts';
import type { ShipmentStore } from '../../../domain/shipments/shipment.store.ts';
import type { Shipment } from '../../../domain/shipments/shipment.ts';
import { insertRows } from '../insert-rows.ts';
import type { Sql } from '../sql.ts';
import { readShipments } from './shipment-reads.ts';

export class SqlShipmentStore implements ShipmentStore {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  ofOrder(orderId: string): Promise<readonly Shipment[]> {
    return readShipments(this.#sql, orderId);
  }

  async insert(shipment: Shipment): Promise<void> {
    await this.#sql.run(
      'INSERT INTO shipments (id, order_id, carrier, tracking_number, tracking_url, status, shipped_at) VALUES (?, ?, ?, ?, ?, ?, ?)',
      [
        shipment.id,
        shipment.orderId,
        shipment.carrier,
        shipment.trackingNumber,
        shipment.trackingUrl,
        shipment.status,
        shipment.shippedAt,
      ],
    );
    await insertRows(
      this.#sql,
      'shipment_lines',
      ['shipment_id', 'order_line_id', 'quantity'],
      shipment.lines.map((line) => [shipment.id, line.orderLineId, line.quantity]),
    );
  }

  async markDelivered(shipment: Shipment): Promise<void> {
    const { affected } = await this.#sql.run(
      "UPDATE shipments SET status = ?, delivered_at = ? WHERE id = ? AND status = 'shipped'",
      [shipment.status, shipment.deliveredAt, shipment.id],
    );
    if (affected !== 1)
      throw new DomainError('version_conflict', 'the shipment was delivered meanwhile', { retryAfter: 1 });
  }
}

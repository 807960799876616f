import type { Shipment, ShipmentStatus } from '../../../domain/shipments/shipment.ts';
import type { Sql } from '../sql.ts';
import { type RawDate, toDate, toOptionalDate } from '../values.ts';

interface ShipmentRow {
  id: string;
  order_id: string;
  carrier: string;
  tracking_number: string;
  tracking_url: string | null;
  status: ShipmentStatus;
  shipped_at: RawDate;
  delivered_at: RawDate | null;
  order_line_id: string;
  quantity: number;
}

/** An order's shipments with their lines, oldest first, in one statement. */
export async function readShipments(sql: Sql, orderId: string): Promise<Shipment[]> {
  const rows = await sql.query<ShipmentRow>(
    `SELECT s.id, s.order_id, s.carrier, s.tracking_number, s.tracking_url, s.status, s.shipped_at, s.delivered_at,
       l.order_line_id, l.quantity
     FROM shipments s JOIN shipment_lines l ON l.shipment_id = s.id WHERE s.order_id = ? ORDER BY s.id, l.order_line_id`,
    [orderId],
  );
  const shipments = new Map<string, Shipment>();
  for (const row of rows) {
    const before = shipments.get(row.id) ?? toShipment(row);
    const line = { orderLineId: row.order_line_id, quantity: row.quantity };
    shipments.set(row.id, { ...before, lines: [...before.lines, line] });
  }
  return [...shipments.values()];
}

const toShipment = (row: ShipmentRow): Shipment => ({
  id: row.id,
  orderId: row.order_id,
  carrier: row.carrier,
  trackingNumber: row.tracking_number,
  trackingUrl: row.tracking_url ?? undefined,
  status: row.status,
  shippedAt: toDate(row.shipped_at),
  deliveredAt: toOptionalDate(row.delivered_at),
  lines: [],
});

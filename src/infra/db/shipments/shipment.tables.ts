import { EntitySchema } from 'typeorm';
import { datetime, id, int, nullable, primaryId, text } from '../columns.ts';
import { ofOrder } from '../orders/order.tables.ts';

interface ShipmentRow {
  id: string;
  orderId: string;
  carrier: string;
  trackingNumber: string;
  trackingUrl: string | null;
  status: string;
  shippedAt: Date;
  deliveredAt: Date | null;
}

const shipmentTable = new EntitySchema<ShipmentRow>({
  name: 'Shipment',
  tableName: 'shipments',
  columns: {
    id: primaryId(),
    orderId: id(),
    carrier: text(60),
    trackingNumber: text(100),
    trackingUrl: text(500, nullable),
    status: text(20),
    shippedAt: datetime(),
    deliveredAt: datetime(nullable),
  },
  indices: [
    { name: 'idx_shipments_order', columns: ['orderId', 'id'] },
    { name: 'idx_shipments_tracking', columns: ['carrier', 'trackingNumber'] },
  ],
  foreignKeys: [ofOrder('fk_shipments_order')],
});

interface ShipmentLineRow {
  shipmentId: string;
  orderLineId: string;
  quantity: number;
}

const shipmentLineTable = new EntitySchema<ShipmentLineRow>({
  name: 'ShipmentLine',
  tableName: 'shipment_lines',
  columns: { shipmentId: id({ primary: true }), orderLineId: id({ primary: true }), quantity: int() },
  indices: [{ name: 'idx_shipment_lines_line', columns: ['orderLineId'] }],
  foreignKeys: [
    {
      name: 'fk_shipment_lines_shipment',
      target: 'Shipment',
      columnNames: ['shipmentId'],
      referencedColumnNames: ['id'],
      onDelete: 'NO ACTION',
      onUpdate: 'NO ACTION',
    },
    {
      name: 'fk_shipment_lines_line',
      target: 'OrderLine',
      columnNames: ['orderLineId'],
      referencedColumnNames: ['id'],
      onDelete: 'NO ACTION',
      onUpdate: 'NO ACTION',
    },
  ],
});

export const shipmentTables = [shipmentTable, shipmentLineTable] as const;
